"""Answers to whoever asks, without a ticket's room: for the API, and for agents who want a suggestion."""

from collections.abc import Iterator, Sequence

from csts.assistant.mind import Mind
from csts.assistant.scene import Decision, Scene
from csts.assistant.schemas import Answer
from csts.assistant.wording import without_question
from csts.knowledge.rules import Rule, match

# How far back a suggestion looks for a question: each is compared with every article.
QUESTIONS = 6


async def answer(mind: Mind, scene: Scene) -> Answer:
    """What the assistant would say; below the threshold there is no answer, and its candidates all the same."""
    return _told(await mind.decide(scene))


async def suggestion(mind: Mind, scene: Scene) -> Answer:
    """For an agent: an answer to what the customer asked last. Rules are for customers, and have no say here."""
    return _told(await mind.answer(Scene(scene.ticket_id, "", await _question(mind, scene))))


async def _question(mind: Mind, scene: Scene) -> str:
    """The newest words of the customer that an article answers, else those that one comes nearest to."""
    best, sure = "", -1.0
    for words in _questions(scene, mind.brain.rules):
        guess = await mind.brain.guess(words)
        if guess.confidence > sure:
            best, sure = words, guess.confidence
        if sure >= mind.limits.threshold:
            break
    return best


def _questions(scene: Scene, rules: Sequence[Rule]) -> Iterator[str]:
    """What the customer may be asking, the newest first and the opening at the end.

    A greeting, thanks, and the wish for a person are no questions, unless nothing else has been said.
    """
    said = [scene.opening, *(each.text for each in scene.thread if each.kind == "customer")]
    *before, newest = [text for text in said if _is_question(text, rules)] or said
    yield newest
    if before:
        # Alone it may only add to what was said before it.
        yield f"{before[-1]}\n{newest}"
        yield from reversed(before[-QUESTIONS:])
        yield before[0]


def _is_question(text: str, rules: Sequence[Rule]) -> bool:
    rule = match(text, rules)
    return rule is None or not (rule.whole or rule.action == "handover")


def _told(decision: Decision) -> Answer:
    is_answer = decision.action != "handover"
    return Answer(
        # Nobody is in a room to say whether it has helped.
        answer=without_question(decision.text) if is_answer else None,
        confidence=decision.confidence,
        escalate=not is_answer,
        source=decision.source,
        citations=decision.citations,
        reason=decision.reason,
    )
