"""Everybody's own preferences: what was never chosen has a default, and nothing is chosen for anybody else."""

import asyncio
from typing import Any

import pytest

from tests.people import Somebody

DEFAULTS = {
    "sound": True,
    "notifications": False,
    "notification_text": True,
    "notify_about": "unassigned",
    "shortcuts": True,
    "theme": None,
}


async def held(somebody: Somebody) -> dict[str, Any]:
    return dict((await somebody.get("/preferences")).json())


async def test_whoever_has_chosen_nothing_has_the_defaults(ana: Somebody, priya: Somebody) -> None:
    assert await held(ana) == DEFAULTS
    assert await held(priya) == DEFAULTS


async def test_only_what_is_given_changes_and_only_for_oneself(ana: Somebody, ben: Somebody, priya: Somebody) -> None:
    # The first customer and the first agent have the same number.
    assert (await ana.put("/preferences", {"sound": False})).json() == DEFAULTS | {"sound": False}
    answer = await ana.put("/preferences", {"theme": "dark", "notify_about": "all"})
    assert answer.json() == await held(ana) == DEFAULTS | {"sound": False, "theme": "dark", "notify_about": "all"}
    assert await held(ben) == await held(priya) == DEFAULTS
    assert (await ana.put("/preferences", {"theme": None})).json()["theme"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"sound": "no"},
        {"sound": 0},
        {"sound": None},
        {"theme": "pink"},
        {"notify_about": "nobody"},
        {"colour": "red"},
        [],
    ],
)
async def test_what_cannot_be_chosen_changes_nothing(priya: Somebody, wrong: Any) -> None:
    assert (await priya.put("/preferences", wrong)).status_code == 422
    assert await held(priya) == DEFAULTS


async def test_two_pages_that_choose_at_once_do_not_undo_each_other(priya: Somebody) -> None:
    choices: list[dict[str, Any]] = [
        {"sound": False},
        {"shortcuts": False},
        {"theme": "light"},
        {"notify_about": "all"},
    ]
    answers = await asyncio.gather(*[priya.put("/preferences", choice) for choice in choices])
    assert {answer.status_code for answer in answers} == {200}
    assert await held(priya) == DEFAULTS | choices[0] | choices[1] | choices[2] | choices[3]
