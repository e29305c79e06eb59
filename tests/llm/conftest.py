"""A language model that answers as a test says, and the desk's way to ask it, with time limits that nobody notices."""

from collections.abc import AsyncIterator, Callable

import pytest

from csts.llm.client import Llm, connect
from csts.llm.errors import LlmError
from csts.llm.shapes import Answer, Question, Source
from csts.settings import Settings
from tests.support.groq import Groq, groq

KEY = "gsk_a-key-that-nobody-may-read-anywhere-0123456789"
ARTICLE = Source(7, "Reset a password", "Open https://desk.example.org/reset and type your address.")
QUESTION = Question("How do I reset my password?", articles=[ARTICLE], brand="L1 Desk")


class Watch:
    """A clock for a breaker, which stands still until a test moves it."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
async def api() -> AsyncIterator[Groq]:
    async with groq() as server:
        yield server


@pytest.fixture
async def make_llm(api: Groq) -> AsyncIterator[Callable[..., Llm]]:
    """The language model with these settings beside the usual ones."""
    made: list[Llm] = []

    def make(**changes: object) -> Llm:
        usual: dict[str, object] = {"groq_api_key": KEY, "llm_base_url": api.url, "llm_read_seconds": 5}
        llm = connect(Settings(_env_file=None, **{**usual, **changes}))  # type: ignore[arg-type]  # of all kinds
        assert llm
        made.append(llm)
        return llm

    yield make
    for llm in made:
        await llm.close()


@pytest.fixture
def llm(make_llm: Callable[..., Llm]) -> Llm:
    return make_llm()


async def ask(llm: Llm, question: Question = QUESTION) -> tuple[list[str], Answer]:
    """The pieces that came, and the answer."""
    *pieces, answer = [part async for part in llm.answer(question)]
    assert isinstance(answer, Answer)
    return [piece for piece in pieces if isinstance(piece, str)], answer


async def ask_in_vain(llm: Llm, question: Question = QUESTION) -> tuple[list[str], LlmError]:
    """The pieces that came before it went wrong, and what went wrong."""
    pieces: list[str] = []
    parts = llm.answer(question)
    while True:
        try:
            pieces.append(str(await anext(parts)))
        except LlmError as error:
            return pieces, error
