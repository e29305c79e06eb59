"""Who has a ticket: claims, races for one, giving back and handing over."""

import asyncio

import pytest
from httpx2 import AsyncClient

from tests.make import claim, open_ticket, set_status, thread
from tests.people import Account, Somebody, hire, sign_in

MANY = 50


async def test_a_claim_takes_an_open_ticket_into_work(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    claimed = await claim(priya, ticket["id"])
    assert claimed["agent"] == {"id": priya.id, "name": priya.name}
    assert claimed["status"] == "in_progress"
    assert claimed["last_seq"] == (await thread(priya, ticket["id"]))[-1]["seq"]


@pytest.mark.parametrize("status", ["waiting", "resolved", "closed"])
async def test_a_claim_moves_no_other_ticket(ana: Somebody, priya: Somebody, status: str) -> None:
    ticket = await open_ticket(ana)
    await set_status(priya, ticket["id"], status)
    assert (await claim(priya, ticket["id"]))["status"] == status


async def test_of_many_who_claim_at_once_one_wins(client: AsyncClient, ana: Somebody, database_url: str) -> None:
    ticket = await open_ticket(ana)
    crowd = [Account("agent", f"agent-{number}", f"Agent {number}", "agent") for number in range(5)]
    for account in crowd:
        await hire(database_url, account)
    agents = [await sign_in(client, account) for account in crowd]
    answers = await asyncio.gather(
        *(agents[number % len(agents)].post(f"/tickets/{ticket['id']}/claim") for number in range(MANY))
    )
    won = [answer.json() for answer in answers if answer.status_code == 200]
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (1, MANY - 1)
    assert {told["code"] for told in lost} == {"already_claimed"}
    assert all(told["agent"] == won[0]["agent"] for told in lost)
    assert len(await thread(ana, ticket["id"])) == 2


async def test_the_winner_who_claims_again_is_told_of_himself(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    again = await priya.post(f"/tickets/{ticket['id']}/claim")
    assert again.status_code == 409
    assert again.json()["agent"] == {"id": priya.id, "name": priya.name}
    assert priya.name in again.json()["detail"]


async def test_who_has_a_ticket_gives_it_back(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    answer = await priya.post(f"/tickets/{ticket['id']}/release")
    assert answer.status_code == 200
    assert (answer.json()["agent"], answer.json()["status"]) == (None, "open")


async def test_nobody_else_gives_it_back_but_an_admin(
    ana: Somebody, priya: Somebody, sam: Somebody, mona: Somebody
) -> None:
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    refused = await sam.post(f"/tickets/{ticket['id']}/release")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_ticket")
    assert (await mona.post(f"/tickets/{ticket['id']}/release")).status_code == 200


async def test_what_nobody_has_cannot_be_given_back(ana: Somebody, priya: Somebody, mona: Somebody) -> None:
    ticket = await open_ticket(ana)
    assert (await priya.post(f"/tickets/{ticket['id']}/release")).status_code == 403
    refused = await mona.post(f"/tickets/{ticket['id']}/release")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_claimed")


async def test_a_ticket_is_handed_over(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    answer = await priya.put(f"/tickets/{ticket['id']}/assignee", {"agent_id": sam.id})
    assert answer.json()["agent"] == {"id": sam.id, "name": sam.name}
    events = (await priya.get(f"/tickets/{ticket['id']}/events")).json()["items"]
    assert events[-1]["kind"] == "assigned"
    assert events[-1]["data"] == {"agent": {"id": sam.id, "name": sam.name}}
    assert events[-1]["actor"] == priya.person
    assert (await sam.post(f"/tickets/{ticket['id']}/release")).status_code == 200


async def test_handing_an_open_ticket_over_takes_it_into_work(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    ticket = await open_ticket(ana)
    answer = await priya.put(f"/tickets/{ticket['id']}/assignee", {"agent_id": sam.id})
    assert answer.json()["status"] == "in_progress"


async def test_handing_over_to_nobody_gives_it_back(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    answer = await priya.put(f"/tickets/{ticket['id']}/assignee", {"agent_id": None})
    assert (answer.json()["agent"], answer.json()["status"]) == (None, "open")


async def test_handing_over_to_who_has_it_leaves_no_trace(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    claimed = await claim(priya, ticket["id"])
    answer = await priya.put(f"/tickets/{ticket['id']}/assignee", {"agent_id": priya.id})
    assert (answer.status_code, answer.json()["updated_at"]) == (200, claimed["updated_at"])


@pytest.mark.parametrize("agent_id", [0, -1, 999, 2**31, 10**30, "sam", 1.5, True])
async def test_nobody_gets_a_ticket_who_is_no_agent(ana: Somebody, priya: Somebody, agent_id: object) -> None:
    ticket = await open_ticket(ana)
    answer = await priya.put(f"/tickets/{ticket['id']}/assignee", {"agent_id": agent_id})
    assert answer.status_code == 422


async def test_a_deactivated_colleague_gets_nothing(ana: Somebody, sam: Somebody, mona: Somebody) -> None:
    ticket = await open_ticket(ana)
    assert (await mona.put(f"/agents/{sam.id}", {"active": False})).status_code == 200
    refused = await mona.put(f"/tickets/{ticket['id']}/assignee", {"agent_id": sam.id})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_agent")


@pytest.mark.parametrize("number", ["0", "-1", "999", "2147483648", "9" * 30])
@pytest.mark.parametrize(
    "method,path,body",
    [
        ("GET", "/ticket/{}", None),
        ("GET", "/tickets/{}/events", None),
        ("GET", "/tickets/{}/messages", None),
        ("GET", "/attachments/{}", None),
        ("POST", "/tickets/{}/claim", None),
        ("PUT", "/tickets/{}/status", {"status": "closed"}),
    ],
)
async def test_a_number_that_no_ticket_has_is_not_found(
    priya: Somebody, number: str, method: str, path: str, body: object
) -> None:
    answer = await priya.request(method, path.format(number), json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_ticket_without_a_number_has_the_wrong_shape(priya: Somebody) -> None:
    assert (await priya.get("/ticket/first")).status_code == 422
