"""Answers to whoever asks, without a ticket's room: for the API, and for agents who want a suggestion."""

from csts.assistant.mind import Mind
from csts.assistant.scene import Decision, Scene
from csts.assistant.schemas import Answer
from csts.assistant.wording import without_question


async def answer(mind: Mind, scene: Scene) -> Answer:
    """What the assistant would say; below the threshold there is no answer, and its candidates all the same."""
    return _told(await mind.decide(scene))


async def suggestion(mind: Mind, scene: Scene) -> Answer:
    """For an agent: an answer to the customer's last words. Rules are for customers, and have no say here."""
    asked = [said.text for said in scene.thread if said.kind == "customer"]
    return _told(await mind.answer(Scene(scene.ticket_id, "", "\n".join(asked[-2:]) or scene.opening)))


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
