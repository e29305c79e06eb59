"""Two tickets about one thing: one goes on, the other is read, its customer is told once, and nothing is lost."""

from typing import Any

import pytest
from fastapi import FastAPI

from csts.kit import clock
from tests.make import claim, open_ticket, post_message, set_status, thread
from tests.people import Somebody
from tests.queries import count_queries
from tests.support.chat import Chat, join
from tests.tickets.test_bulk import change, codes, kinds
from tests.tickets.test_snooze import SOON, send_away
from tests.tickets.test_tags import listed, tag
from tests.tickets.test_tally import NONE, counts

Row = dict[str, Any]


async def merge(agent: Somebody, source: Row, target: Row) -> Row:
    """The target, once the source was merged into it."""
    answer = await agent.post(f"/tickets/{source['id']}/merge", {"into": target["id"]})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def refusal(agent: Somebody, source: Row, into: object) -> tuple[int, str]:
    answer = await agent.post(f"/tickets/{source['id']}/merge", {"into": into})
    return answer.status_code, answer.json()["code"]


async def shown(who: Somebody, ticket: Row) -> Row:
    answer = await who.get(f"/ticket/{ticket['id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def said(who: Somebody, ticket: Row) -> list[str]:
    return [line["content"] for line in await thread(who, ticket["id"])]


async def shown_in(room: Chat, **members: object) -> Row:
    """The ticket with these members, as its room is told of it: what was done before may be told late."""
    while True:
        told: Row = (await room.next("ticket"))["ticket"]
        if members.items() <= told.items():
            return told


def ref(ticket: Row) -> Row:
    return {"id": ticket["id"], "ticket_no": ticket["ticket_no"]}


async def test_one_goes_on_and_the_other_leads_to_it(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana, priority="urgent")
    await claim(sam, target["id"])
    await claim(priya, source["id"])
    told = await merge(priya, source, target)
    assert (told["id"], told["merged_from"], told["merged_into"]) == (target["id"], [ref(source)], None)
    assert (told["agent"]["id"], told["status"], told["priority"]) == (sam.id, "in_progress", "medium")
    for reader in (ana, priya):
        ended = await shown(reader, source)
        assert (ended["status"], ended["merged_into"], ended["merged_from"]) == ("closed", ref(target), [])
        assert ended["allowed_statuses"] == []
        assert (await shown(reader, target))["merged_from"] == [ref(source)]
    rows = {row["id"]: row for row in (await ana.get("/tickets")).json()["items"]}
    assert rows[source["id"]]["merged_into"] == ref(target)
    assert "merged_into" not in rows[target["id"]]


async def test_both_threads_are_read_where_they_were_and_the_customer_is_told_once(
    ana: Somebody, priya: Somebody
) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana)
    await post_message(ana, source["id"], "The same again")
    await post_message(priya, source["id"], "Only for us", internal=True)
    before = {who.name: await thread(who, source["id"]) for who in (ana, priya)}
    await merge(priya, source, target)
    for who in (ana, priya):
        assert await thread(who, source["id"]) == before[who.name]
        assert await said(who, target) == [
            f"Ticket {target['ticket_no']} is open. You can talk to us here.",
            f"Priya Nair merged {source['ticket_no']} into this ticket.",
        ]
    rows = (await ana.get("/tickets")).json()["items"]
    assert [row["unread"] for row in rows] == [0, 0]


async def test_the_history_of_both_says_so(ana: Somebody, priya: Somebody) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana)
    await merge(priya, source, target)
    for reader in (ana, priya):
        assert await kinds(reader, source) == ["opened", "status_changed", "merged"]
        assert await kinds(reader, target) == ["opened", "took_in"]
    last = [(await priya.get(f"/tickets/{each['id']}/events")).json()["items"][-1] for each in (source, target)]
    assert [event["data"] for event in last] == [{"into": ref(target)}, {"source": ref(source)}]
    assert [event["actor"] for event in last] == [priya.person] * 2


async def test_who_waited_in_the_one_waits_on_in_the_other(ana: Somebody, priya: Somebody) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana)
    await post_message(priya, target["id"], "What does it say?")
    await set_status(priya, target["id"], "waiting")
    await send_away(priya, target, clock.now() + SOON)
    since = {row["id"]: row["awaiting_since"] for row in (await priya.get("/tickets")).json()["items"]}
    assert since[target["id"]] is None
    told = await merge(priya, source, target)
    assert (told["status"], told["snoozed_until"]) == ("open", None)
    (row,) = (await priya.get("/tickets", params={"awaiting_reply": "true"})).json()["items"]
    assert (row["id"], row["awaiting_since"]) == (target["id"], since[source["id"]])
    assert await counts(priya) == NONE | {"awaiting_reply": 1, "unassigned": 1, "open": 1}
    assert (await kinds(priya, target))[-3:] == ["woken", "status_changed", "took_in"]


async def test_who_has_been_answered_waits_for_nobody(ana: Somebody, priya: Somebody) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana)
    for ticket in (target, source):
        await post_message(priya, ticket["id"], "It is on its way")
    await set_status(priya, target["id"], "waiting")
    await send_away(priya, target, clock.now() + SOON)
    told = await merge(priya, source, target)
    assert (told["status"], told["snoozed_until"] is not None) == ("waiting", True)
    assert await counts(priya) == NONE | {"snoozed": 1}


async def test_tags_go_over_as_far_as_there_is_room(ana: Somebody, priya: Somebody) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana)
    await tag(priya, target, *(f"t{number:02}" for number in range(19)))
    await tag(priya, source, "refund", "T03", "zeal")
    told = await merge(priya, source, target)
    assert told["tags"] == ["refund", *(f"t{number:02}" for number in range(19))]
    assert await listed(priya, tag="refund") == [source["id"], target["id"]]
    assert await listed(priya, tag="zeal") == [source["id"]]


async def test_what_cannot_be_merged_is_refused_with_its_reason(ana: Somebody, ben: Somebody, priya: Somebody) -> None:
    mine, other, his = await open_ticket(ana), await open_ticket(ana), await open_ticket(ben)
    assert await refusal(priya, mine, mine["id"]) == (422, "merge_into_itself")
    assert await refusal(priya, mine, his["id"]) == (409, "other_customer")
    assert await refusal(priya, mine, 999_999) == (404, "not_found")
    assert await refusal(priya, {"id": 999_999}, mine["id"]) == (404, "not_found")
    for wrong in (0, -1, 2**31, "7", True, 1.5, None):
        assert await refusal(priya, mine, wrong) == (422, "invalid_input")
    for status in ("resolved", "closed"):
        await set_status(priya, other["id"], status)
        assert await refusal(priya, mine, other["id"]) == (409, "merge_into_solved")
    for ticket in (mine, other, his):
        assert not {"merged", "took_in"} & set(await kinds(priya, ticket))
    # The other way round it is what both agents mean.
    assert (await merge(priya, other, mine))["merged_from"] == [ref(other)]


async def test_customers_do_not_merge(ana: Somebody, ben: Somebody) -> None:
    mine, other = await open_ticket(ana), await open_ticket(ana)
    for customer in (ana, ben):
        assert await refusal(customer, mine, other["id"]) == (403, "wrong_role")


async def test_another_customer_learns_of_none_of_it(ana: Somebody, ben: Somebody, priya: Somebody) -> None:
    target, source, his = await open_ticket(ana), await open_ticket(ana), await open_ticket(ben)
    await merge(priya, source, target)
    for ticket in (target, source):
        for path in (f"/ticket/{ticket['id']}", f"/tickets/{ticket['id']}/messages", f"/tickets/{ticket['id']}/events"):
            assert (await ben.get(path)).status_code == 404
    told = await shown(ben, his)
    assert (told["merged_into"], told["merged_from"]) == (None, [])
    assert await listed(ben) == [his["id"]]


ACTS: list[tuple[str, str, object]] = [
    ("PUT", "status", {"status": "open"}),
    ("PUT", "priority", {"priority": "urgent"}),
    ("POST", "claim", None),
    ("POST", "release", None),
    ("PUT", "assignee", {"agent_id": None}),
    ("PUT", "tags", {"add": ["refund"]}),
    ("PUT", "snooze", {"until": (clock.now() + SOON).isoformat()}),
    ("DELETE", "snooze", None),
    ("POST", "answer", {"priority": "urgent"}),
    ("POST", "answer", {"status": "open"}),
    ("POST", "answer", {"message": {"client_id": "0f4c3c52-6d1c-4a4f-9a57-5f5b0a4f6a11", "content": "Hello"}}),
    ("POST", "messages", {"client_id": "0f4c3c52-6d1c-4a4f-9a57-5f5b0a4f6a12", "content": "Hello"}),
    ("POST", "messages", {"client_id": "0f4c3c52-6d1c-4a4f-9a57-5f5b0a4f6a13", "content": "Psst", "internal": True}),
]


async def test_a_merged_ticket_stays_as_it_is_and_says_where_it_went(ana: Somebody, priya: Somebody) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana)
    await merge(priya, source, target)
    before = await shown(priya, source)
    for method, act, body in ACTS:
        refused = await priya.request(method, f"/tickets/{source['id']}/{act}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "ticket_merged"), act
        assert refused.json()["merged_into"] == ref(target)
        assert target["ticket_no"] in refused.json()["detail"]
    for method, act, body in (*ACTS[:1], *ACTS[11:12], ("PUT", "rating", {"score": 5})):
        refused = await ana.request(method, f"/tickets/{source['id']}/{act}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "ticket_merged"), act
    outcomes = await change(priya, [source, target], change={"status": "waiting"})
    assert codes(outcomes) == ["done", "ticket_merged"]
    assert await shown(priya, source) == before
    # What has been read, or is to be read again, is one's own affair.
    assert (await priya.put(f"/tickets/{source['id']}/unread")).status_code == 200


async def test_what_was_solved_in_bulk_and_merged_since_is_not_brought_back(ana: Somebody, priya: Somebody) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana)
    (done,) = await change(priya, [source], change={"status": "closed"})
    await merge(priya, source, target)
    item = {key: done[key] for key in ("id", "before", "after")}
    (told,) = (await priya.post("/tickets/bulk/undo", {"items": [item]})).json()["items"]
    assert told["problem"]["code"] == "ticket_merged"
    assert await listed(priya, awaiting_reply="true") == [target["id"]]


async def test_nobody_is_led_along_a_chain(ana: Somebody, priya: Somebody) -> None:
    first, second, third = [await open_ticket(ana) for _ in range(3)]
    await merge(priya, first, second)
    assert await refusal(priya, first, third["id"]) == (409, "ticket_merged")
    assert await refusal(priya, third, first["id"]) == (409, "ticket_merged")
    assert await refusal(priya, second, first["id"]) == (409, "ticket_merged")
    told = await merge(priya, second, third)
    assert told["merged_from"] == [ref(first), ref(second)]
    assert [(await shown(ana, each))["merged_into"] for each in (first, second)] == [ref(third)] * 2
    assert (await shown(ana, second))["merged_from"] == []


async def test_a_ticket_without_merges_is_read_in_as_many_statements_as_ever(
    app: FastAPI, ana: Somebody, priya: Somebody
) -> None:
    target, source, other = [await open_ticket(ana) for _ in range(3)]
    await merge(priya, source, target)

    async def statements_of(ticket: Row) -> int:
        with count_queries(app.state.database.engine) as sent:
            await shown(priya, ticket)
        return len(sent)

    plain, gone, whole = [await statements_of(each) for each in (other, source, target)]
    assert plain == gone == whole - 1


@pytest.mark.sockets
async def test_a_message_that_was_stored_before_is_confirmed_after_it(ana: Somebody, priya: Somebody) -> None:
    target, source = await open_ticket(ana), await open_ticket(ana)
    message = await post_message(ana, source["id"], "Once")
    await merge(priya, source, target)
    again = await ana.post(f"/tickets/{source['id']}/messages", {"client_id": message["client_id"], "content": "Once"})
    assert (again.status_code, again.json()["id"]) == (200, message["id"])


@pytest.mark.sockets
async def test_everybody_hears_of_it_where_he_is(sockets: str, ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    target, earlier, source = [await open_ticket(ana) for _ in range(3)]
    await merge(priya, earlier, source)
    async with (
        join(sockets, source["id"], ana.token) as customer,
        join(sockets, earlier["id"], ana.token) as old,
        join(sockets, target["id"], sam.token) as colleague,
    ):
        for room in (customer, old, colleague):
            await room.next("ready")
        await merge(priya, source, target)
        for room in (customer, old):
            told = await shown_in(room, merged_into=ref(target))
            assert told["allowed_statuses"] == []
            assert room.messages() == []
        line = await colleague.next("message")
        assert line["content"] == f"Priya Nair merged {source['ticket_no']} into this ticket."
        await shown_in(colleague, merged_from=[ref(earlier), ref(source)])
