"""Snoozed tickets: out of the queues, and back at their time, or at once when the customer writes, and only once."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from csts.app import create_app
from csts.kit import clock
from csts.kit.db import Database
from csts.kit.tasks import Later, Task
from csts.settings import Settings
from csts.tickets import snooze
from tests.make import claim, open_ticket, post_message, set_status
from tests.people import Somebody
from tests.tickets.test_bulk import kinds
from tests.tickets.test_tags import listed
from tests.tickets.test_tally import NONE, counts

SOON = timedelta(hours=2)


async def send_away(agent: Somebody, ticket: dict[str, Any], until: datetime) -> dict[str, Any]:
    answer = await agent.put(f"/tickets/{ticket['id']}/snooze", {"until": until.isoformat()})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_snoozed_ticket_is_in_no_queue_but_its_own(ana: Somebody, priya: Somebody) -> None:
    away, here = await open_ticket(ana), await open_ticket(ana)
    await claim(priya, away["id"])
    until = clock.now() + SOON
    told = await send_away(priya, away, until)
    assert datetime.fromisoformat(told["snoozed_until"]) == until
    for queue in ({"awaiting_reply": "true"}, {"status": ["open", "in_progress"]}):
        assert await listed(priya, **queue, snoozed="false") == [here["id"]]
    assert await listed(priya, assignee="me", snoozed="false") == []
    assert await listed(priya, snoozed="true") == [away["id"]]
    assert len(await listed(priya)) == 2
    assert await counts(priya) == NONE | {"awaiting_reply": 1, "unassigned": 1, "open": 1, "snoozed": 1}


async def test_its_customer_does_not_know(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await send_away(priya, ticket, clock.now() + SOON)
    assert "snoozed" not in (await ana.get(f"/ticket/{ticket['id']}")).text
    assert "snoozed" not in (await ana.get("/tickets")).text
    assert await kinds(ana, ticket) == ["opened"]
    assert await listed(ana, snoozed="false") == [ticket["id"]]
    assert await listed(ana, snoozed="true") == []


async def test_it_comes_back_with_the_message_of_its_customer(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await post_message(priya, ticket["id"], "I shall ask the workshop")
    await set_status(priya, ticket["id"], "waiting")
    await send_away(priya, ticket, clock.now() + SOON)
    await post_message(priya, ticket["id"], "They are still looking")
    assert await listed(priya, snoozed="true") == [ticket["id"]]
    await post_message(ana, ticket["id"], "It burns!")
    assert await listed(priya, snoozed="false", awaiting_reply="true") == [ticket["id"]]
    assert (await kinds(priya, ticket))[-2:] == ["status_changed", "woken"]
    assert await counts(priya) == NONE | {"awaiting_reply": 1, "unassigned": 1, "open": 1}


@pytest.mark.parametrize("after", [timedelta(0), timedelta(seconds=-1), timedelta(days=400)])
async def test_a_time_that_is_over_or_far_away_is_refused(ana: Somebody, priya: Somebody, after: timedelta) -> None:
    ticket = await open_ticket(ana)
    refused = await priya.put(f"/tickets/{ticket['id']}/snooze", {"until": (clock.now() + after).isoformat()})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["until"]
    naive = await priya.put(f"/tickets/{ticket['id']}/snooze", {"until": "2099-01-01T09:00:00"})
    assert naive.status_code == 422


async def test_what_is_solved_is_not_snoozed_and_what_is_snoozed_can_be_solved(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await send_away(priya, ticket, clock.now() + SOON)
    await set_status(priya, ticket["id"], "resolved")
    assert await listed(priya, snoozed="true") == []
    refused = await priya.put(f"/tickets/{ticket['id']}/snooze", {"until": (clock.now() + SOON).isoformat()})
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_snooze")
    assert await counts(priya) == NONE | {"solved": 1}


async def test_an_agent_brings_it_back_by_hand_once(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await post_message(priya, ticket["id"], "Hello")
    await send_away(priya, ticket, clock.now() + SOON)
    for _ in range(2):
        answer = await priya.delete(f"/tickets/{ticket['id']}/snooze")
        assert (answer.status_code, answer.json()["snoozed_until"]) == (200, None)
    assert await kinds(priya, ticket) == ["opened", "snoozed", "woken"]
    assert await listed(priya, awaiting_reply="true", snoozed="false") == [ticket["id"]]


async def test_it_wakes_at_its_latest_time_and_of_many_who_wake_it_one_does(
    app: FastAPI, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana)
    database: Database = app.state.database
    until = clock.now() + SOON
    await send_away(priya, ticket, until - timedelta(hours=1))
    await send_away(priya, ticket, until)
    with clock.at(until - timedelta(minutes=30)), pytest.raises(Later) as early:
        await snooze.wake(database, leased(ticket["id"]))
    assert early.value.seconds == 1800
    with clock.at(until):
        await asyncio.gather(*(snooze.wake(database, leased(ticket["id"])) for _ in range(5)))
    assert await kinds(priya, ticket) == ["opened", "snoozed", "snoozed", "woken"]


def leased(ticket_id: int) -> Task:
    """The task as a runner hands it out, of which the database has no row any more to finish."""

    class Unkept(Task):
        async def finish(self, session: Any) -> None:
            self.is_finished = True

    return Unkept(1, snooze.WAKE, None, {"ticket_id": ticket_id}, 1, is_given_up=False, lease="")


async def test_a_desk_that_starts_again_wakes_what_its_time_has_come_for(
    settings: Settings, ana: Somebody, priya: Somebody
) -> None:
    """Nobody did jobs when it was snoozed; whoever does them next finds what is due."""
    ticket = await open_ticket(ana)
    await send_away(priya, ticket, clock.now() + timedelta(milliseconds=300))
    again = create_app(settings.model_copy(update={"jobs": True}))
    async with again.router.lifespan_context(again), asyncio.timeout(20):
        while True:
            if not await listed(priya, snoozed="true"):
                break
            await asyncio.sleep(0.05)
    assert await kinds(priya, ticket) == ["opened", "snoozed", "woken"]
    events = (await priya.get(f"/tickets/{ticket['id']}/events")).json()["items"]
    assert events[-1]["actor"]["kind"] == "system"
