"""Saved views: each agent's own, those that are shared, and who may change which."""

from typing import Any

import pytest

from tests.people import Somebody

REFUNDS = {"queue": "all", "tag": "refund", "sort": "-priority", "q": "card & pin"}


async def save(agent: Somebody, **members: Any) -> dict[str, Any]:
    answer = await agent.post("/views", {"name": "Refunds", "filters": REFUNDS} | members)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def names(agent: Somebody) -> list[str]:
    return [view["name"] for view in (await agent.get("/views")).json()["items"]]


async def test_a_view_is_its_owners_until_it_is_shared(priya: Somebody, sam: Somebody, mona: Somebody) -> None:
    view = await save(priya, name=" Late   refunds ")
    assert view == {
        "id": view["id"],
        "name": "Late refunds",
        "filters": REFUNDS,
        "shared": False,
        "owner": {"id": priya.id, "name": priya.name},
        "mine": True,
    }
    await save(priya, name="apples")
    assert (await names(priya), await names(sam)) == (["apples", "Late refunds"], [])
    for other in (sam, mona):
        assert (await other.put(f"/views/{view['id']}", {"name": "x"})).status_code == 404
    assert (await priya.put(f"/views/{view['id']}", {"shared": True})).json()["filters"] == REFUNDS
    (shown,) = (await sam.get("/views")).json()["items"]
    assert (shown["owner"]["name"], shown["mine"]) == (priya.name, False)
    refused = await sam.delete(f"/views/{view['id']}")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_view")
    assert (await mona.delete(f"/views/{view['id']}")).status_code == 204
    assert await names(priya) == ["apples"]
    assert (await priya.delete(f"/views/{view['id']}")).status_code == 404


async def test_only_what_is_given_changes(priya: Somebody) -> None:
    view = await save(priya)
    changed = await priya.put(f"/views/{view['id']}", {"name": "Mine", "filters": {"assignee": "me", "q": ""}})
    assert changed.json() | {"name": "Refunds", "filters": REFUNDS} == view
    assert changed.json()["filters"] == {"assignee": "me"}


@pytest.mark.parametrize(
    "members, field",
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"filters": {"queue": "nowhere"}}, "filters.queue"),
        ({"filters": {"assignee": "me; drop"}}, "filters.assignee"),
        ({"filters": {"q": "x" * 201}}, "filters.q"),
        ({"filters": {"cursor": "x"}}, "filters.cursor"),
        ({"filters": None}, "filters"),
    ],
)
async def test_a_view_that_no_address_has_is_refused(priya: Somebody, members: dict[str, Any], field: str) -> None:
    answer = await priya.post("/views", {"name": "Refunds", "filters": REFUNDS} | members)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_nobody_keeps_more_than_fifty(priya: Somebody) -> None:
    for number in range(50):
        await save(priya, name=f"View {number}")
    refused = await priya.post("/views", {"name": "One more", "filters": {}})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_views")
