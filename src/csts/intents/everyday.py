"""What people say to whoever listens, in sentences of our own: strangers to whatever a desk is about."""

from functools import cache
from importlib.resources import files

from csts.intents.space import Space
from csts.intents.terms import words

_LANGUAGES = ("en", "de", "es")
# A desk that knows fewer of the words of a language hardly speaks it.
_SPOKEN = 0.12


def everyday(space: Space) -> list[str]:
    """Sentences in the language of the known texts; none where that is not one of ours.

    Some may be about what the desk is about. They only show how strange a stranger looks, and teach no words.
    """
    known = space.columns["words"]
    said = {language: _sayings(language) for language in _LANGUAGES}
    shares = {language: _share_of(sentences, known) for language, sentences in said.items()}
    nearest = max(_LANGUAGES, key=lambda language: shares[language])
    return list(said[nearest]) if shares[nearest] >= _SPOKEN else []


@cache
def _sayings(language: str) -> tuple[str, ...]:
    return tuple(files("csts.intents").joinpath("sayings", f"{language}.txt").read_text("utf-8").splitlines())


def _share_of(sentences: tuple[str, ...], known: dict[str, int]) -> float:
    spoken = [word for sentence in sentences for word in words(sentence)]
    return sum(word in known for word in spoken) / len(spoken)
