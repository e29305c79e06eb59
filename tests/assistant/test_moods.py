"""What a few words tell without being understood."""

import pytest

from csts.assistant.moods import is_angry, reaction_to_answer

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "text",
    [
        "This is ridiculous, I have waited for three weeks",
        "you are a scam",
        "WHERE IS MY MONEY I WANT IT BACK NOW",
        "Hello???? Anybody there!!!!",
        "Ich rufe meinen Anwalt an",
    ],
)
def test_anger_is_heard(text: str) -> None:
    assert is_angry(text)


@pytest.mark.parametrize(
    "text",
    [
        "My screen is broken!",
        "The PDF says ERROR 404 when I open it",
        "Is the service useful for teams?",
        "OK",
        "",
        "Das Passwort klappt nicht",
    ],
)
def test_a_problem_is_no_anger(text: str) -> None:
    assert not is_angry(text)


@pytest.mark.parametrize(
    "text", ["Yes, that helped, thank you!", "it works now", "perfect", "Ja, hat geholfen", "That solved it"]
)
def test_help_is_confirmed(text: str) -> None:
    assert reaction_to_answer(text) == "helped"


@pytest.mark.parametrize(
    "text",
    [
        "No",
        "No, that didn't help",
        "that does not help me",
        "it still doesn't work",
        "Nein, leider nicht",
        "wrong answer",
    ],
)
def test_help_is_denied(text: str) -> None:
    assert reaction_to_answer(text) == "missed"


@pytest.mark.parametrize(
    "text",
    [
        "How do I change my address?",
        "Yes, I have tried that yesterday evening already, and then the app asked me for a code that never came",
        "",
    ],
)
def test_what_says_something_new_is_no_reaction(text: str) -> None:
    assert reaction_to_answer(text) is None
