"""The languages of the pages."""

from pathlib import Path

import pytest

from csts.kit.words import Languages
from tests.web.catalogues import WEB, lacking, updated

CATALOGUES = sorted((WEB / "locale").glob("*.po"))


@pytest.fixture
def languages() -> Languages:
    return Languages(WEB / "locale")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_sentence_is_translated(path: Path) -> None:
    assert lacking(updated(path)) == [], "run bin/words and fill in what is empty"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_translations_keep_the_names_in_braces(path: Path) -> None:
    wrong = [message.id for message in updated(path) if any(message.string or ()) and message.check(None)]
    assert not wrong


@pytest.mark.parametrize(
    "chosen, accepted, expected",
    [
        (None, "", "en"),
        (None, "de-AT,de;q=0.9,en;q=0.5", "de"),
        (None, "fr;q=0.9, es;q=0.8, en;q=0.7", "es"),
        (None, "en;q=0.3,de;q=0.9", "de"),
        ("es", "de", "es"),
        ("../../etc", "de", "de"),
        (None, "*;q=0.5, ;;;,,, q=x", "en"),
    ],
)
def test_the_reader_s_choice_comes_before_the_browser_s(
    languages: Languages, chosen: str | None, accepted: str, expected: str
) -> None:
    assert languages.choose(chosen, accepted).code == expected


def test_scripts_get_no_words_that_only_templates_say(languages: Languages) -> None:
    german = languages.all["de"]
    assert "Retry" in german.for_scripts
    assert "For those who answer." in german.texts
    assert "For those who answer." not in german.for_scripts


def test_a_number_chooses_the_form(languages: Languages) -> None:
    german = languages.all["de"]
    assert german.tn("Screenshot", "Screenshots", 3) != german.texts["Screenshot"]
    assert languages.all["en"].tn("Screenshot", "Screenshots", 3) == "Screenshots"


def test_each_language_is_called_as_its_speakers_call_it(languages: Languages) -> None:
    assert [each.name for each in languages.all.values()] == ["English", "Deutsch", "Español"]
