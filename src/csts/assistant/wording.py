"""What the assistant says by itself; everything else it says comes from articles, rules, or a language model."""

from typing import Literal

from csts.assistant.scene import Scene

Why = Literal["asked", "angry", "unknown", "missed", "long", "category", "unavailable"]

_NEXT = "An agent will read this conversation and answer here; you can go on writing, and nothing gets lost."

HANDOVER: dict[Why, str] = {
    "asked": f"The assistant hands over to a person, as you asked. {_NEXT}",
    "angry": f"The assistant hands over to a person, who can do more about this than it can. {_NEXT}",
    "unknown": f"The assistant is not sure enough to answer this, so it hands over to a person. {_NEXT}",
    "missed": f"The assistant could not help with this, so it hands over to a person. {_NEXT}",
    "long": f"This is taking the assistant too long, so it hands over to a person. {_NEXT}",
    "category": f"Questions like this one go straight to a person. {_NEXT}",
    "unavailable": f"The assistant cannot answer right now, so it hands over to a person. {_NEXT}",
}

SOLVED = "Glad to hear that. I mark this ticket as solved; write here whenever it comes back, and it opens again."

# Nothing is certain: the pages end there as well (`readable` in lib/assistant.js).
MOST_SURE = 0.99

_DID_IT_HELP = "Did that help? If it did not, just say so, or ask for a person."

OUTLINE_LINES, OUTLINE_CHARS = 3, 300


def without_question(text: str) -> str:
    """The answer alone."""
    return text.removesuffix(f"\n\n{_DID_IT_HELP}")


def likely(confidence: float) -> str:
    """A confidence in a sentence, such as `87%`; never the whole."""
    return f"{min(confidence, MOST_SURE):.0%}"


def outline(scene: Scene) -> str:
    """A thread by its beginning and its end, where nobody can sum it up."""
    last = [f"{said.kind}: {_short(said.text)}" for said in scene.thread if said.kind != "system"][-OUTLINE_LINES:]
    return "\n".join([f"customer: {_short(scene.opening)}", *last])


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= OUTLINE_CHARS else f"{words[:OUTLINE_CHARS]}…"


def with_question(answer: str) -> str:
    """An answer, and whether it has helped."""
    return f"{answer}\n\n{_DID_IT_HELP}"
