"""What can be heard in a few words without understanding them: anger, and whether an answer has helped."""

import re
from typing import Literal

Reaction = Literal["helped", "missed"]

# Said of us, not of the thing that is broken: "my screen is broken" is a question.
_ANGER = re.compile(
    r"\b(ridiculous|unacceptable|outrageous|disgust\w*|scam\w*|fraudsters?|pathetic|incompeten\w*|useless|"
    r"furious|fed up|sick of|worst (service|company|support)|waste of (my )?time|lawyer|sue you|legal action|"
    r"unverschämt\w*|frechheit|betrug|anwalt|ridículo|inaceptable|estafa\w*|abogado)\b",
    re.IGNORECASE,
)
_SHOUTED_LETTERS = 12
_SHOUTING = 0.8
_EXCLAMATIONS = re.compile(r"[!?]{4,}")

# A short answer to "did that help?": what is longer tells something new, and is looked at for itself.
_MOST_WORDS = 14
_MISSED = re.compile(
    r"^(no|nope|nah|not really|nein|leider nicht|not yet)\b|\b(didn'?t|did not|doesn'?t|does not|not) help(ful)?\b|"
    r"\b(still (not|doesn'?t|does not|can'?t|cannot|won'?t|broken|the same)|"
    r"(doesn'?t|does not|didn'?t|did not) work|wrong answer|not what i (asked|meant)|hat nicht geholfen|"
    r"no me ayud\w+)\b",
    re.IGNORECASE,
)
_HELPED = re.compile(
    r"^(yes|yep|yeah|ja|sí|si)\b|\b(that|this|it) (helped|helps|works|worked|solved|fixed)\b|\b(works now|working now|"
    r"solved|problem solved|all good|perfect|hat geholfen|me ayudó)\b",
    re.IGNORECASE,
)


def is_angry(text: str) -> bool:
    """Somebody is beyond being helped by a machine."""
    if _ANGER.search(text) or _EXCLAMATIONS.search(text):
        return True
    letters = [sign for sign in text if sign.isalpha()]
    loud = sum(sign.isupper() for sign in letters)
    return len(letters) >= _SHOUTED_LETTERS and loud >= _SHOUTING * len(letters)


def reaction_to_answer(text: str) -> Reaction | None:
    """What a customer says to whether an answer has helped; None where he says something else."""
    if len(text.split()) > _MOST_WORDS:
        return None
    # First: "no, that didn't help" holds "that … help" as well.
    if _MISSED.search(text.strip()):
        return "missed"
    return "helped" if _HELPED.search(text.strip()) else None
