"""The thread over HTTP, and the files that its messages name."""

import uuid

import pytest

from tests.make import open_ticket, pdf_bytes, post_message, set_status, thread, upload
from tests.people import Somebody
from tests.support.chat import join


async def numbers(who: Somebody, ticket_id: int, **query: int) -> list[int]:
    answer = await who.get(f"/tickets/{ticket_id}/messages", params=query)
    assert answer.status_code == 200, answer.text
    return [message["seq"] for message in answer.json()["items"]]


async def test_page_holds_the_messages_nearest_to_its_edge_oldest_first(ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    for _ in range(9):
        await post_message(ana, ticket_id)
    assert await numbers(ana, ticket_id) == list(range(1, 11))
    assert await numbers(ana, ticket_id, limit=3) == [8, 9, 10]
    assert await numbers(ana, ticket_id, after=2, limit=3) == [3, 4, 5]
    assert await numbers(ana, ticket_id, before=6, limit=3) == [3, 4, 5]
    assert await numbers(ana, ticket_id, after=2, before=5) == [3, 4]
    assert await numbers(ana, ticket_id, after=10) == []
    assert await numbers(ana, ticket_id, before=1) == []
    assert await numbers(ana, ticket_id, after=0, limit=1) == [1]


async def test_a_thread_is_packed_for_customers_and_never_next_to_notes(ana: Somebody, priya: Somebody) -> None:
    """The length of what is packed tells what is alike in it: a customer could guess at what agents note."""
    ticket_id = (await open_ticket(ana))["id"]
    hers, theirs = [await who.get(f"/tickets/{ticket_id}/messages") for who in (ana, priya)]
    assert (hers.headers["content-encoding"], hers.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert "content-encoding" not in theirs.headers
    plain = await ana.get(f"/tickets/{ticket_id}/messages", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert hers.json() == theirs.json() == plain.json()


@pytest.mark.parametrize("query", ["after=-1", "after=x", "before=1e3", "limit=0", "limit=101", f"after={2**40}"])
async def test_page_that_cannot_be_is_refused(ana: Somebody, query: str) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    answer = await ana.get(f"/tickets/{ticket_id}/messages?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("number", ["0", "77", "99999999999", "9" * 30])
async def test_thread_of_a_ticket_that_is_not_there_is_not_found(ana: Somebody, number: str) -> None:
    path = f"/tickets/{number}/messages"
    message = {"client_id": str(uuid.uuid4()), "content": "Hello"}
    assert (await ana.get(path)).status_code == 404
    assert (await ana.post(path, message)).status_code == 404
    files = {"file": ("a.pdf", pdf_bytes())}
    assert (await ana.post(f"/tickets/{number}/attachments", files=files)).status_code == 404


async def test_thread_of_another_customer_is_not_found(ana: Somebody, ben: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    path = f"/tickets/{ticket_id}/messages"
    assert (await ben.get(path)).status_code == 404
    assert (await ben.post(path, {"client_id": str(uuid.uuid4()), "content": "Hi"})).status_code == 404
    files = {"file": ("a.pdf", pdf_bytes())}
    assert (await ben.post(f"/tickets/{ticket_id}/attachments", files=files)).status_code == 404
    assert len(await thread(ana, ticket_id)) == 1


async def test_message_carries_its_files(sockets: str, ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    picture = await upload(ana, ticket_id)
    document = await upload(ana, ticket_id, pdf_bytes(), "bill.pdf")
    async with join(sockets, ticket_id, priya.token) as agent:
        await agent.next("ready")
        told = await post_message(ana, ticket_id, "", attachment_ids=[document["id"], picture["id"]])
        assert (await agent.next("message"))["attachments"] == told["attachments"] == [picture, document]
    assert (await thread(priya, ticket_id))[-1]["attachments"] == [picture, document]
    (row,) = (await priya.get("/tickets")).json()["items"]
    assert row["last_message_preview"] == "error.png, bill.pdf"
    assert (await priya.get(picture["url"])).status_code == 200


async def test_file_can_be_named_once_by_its_uploader_in_its_ticket(
    ana: Somebody, ben: Somebody, priya: Somebody
) -> None:
    ticket, elsewhere = await open_ticket(ana), await open_ticket(ana)
    file = await upload(ana, ticket["id"])
    screenshot = ticket["attachments"][0]

    async def refused(who: Somebody, ticket_id: int, file_id: int) -> bool:
        message = {"client_id": str(uuid.uuid4()), "content": "See", "attachment_ids": [file_id]}
        answer = await who.post(f"/tickets/{ticket_id}/messages", message)
        return (answer.status_code, answer.json()["code"]) == (422, "unknown_attachment")

    assert await refused(priya, ticket["id"], file["id"])
    assert await refused(ana, elsewhere["id"], file["id"])
    assert await refused(ana, ticket["id"], screenshot["id"])
    assert await refused(ana, ticket["id"], 4711)
    await post_message(ana, ticket["id"], attachment_ids=[file["id"], file["id"]])
    assert await refused(ana, ticket["id"], file["id"])


async def test_refused_message_leaves_its_files_to_be_named_again(ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    file = await upload(ana, ticket_id)
    await set_status(ana, ticket_id, "closed")
    message = {"client_id": str(uuid.uuid4()), "content": "", "attachment_ids": [file["id"]]}
    assert (await ana.post(f"/tickets/{ticket_id}/messages", message)).status_code == 409
    await set_status(ana, ticket_id, "open")
    answer = await ana.post(f"/tickets/{ticket_id}/messages", message)
    assert (answer.status_code, answer.json()["attachments"]) == (201, [file])


async def test_unread_counts_the_other_side_until_it_is_read(sockets: str, ana: Somebody, priya: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    await post_message(priya, ticket_id)
    await post_message(priya, ticket_id)
    await post_message(ana, ticket_id)
    assert (await ana.get("/tickets")).json()["items"][0]["unread"] == 2
    assert (await priya.get("/tickets")).json()["items"][0]["unread"] == 1
    async with join(sockets, ticket_id, ana.token) as customer:
        assert (await customer.next("ready"))["ticket"]["unread"] == 2
        await customer.send("read", seq=2)
        await customer.next("read")
        assert (await ana.get(f"/ticket/{ticket_id}")).json()["unread"] == 1
        await customer.send("read", seq=4)
        await customer.next("read", seq=4)
    assert (await ana.get("/tickets")).json()["items"][0]["unread"] == 0
