"""What the assistant does about what a customer says: rules first, then what it knows, and a person in time.

Pure: who asks brings the scene, the guess of the model and the rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from csts.assistant import wording
from csts.assistant.moods import is_angry, reaction_to_answer
from csts.assistant.scene import Decision, Guess, Scene
from csts.knowledge.rules import Rule, match
from csts.llm.shapes import Answer

# A reason stands beside an answer, and is no place for an article.
REASON_CHARS = 300


@dataclass(frozen=True)
class Limits:
    """When to stop: see the settings of the same names."""

    threshold: float
    turns: int
    misses: int
    people_only: frozenset[str]


def at_once(scene: Scene, rules: Sequence[Rule], limits: Limits) -> Decision | None:
    """What needs no understanding of the question; None where it has to be understood."""
    words = scene.words
    if scene.issue_type in limits.people_only:
        return hand_over("category", f"tickets about {scene.issue_type} go to a person")
    rule = match(words, rules)
    if rule and rule.action == "handover":
        return hand_over("asked", f"the customer asked for a person (rule “{rule.name}”)")
    if is_angry(words):
        return hand_over("angry", "the customer is angry")
    if scene.turns >= limits.turns:
        return hand_over("long", f"{scene.turns} answers have not settled it")
    if rule:
        text = scene.status_line if rule.action == "ticket_status" and scene.status_line else rule.reply
        return Decision("answer", text, "rule", 1.0, f"rule “{rule.name}”")
    return _after_an_answer(scene, limits) if scene.told else None


def from_knowledge(scene: Scene, guess: Guess, limits: Limits) -> Decision | None:
    """The article that is meant, if that is sure enough; None where it is not."""
    missed = scene.told and reaction_to_answer(scene.words) == "missed"
    left = guess.without(scene.told) if missed else guess
    if not left.articles or left.confidence < limits.threshold:
        return None
    best = left.articles[0]
    return Decision(
        "answer",
        wording.with_question(best.answer),
        "knowledge",
        left.confidence,
        f"the question is like those for “{best.title}”"[:REASON_CHARS],
        [article.citation for article in left.articles[:3]],
        misses=scene.misses + bool(missed),
    )


def from_model(scene: Scene, answer: Answer, guess: Guess, known: Decision | None, limits: Limits) -> Decision | None:
    """What a language model wrote from these articles; None where that is not sure enough.

    Its own confidence is calibrated by nobody: it can lower what the search was sure of, and lift it half of the way.
    """
    if answer.action == "handover":
        return hand_over("unknown", f"no article answers this: {answer.reason}"[:REASON_CHARS], guess)
    sure = min(guess.confidence, answer.confidence) if known else answer.confidence * (1 + guess.confidence) / 2
    if sure < limits.threshold and answer.action == "answer":
        return None
    text = wording.with_question(answer.reply) if answer.action == "answer" else answer.reply
    cited = [article.citation for article in guess.articles[:3]]
    return Decision(answer.action, text, "llm", round(sure, 4), answer.reason, cited, misses=scene.misses)


def give_up(scene: Scene, guess: Guess) -> Decision:
    """Nothing is sure enough."""
    if scene.told and reaction_to_answer(scene.words) == "missed":
        return hand_over("missed", "an answer did not help, and there is no better one", guess)
    if not guess.articles:
        return hand_over("unknown", "no article covers this", guess)
    best, sure = guess.articles[0], wording.likely(guess.confidence)
    return hand_over("unknown", f"not sure enough: “{best.title}” is only {sure} likely"[:REASON_CHARS], guess)


def hand_over(why: wording.Why, reason: str, guess: Guess | None = None) -> Decision:
    """To a person, in words that the customer may read."""
    guess = guess or Guess(0.0)
    citations = [article.citation for article in guess.articles[:3]]
    return Decision("handover", wording.HANDOVER[why], "none", guess.confidence, reason, citations)


def _after_an_answer(scene: Scene, limits: Limits) -> Decision | None:
    reaction = reaction_to_answer(scene.words)
    if reaction == "helped":
        return Decision("solved", wording.SOLVED, "rule", 1.0, "the customer says that it helped")
    if reaction == "missed" and scene.misses + 1 >= limits.misses:
        return hand_over("missed", f"{scene.misses + 1} answers did not help")
    return None
