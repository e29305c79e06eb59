"""A customer rates how his ticket was solved: once for each time, and for nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from csts.kit import clock
from csts.ratings.models import CHANGEABLE_FOR, Rating
from tests.make import claim, open_ticket, post_message, set_status
from tests.people import Somebody


async def solved(ana: Somebody, priya: Somebody) -> int:
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    await set_status(priya, ticket["id"], "resolved")
    return int(ticket["id"])


async def rate(who: Somebody, ticket_id: int, score: int, **members: Any) -> dict[str, Any]:
    answer = await who.put(f"/tickets/{ticket_id}/rating", {"score": score, **members})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def ratings(who: Somebody, ticket_id: int) -> list[tuple[int, str, bool]]:
    items = (await who.get(f"/tickets/{ticket_id}/ratings")).json()["items"]
    return [(item["score"], item["comment"], item["current"]) for item in items]


async def rated(who: Somebody, ticket_id: int) -> list[dict[str, Any]]:
    """What the history says of ratings, oldest first."""
    items = (await who.get(f"/tickets/{ticket_id}/events")).json()["items"]
    return [item["data"] for item in items if item["kind"] == "rated"]


async def test_a_rating_is_seen_by_both_sides_and_stands_in_the_history(ana: Somebody, priya: Somebody) -> None:
    ticket_id = await solved(ana, priya)
    told = await rate(ana, ticket_id, 4, comment="  Quick, thanks.\n")
    assert (told["score"], told["comment"], told["current"]) == (4, "Quick, thanks.", True)
    for who in (ana, priya):
        assert await ratings(who, ticket_id) == [(4, "Quick, thanks.", True)]
        assert await rated(who, ticket_id) == [{"score": 4, "comment": "Quick, thanks."}]


async def test_a_second_one_takes_the_place_of_the_first_and_the_same_again_leaves_no_trace(
    ana: Somebody, priya: Somebody
) -> None:
    ticket_id = await solved(ana, priya)
    await rate(ana, ticket_id, 1, comment="Rude.")
    await set_status(priya, ticket_id, "closed")
    for _ in range(2):
        await rate(ana, ticket_id, 5)
    assert await ratings(ana, ticket_id) == [(5, "", True)]
    assert await rated(ana, ticket_id) == [{"score": 1, "comment": "Rude."}, {"score": 5, "comment": ""}]


async def test_each_solving_has_a_rating_of_its_own(ana: Somebody, priya: Somebody) -> None:
    ticket_id = await solved(ana, priya)
    await rate(ana, ticket_id, 2)
    await post_message(ana, ticket_id, "It is broken again")
    assert await ratings(priya, ticket_id) == [(2, "", False)]
    refused = await ana.put(f"/tickets/{ticket_id}/rating", {"score": 3})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_solved")
    await set_status(ana, ticket_id, "closed")
    assert await ratings(ana, ticket_id) == [(2, "", False)]
    await rate(ana, ticket_id, 5)
    assert await ratings(priya, ticket_id) == [(5, "", True), (2, "", False)]


async def test_an_old_rating_stays_as_it_is(app: FastAPI, ana: Somebody, priya: Somebody) -> None:
    ticket_id = await solved(ana, priya)
    await rate(ana, ticket_id, 2)
    long_ago = clock.now() - CHANGEABLE_FOR - timedelta(minutes=1)
    async with app.state.database.write() as session:
        await session.execute(update(Rating).where(Rating.ticket_id == ticket_id).values(created_at=long_ago))
    refused = await ana.put(f"/tickets/{ticket_id}/rating", {"score": 5})
    assert (refused.status_code, refused.json()["code"]) == (409, "rating_fixed")
    # Said again, it is nothing to refuse.
    await rate(ana, ticket_id, 2)
    assert await ratings(ana, ticket_id) == [(2, "", True)]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"score": 0},
        {"score": 6},
        {"score": "5"},
        {"score": True},
        {"score": 4.5},
        {"score": None},
        {"score": 3, "comment": "x" * 1001},
        {"score": 3, "comment": None},
        {"score": 3, "stars": 3},
    ],
)
async def test_what_is_no_rating_is_refused_and_changes_nothing(
    ana: Somebody, priya: Somebody, wrong: dict[str, Any]
) -> None:
    ticket_id = await solved(ana, priya)
    assert (await ana.put(f"/tickets/{ticket_id}/rating", wrong)).status_code == 422
    assert await ratings(ana, ticket_id) == []
