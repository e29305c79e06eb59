"""Without a key there is no language model: nothing is imported, nothing is opened, nothing leaves."""

import asyncio
import subprocess
import sys
from collections.abc import Callable

import pytest

from csts.llm.client import Llm
from csts.llm.shapes import Answer
from tests.llm.conftest import QUESTION, ask
from tests.support.groq import Groq, says

pytestmark = pytest.mark.once

WITHOUT_A_KEY = """
import sys
def refuse(event, _words):
    assert not event.startswith("socket."), event
sys.addaudithook(refuse)
import csts.app
from csts.llm.client import connect
from csts.settings import Settings
assert connect(Settings(_env_file=None)) is None
assert connect(Settings(_env_file=None, groq_api_key="gsk_x")) is not None
print(sorted(name for name in ("openai", "csts.llm.line") if name in sys.modules))
"""


def test_a_desk_without_a_key_imports_no_client_and_opens_no_socket() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_KEY], capture_output=True, text=True, check=False, env={"PATH": "/usr/bin"}
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


async def test_what_the_environment_says_to_the_library_goes_nowhere(
    api: Groq, make_llm: Callable[..., Llm], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("API_KEY", "ORG_ID", "PROJECT_ID", "ADMIN_KEY"):
        monkeypatch.setenv(f"OPENAI_{name}", "of-somebody-else")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: of-somebody-else")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    await ask(make_llm(groq_api_key=""))
    asked = await api.asked()
    assert "of-somebody-else" not in f"{asked.headers} {asked.raw}"


async def test_many_questions_at_once_each_get_their_own_answer(api: Groq, llm: Llm) -> None:
    api.will(*(says(f"Answer {number}.") for number in range(20)))
    answers: list[Answer] = [answer for _, answer in await asyncio.gather(*(ask(llm, QUESTION) for _ in range(20)))]
    assert {answer.reply for answer in answers} == {f"Answer {number}." for number in range(20)}
