"""What became of a rule: every change is kept, and of two admins at once the second is told."""

import asyncio
from typing import Any

from tests.auth.sessions import refusal
from tests.make import make_rule
from tests.people import Somebody


async def history(who: Somebody, rule_id: int, **query: Any) -> list[dict[str, Any]]:
    answer = await who.get(f"/knowledge/rules/{rule_id}/history", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_every_change_is_kept_with_who_made_it_and_what_was_before(mona: Somebody, priya: Somebody) -> None:
    made = await make_rule(mona)
    path = f"/knowledge/rules/{made['id']}"
    changed = (await mona.put(path, {"reply": "It rains.", "enabled": False, "version": 1})).json()
    newest, first = await history(priya, made["id"])
    same = {"name": "Weather", "phrases": made["phrases"], "action": "answer", "whole": False, "position": 7}
    same |= {"deleted": False, "by": mona.person}
    assert first == same | {"version": 1, "at": made["updated_at"], "reply": made["reply"], "enabled": True}
    assert newest == same | {"version": 2, "at": changed["updated_at"], "reply": "It rains.", "enabled": False}


async def test_what_a_desk_begins_with_has_a_first_version_of_nobody(mona: Somebody) -> None:
    rule = (await mona.get("/knowledge/rules")).json()["items"][0]
    (first,) = await history(mona, rule["id"])
    assert (first["version"], first["by"], first["reply"]) == (1, None, rule["reply"])


async def test_a_change_that_changes_nothing_is_no_version(mona: Somebody) -> None:
    made = await make_rule(mona)
    for same in ({}, {"version": 1}, {"reply": made["reply"]}, {"position": 7}, {"position": 100}):
        assert (await mona.put(f"/knowledge/rules/{made['id']}", same)).json() == made
    assert len(await history(mona, made["id"])) == 1


async def test_a_move_is_told_of_the_rule_that_was_moved_and_not_of_those_that_made_room(mona: Somebody) -> None:
    first, second = (await mona.get("/knowledge/rules")).json()["items"][:2]
    await mona.put(f"/knowledge/rules/{second['id']}", {"position": 1})
    assert [each["position"] for each in await history(mona, second["id"])] == [1, 2]
    assert [each["position"] for each in await history(mona, first["id"])] == [1]
    assert (await mona.get("/knowledge/rules")).json()["items"][1] == first | {"position": 2}


async def test_who_has_seen_an_older_version_is_shown_the_stored_one_and_loses_nothing(mona: Somebody) -> None:
    made = await make_rule(mona)
    path = f"/knowledge/rules/{made['id']}"
    stored = (await mona.put(path, {"reply": "It rains.", "version": 1})).json()
    for answer in (
        await mona.put(path, {"reply": "It snows.", "version": 1}),
        await mona.delete(path, params={"version": 1}),
    ):
        assert refusal(answer) == (409, "rule_changed")
        assert (answer.json()["version"], answer.json()["rule"]) == (2, stored)
    assert (await mona.get("/knowledge/rules")).json()["items"][-1] == stored


async def test_of_ten_who_save_at_once_one_is_kept_and_nine_are_told(mona: Somebody, sam: Somebody) -> None:
    await mona.put(f"/agents/{sam.id}", {"role": "admin"})
    made = await make_rule(mona)
    path = f"/knowledge/rules/{made['id']}"
    answers = await asyncio.gather(
        *(who.put(path, {"reply": f"Says {who.name}.", "version": 1}) for who in (mona, sam) * 5)
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert [each["version"] for each in await history(mona, made["id"])] == [2, 1]


async def test_what_a_deleted_rule_said_is_kept_and_a_new_one_begins_anew(mona: Somebody, priya: Somebody) -> None:
    made = await make_rule(mona)
    assert (await mona.delete(f"/knowledge/rules/{made['id']}", params={"version": 1})).status_code == 204
    other = await make_rule(mona, reply="It rains.")
    assert other["position"] == 7
    gone, first = await history(priya, made["id"])
    assert (gone["deleted"], gone["by"], gone["reply"], first["deleted"]) == (True, mona.person, made["reply"], False)
    assert [each["reply"] for each in await history(priya, other["id"])] == ["It rains."]


async def test_a_long_history_comes_in_pages(mona: Somebody) -> None:
    made = await make_rule(mona)
    for number in range(4):
        await mona.put(f"/knowledge/rules/{made['id']}", {"reply": f"It is {number} degrees."})
    page = (await mona.get(f"/knowledge/rules/{made['id']}/history", params={"limit": 3})).json()
    rest = await history(mona, made["id"], cursor=page["next_cursor"])
    assert [each["version"] for each in [*page["items"], *rest]] == [5, 4, 3, 2, 1]
    assert refusal(await mona.get("/knowledge/rules/12345/history")) == (404, "not_found")
