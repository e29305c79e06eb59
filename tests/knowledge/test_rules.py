"""Which rule speaks, tried on text alone."""

import time
from typing import Any

import pytest

from csts.knowledge import defaults
from csts.knowledge.rules import Rule, match

DEFAULTS = [Rule(id=number, **row) for number, row in enumerate(defaults.rows(), 1)]


def rule(*phrases: str, **changes: Any) -> Rule:
    members = {"id": 1, "position": 1, "name": "A rule", "reply": "Yes.", "action": "answer"}
    return Rule(**{**members, "whole": False, "enabled": True, "phrases": list(phrases), **changes})


@pytest.mark.parametrize(
    "text, name",
    [
        ("Hi", "Greeting"),
        ("  HELLO there!!! ", "Greeting"),
        ("Hi, good morning 🙂", "Greeting"),
        ("¡Buenos días!", "Greeting"),
        ("Thanks, that helped. Bye!", "Thanks"),
        ("ok", "Thanks"),
        ("No, I want a person", "Talk to a human"),
        ("Thanks, but can I please speak to a human?", "Talk to a human"),
        ("Kann ich bitte mit einem Menschen sprechen?", "Talk to a human"),
        ("Where’s my ticket?", "Ticket status"),
        ("Hello, where is my ticket?", "Ticket status"),
        ("What are your opening hours?", "Opening hours"),
        ("when are you open", "Opening hours"),
        ("hi, I forgot my password", "Password help"),
        ("How do I reset my password", "Password help"),
    ],
)
def test_the_default_rules_know_what_they_are_for(text: str, name: str) -> None:
    found = match(text, DEFAULTS)
    assert found
    assert found.name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        "my card still hasn't come",
        "Hi, my card still hasn't come. Thanks!",
        "Thank you for nothing, I was charged twice and want my money back",
        "Good morning, where is my parcel?",
        "The personal data is wrong",
        "Is there a ticket for the museum?",
        "hi " * 5000,
    ],
)
def test_a_question_behind_a_greeting_is_left_to_those_who_can_answer_it(text: str) -> None:
    assert match(text, DEFAULTS) is None


def test_the_first_enabled_rule_in_order_wins() -> None:
    off, first, second = rule("refund", enabled=False), rule("refund", id=2), rule("refund please", id=3)
    assert match("A refund, please", [off, first, second]) is first
    assert match("A refund, please", [off, second, first]) is second
    assert match("A refund, please", [off]) is None


@pytest.mark.parametrize("text", ["CAFÉ?", "the cafe", "...cafe...", "Café-Bar", "le cafe\u0301"])
def test_case_accents_and_punctuation_do_not_matter(text: str) -> None:
    assert match(text, [rule("café")])


@pytest.mark.parametrize("text", ["cafeteria", "ca fe", "decaf e", ""])
def test_a_phrase_is_whole_words(text: str) -> None:
    assert match(text, [rule("cafe")]) is None


def test_words_of_a_phrase_stand_side_by_side_in_order() -> None:
    assert match("I would like my money back.", [rule("money back")])
    assert match("Back came the money", [rule("money back")]) is None
    assert match("money, not cards, back", [rule("money back")]) is None


def test_scripts_without_spaces_have_words_too() -> None:
    assert match("私は返金してほしい", [rule("返金")])
    assert match("मेरा कार्ड कहाँ है", [rule("कार्ड")])
    assert match("मेरा कार्डी", [rule("कार्ड")]) is None


def test_a_whole_text_may_be_put_together_from_phrases() -> None:
    greeting = rule("good", "good morning", "hi", whole=True)
    assert match("Hi! Good morning, hi", [greeting])
    assert match("Good, good morning", [greeting])
    assert match("Morning", [greeting]) is None


def test_phrases_without_words_match_nothing() -> None:
    for whole in (True, False):
        assert match("?!", [rule("?!", whole=whole)]) is None
        assert match("What?!", [rule("?!", whole=whole)]) is None


@pytest.mark.parametrize("text", ["hi " * 6667, "é'ñ " * 5000, "x" * 20_000, "\u0301" * 20_000])
def test_twenty_thousand_characters_take_no_time(text: str) -> None:
    match(text, DEFAULTS)  # phrases are read once
    begun = time.process_time()
    match(text, DEFAULTS)
    assert time.process_time() - begun < 0.2


def test_the_defaults_keep_the_limits_of_the_form() -> None:
    for each in DEFAULTS:
        assert 1 <= len(each.phrases) <= 50
        assert len(set(each.phrases)) == len(each.phrases)
        assert all(1 <= len(phrase) <= 100 for phrase in each.phrases)
    assert [each.position for each in DEFAULTS] == [1, 2, 3, 4, 5, 6]
