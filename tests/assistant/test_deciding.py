"""What the assistant does about what it hears; no database, no model, no network."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from csts.assistant.deciding import Limits, at_once, from_knowledge, give_up
from csts.assistant.scene import Article, Decision, Guess, Said, Scene
from csts.assistant.wording import likely
from csts.knowledge.rules import Rule

pytestmark = pytest.mark.once

LIMITS = Limits(threshold=0.8, turns=4, misses=2, people_only=frozenset({"legal"}))
RULES = [
    Rule(1, 1, "human", ["talk to a human", "a person"], "", "handover", whole=False, enabled=True),
    Rule(2, 2, "greeting", ["hello", "hi"], "Hello! What happened?", "answer", whole=True, enabled=True),
    Rule(3, 3, "status", ["where is my ticket"], "No ticket.", "ticket_status", whole=False, enabled=True),
]
LATE = Article(1, "late", "My parcel is late", "Parcels take five days.")
REFUND = Article(2, "refund", "How do refunds work?", "Refunds take a week.")


def first(opening: str, issue_type: str = "general") -> Scene:
    return Scene(7, issue_type, opening, status_line="L1-000007 is open.")


def later(*said: tuple[str, str], told: Sequence[str] = ("late",), turns: int = 1, misses: int = 0) -> Scene:
    thread = [Said(kind, text, seq) for seq, (kind, text) in enumerate(said, 1)]
    answered = max((each.seq for each in thread if each.kind == "assistant"), default=0)
    return Scene(7, "general", "Parcel", thread, answered, turns, misses, frozenset(told))


def decided(scene: Scene, guess: Guess) -> Decision:
    return at_once(scene, RULES, LIMITS) or from_knowledge(scene, guess, LIMITS) or give_up(scene, guess)


def test_who_asks_for_a_person_gets_one_whatever_is_known() -> None:
    decision = decided(first("My parcel is late. I want to talk to a human"), Guess(0.99, [LATE]))
    assert (decision.action, decision.text.split(",")[0]) == ("handover", "The assistant hands over to a person")


def test_a_rule_answers_before_anything_is_guessed() -> None:
    decision = decided(first("hello"), Guess(0.99, [LATE]))
    assert (decision.text, decision.source, decision.confidence) == ("Hello! What happened?", "rule", 1.0)


def test_where_is_my_ticket_is_answered_from_the_ticket() -> None:
    assert decided(first("where is my ticket?"), Guess(0.0)).text == "L1-000007 is open."


def test_what_is_sure_is_answered_with_its_source_and_the_question_whether_it_helped() -> None:
    decision = decided(first("it has not come"), Guess(0.91, [LATE, REFUND]))
    assert (decision.action, decision.source, decision.confidence) == ("answer", "knowledge", 0.91)
    assert decision.text.startswith("Parcels take five days.\n\nDid that help?")
    assert [citation.topic for citation in decision.citations] == ["late", "refund"]


def test_nothing_is_said_to_be_certain() -> None:
    exacting = replace(LIMITS, threshold=1.0)
    guess = Guess(0.9996, [LATE])
    assert from_knowledge(first("late"), guess, exacting) is None
    assert give_up(first("late"), guess).reason == "not sure enough: “My parcel is late” is only 99% likely"
    assert [likely(share) for share in (0.0, 0.874, 0.994, 1.0)] == ["0%", "87%", "99%", "99%"]


def test_what_is_not_sure_is_not_guessed() -> None:
    decision = decided(first("can you fly?"), Guess(0.79, [LATE]))
    assert (decision.action, decision.source) == ("handover", "none")
    assert "Parcels" not in decision.text
    assert decision.reason == "not sure enough: “My parcel is late” is only 79% likely"


def test_tickets_of_a_category_for_people_go_to_people() -> None:
    assert decided(first("it has not come", "legal"), Guess(0.99, [LATE])).action == "handover"


def test_anger_is_not_answered_by_a_machine() -> None:
    assert decided(first("This is ridiculous, it has not come!"), Guess(0.99, [LATE])).action == "handover"


def test_who_says_that_it_helped_has_his_ticket_solved() -> None:
    decision = decided(later(("assistant", "…"), ("customer", "Yes, that helped")), Guess(0.0))
    assert decision.action == "solved"


def test_an_answer_that_did_not_help_is_followed_by_the_next_best() -> None:
    guess = Guess(0.9, [LATE, REFUND], {"late": 0.1, "refund": 0.85})
    decision = decided(later(("assistant", "…"), ("customer", "No, that didn't help")), guess)
    assert (decision.action, decision.citations[0].topic, decision.misses) == ("answer", "refund", 1)


def test_the_same_answer_is_not_given_twice_to_who_was_not_helped() -> None:
    decision = decided(later(("assistant", "…"), ("customer", "no")), Guess(0.95, [LATE], {"late": 0.95}))
    assert decision.action == "handover"


def test_two_answers_that_did_not_help_are_enough() -> None:
    guess = Guess(0.9, [LATE, REFUND], {"late": 0.1, "refund": 0.85})
    decision = decided(later(("assistant", "…"), ("customer", "no"), misses=1, turns=2), guess)
    assert (decision.action, decision.reason) == ("handover", "2 answers did not help")


def test_a_talk_has_an_end() -> None:
    decision = decided(later(("assistant", "…"), ("customer", "and the colour?"), turns=4), Guess(0.99, [REFUND]))
    assert (decision.action, decision.reason) == ("handover", "4 answers have not settled it")


def test_only_what_is_new_is_answered() -> None:
    scene = later(("customer", "old"), ("assistant", "…"), ("customer", "one"), ("system", "x"), ("customer", "two"))
    assert scene.words == "one\ntwo"
