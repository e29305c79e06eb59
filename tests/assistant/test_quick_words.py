"""The buttons of the customer's page send ordinary words: the assistant has to understand its own, in each language."""

import pytest

from csts.assistant.deciding import Limits, at_once
from csts.assistant.scene import Said, Scene
from csts.kit.words import Language
from csts.knowledge.defaults import rows
from csts.knowledge.rules import Rule
from csts.web.shell import Shell

LIMITS = Limits(threshold=0.8, turns=8, misses=2, people_only=frozenset())
RULES = [Rule(id=row["position"], **row) for row in rows()]


@pytest.mark.parametrize("language", Shell(brand="", options={}).languages.all.values(), ids=lambda each: each.code)
@pytest.mark.parametrize(
    "words, action", [("Yes, that helped, thank you.", "solved"), ("I want to talk to a person.", "handover")]
)
def test_quick_words_are_understood_in_each_language(language: Language, words: str, action: str) -> None:
    said = Said("customer", language.t(words), 3)
    scene = Scene(1, "general", "Card", thread=[said], answered_seq=2, turns=1, told=frozenset({"card"}))
    decision = at_once(scene, RULES, LIMITS)
    assert decision
    assert decision.action == action
