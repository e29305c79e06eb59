"""A desk whose browsers are called by way of a push service of the tests' own."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from csts.push import calling
from tests.people import Somebody
from tests.support.push_service import Browser, PushService

# A service that is not there.
NOBODY = "http://127.0.0.1:1"


@pytest.fixture(scope="package")
async def running() -> AsyncIterator[PushService]:
    async with PushService() as service:
        yield service


@pytest.fixture
def service(running: PushService) -> PushService:
    """Nothing has come here yet."""
    running.pushes.clear()
    running.answers.clear()
    return running


@pytest.fixture
def environment(environment: dict[str, str], running: PushService) -> dict[str, str]:
    return environment | {"CSTS_PUSH_SERVICES": f"{running.url} {NOBODY}"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "GATHER_SECONDS", 0.2)
    monkeypatch.setattr(calling, "AGAIN_SECONDS", 0.2)


async def listen(who: Somebody, browser: Browser, **preferences: Any) -> None:
    """Have this browser of his called."""
    assert (await who.put("/preferences", {"notifications": True, **preferences})).status_code == 200
    answer = await who.put("/push/subscription", browser.subscription)
    assert answer.status_code == 204, answer.text
