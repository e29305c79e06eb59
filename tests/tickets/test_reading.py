"""A ticket for each of its readers: unread counts, notes, files, history."""

from pathlib import Path

import pytest
from httpx2 import AsyncClient

from tests.make import claim, open_ticket, pdf_bytes, png_bytes, post_message, set_status, thread, upload
from tests.people import Somebody


async def unread(who: Somebody, ticket_id: int) -> int:
    """As the list and the ticket tell it; they must not differ."""
    rows = (await who.get("/tickets")).json()["items"]
    listed = {row["id"]: row["unread"] for row in rows}[ticket_id]
    shown = (await who.get(f"/ticket/{ticket_id}")).json()["unread"]
    assert listed == shown
    return int(shown)


async def test_everybody_has_his_own_unread_count(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    ticket = await open_ticket(ana)
    assert [await unread(who, ticket["id"]) for who in (ana, priya, sam)] == [0, 0, 0]
    await post_message(ana, ticket["id"])
    await post_message(ana, ticket["id"])
    await post_message(priya, ticket["id"], "Hello")
    assert [await unread(who, ticket["id"]) for who in (ana, priya, sam)] == [1, 2, 2]


async def test_notes_and_system_lines_are_unread_by_nobody(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    await post_message(priya, ticket["id"], "He called before", internal=True)
    assert [await unread(who, ticket["id"]) for who in (ana, sam)] == [0, 0]


async def test_a_note_leaves_no_sign_for_the_customer(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await post_message(ana, ticket["id"], "Hello?")
    before = (await ana.get(f"/ticket/{ticket['id']}")).json()
    rows = (await ana.get("/tickets")).json()
    file = await upload(priya, ticket["id"], pdf_bytes(), "secret.pdf")
    await post_message(priya, ticket["id"], "Suspicious", internal=True, attachment_ids=[file["id"]])
    assert (await ana.get(f"/ticket/{ticket['id']}")).json() == before
    assert (await ana.get("/tickets")).json() == rows
    assert [message["seq"] for message in await thread(ana, ticket["id"])] == [1, 2]
    assert [message["seq"] for message in await thread(priya, ticket["id"])] == [1, 2, 3]
    assert (await ana.get(file["url"])).status_code == 404
    assert (await priya.get(file["url"])).status_code == 200


async def test_each_reader_counts_in_his_own_numbers(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await post_message(priya, ticket["id"], "A note", internal=True)
    await post_message(priya, ticket["id"], "Hello")
    assert (await ana.get(f"/ticket/{ticket['id']}")).json()["last_seq"] == 2
    assert (await priya.get(f"/ticket/{ticket['id']}")).json()["last_seq"] == 3


async def test_screenshots_open_for_the_owner_and_agents_alone(
    ana: Somebody, ben: Somebody, priya: Somebody, client: AsyncClient
) -> None:
    picture = png_bytes(12, 12)
    (file,) = (await open_ticket(ana, picture))["attachments"]
    for who in (ana, priya):
        answer = await who.get(file["url"])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    refused, unknown = await ben.get(file["url"]), await ben.get("/attachments/999")
    assert refused.status_code == unknown.status_code == 404
    assert refused.json() == unknown.json()
    assert (await client.get(file["url"])).status_code == 401


async def test_a_pdf_is_a_download(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    file = await upload(ana, ticket["id"], pdf_bytes(), "bill.pdf")
    answer = await ana.get(file["url"])
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_a_file_that_an_agent_has_not_sent_is_not_the_customers(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    file = await upload(priya, ticket["id"], pdf_bytes(), "draft.pdf")
    assert (await ana.get(file["url"])).status_code == 404
    await post_message(priya, ticket["id"], "Here", attachment_ids=[file["id"]])
    assert (await ana.get(file["url"])).status_code == 200


async def test_a_file_that_the_storage_has_lost_is_not_found(ana: Somebody, tmp_path: Path) -> None:
    (file,) = (await open_ticket(ana))["attachments"]
    for stored in (tmp_path / "uploads").rglob("*"):
        if stored.is_file():
            stored.unlink()
    assert (await ana.get(file["url"])).status_code == 404


async def test_what_is_not_yours_and_what_is_not_there_look_the_same(ana: Somebody, ben: Somebody) -> None:
    ticket = await open_ticket(ana)
    for path in ("/ticket/{}", "/tickets/{}/events", "/tickets/{}/messages"):
        refused, unknown = await ben.get(path.format(ticket["id"])), await ben.get(path.format(999))
        assert refused.status_code == 404
        assert refused.json() == unknown.json()


async def test_the_history_tells_who_did_what(ana: Somebody, priya: Somebody, sam: Somebody) -> None:
    ticket = await open_ticket(ana)
    await claim(priya, ticket["id"])
    await priya.put(f"/tickets/{ticket['id']}/priority", {"priority": "urgent"})
    await priya.put(f"/tickets/{ticket['id']}/assignee", {"agent_id": sam.id})
    await sam.post(f"/tickets/{ticket['id']}/release")
    await set_status(ana, ticket["id"], "closed")
    events = (await priya.get(f"/tickets/{ticket['id']}/events")).json()["items"]
    told = [(event["kind"], event["actor"]["name"], event["data"]) for event in events]
    sams = {"agent": {"id": sam.id, "name": sam.name}}
    assert told == [
        ("opened", ana.name, {}),
        ("claimed", priya.name, {}),
        ("status_changed", priya.name, {"from": "open", "to": "in_progress"}),
        ("priority_changed", priya.name, {"from": "medium", "to": "urgent"}),
        ("assigned", priya.name, sams),
        ("released", sam.name, {}),
        ("status_changed", sam.name, {"from": "in_progress", "to": "open"}),
        ("status_changed", ana.name, {"from": "open", "to": "closed"}),
    ]
    assert [event["id"] for event in events] == sorted(event["id"] for event in events)
    assert all(event["created_at"].endswith("Z") for event in events)
    assert (await ana.get(f"/tickets/{ticket['id']}/events")).json()["items"] == events


async def test_choices_and_limits_are_told_to_anybody(client: AsyncClient) -> None:
    told = (await client.get("/options")).json()
    assert told["issue_types"] == ["account", "billing", "technical", "general"]
    assert told["priorities"] == ["low", "medium", "high", "urgent"]
    assert told["statuses"] == ["open", "in_progress", "waiting", "resolved", "closed"]
    four = 4 * 1024 * 1024
    assert told["screenshots"] == {"min": 1, "max": 3, "max_bytes": four, "types": ["image/png", "image/jpeg"]}
    assert told["attachments"]["types"] == ["image/png", "image/jpeg", "application/pdf"]
    assert told["attachments"]["max_bytes"] == four
    assert (told["subject"], told["description"]) == ({"min": 3, "max": 200}, {"max": 10_000})
    assert told["message_max_chars"] == 4000


@pytest.mark.parametrize("who", ["ana", "priya"])
async def test_an_upload_alone_does_not_touch_the_ticket(ana: Somebody, priya: Somebody, who: str) -> None:
    ticket = await open_ticket(ana)
    await upload({"ana": ana, "priya": priya}[who], ticket["id"])
    assert (await ana.get(f"/ticket/{ticket['id']}")).json()["updated_at"] == ticket["updated_at"]
