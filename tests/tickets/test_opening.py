"""Opening a ticket: what is taken, what is refused with a reason, and that a refusal leaves nothing behind."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import func, select

from csts.attachments.models import Attachment
from csts.tickets.models import Ticket, TicketEvent
from tests.make import jpeg_bytes, open_ticket, pdf_bytes, png_bomb, png_bytes, png_of_size, screenshots, thread
from tests.make import ticket_form as form
from tests.people import Somebody

FOUR_MEGABYTES = 4 * 1024 * 1024


def stored_files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and file.name != "probe"]


async def rows(app: FastAPI) -> dict[str, int]:
    async with app.state.database.read() as session:
        return {
            table.__tablename__: await session.scalar(select(func.count()).select_from(table))
            for table in (Ticket, TicketEvent, Attachment)
        }


async def submit(customer: Somebody, *pictures: bytes, **changes: str) -> Response:
    return await customer.post("/user/createticket", data=form(**changes), files=screenshots(*pictures))


def fields(answer: Response) -> list[str]:
    return [error["field"] for error in answer.json()["errors"]]


async def test_a_ticket_comes_back_whole(ana: Somebody) -> None:
    ticket = await open_ticket(ana, png_bytes(30, 20), jpeg_bytes(), priority="high", callback_number="+49 30 901820")
    assert ticket["ticket_no"]
    assert ticket["customer"] == {"id": ana.id, "name": ana.name}
    assert ticket["status"] == "open"
    assert ticket["priority"] == "high"
    assert ticket["callback_number"] == "+4930901820"
    assert ticket["agent"] is None
    assert ticket["allowed_statuses"] == ["closed"]
    assert ticket["created_at"].endswith("Z")
    assert [file["file_type"] for file in ticket["attachments"]] == ["image/png", "image/jpeg"]
    assert (ticket["attachments"][0]["width"], ticket["attachments"][0]["height"]) == (30, 20)


async def test_agents_see_how_to_reach_the_customer(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    seen = (await priya.get(f"/ticket/{ticket['id']}")).json()
    assert seen["customer"] == {"id": ana.id, "name": ana.name, "email": ana.account.login}


async def test_a_room_is_there_from_the_first_second(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    (first,) = await thread(ana, ticket["id"])
    assert first["seq"] == ticket["last_seq"] == 1
    assert first["sender"]["kind"] == "system"
    assert ticket["ticket_no"] in first["content"]


async def test_numbers_are_unique_and_short(ana: Somebody) -> None:
    numbers = [(await open_ticket(ana))["ticket_no"] for _ in range(3)]
    assert len(set(numbers)) == 3
    assert all(len(number) <= 12 for number in numbers)


async def test_medium_is_the_priority_of_who_chooses_none(ana: Somebody) -> None:
    assert (await open_ticket(ana))["priority"] == "medium"
    assert (await open_ticket(ana, priority=""))["priority"] == "medium"


@pytest.mark.parametrize("count", [1, 2, 3])
async def test_one_to_three_screenshots_are_taken(ana: Somebody, count: int) -> None:
    ticket = await open_ticket(ana, *[png_bytes()] * count)
    assert len(ticket["attachments"]) == count


@pytest.mark.parametrize(
    "pictures,status,code",
    [
        ([png_bytes()] * 4, 422, "too_many_files"),
        ([png_bytes(), b"MZ this is a program"], 415, "unsupported_file"),
        ([png_bytes(), pdf_bytes()], 415, "unsupported_file"),
        ([png_bytes(), png_bomb()], 415, "unsupported_file"),
        ([png_bytes(), b""], 415, "unsupported_file"),
        ([png_bytes(), png_of_size(FOUR_MEGABYTES + 1)], 413, "file_too_large"),
    ],
    ids=["four", "program", "pdf", "bomb", "empty", "too large"],
)
async def test_one_refused_file_leaves_no_ticket_and_no_file(
    app: FastAPI, ana: Somebody, tmp_path: Path, pictures: list[bytes], status: int, code: str
) -> None:
    answer = await submit(ana, *pictures)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await rows(app) == {"tickets": 0, "ticket_events": 0, "attachments": 0}
    assert stored_files(tmp_path / "uploads") == []


async def test_four_megabytes_are_not_too_many(ana: Somebody) -> None:
    assert (await submit(ana, png_of_size(FOUR_MEGABYTES))).status_code == 201


async def test_without_a_screenshot_it_says_what_is_missing(ana: Somebody) -> None:
    answer = await ana.post("/user/createticket", files=[(name, (None, value)) for name, value in form().items()])
    assert (answer.status_code, answer.json()["code"]) == (422, "too_few_files")
    assert fields(answer) == ["screenshots"]


@pytest.mark.parametrize(
    "field,value",
    [
        ("subject", ""),
        ("subject", "ab"),
        ("subject", "  a  b" + " " * 9),
        ("subject", "x" * 201),
        ("description", ""),
        ("description", " \n\t "),
        ("description", "x" * 10_001),
        ("issue_type", "plumbing"),
        ("issue_type", ""),
        ("priority", "asap"),
        ("callback_number", "030 901820"),
        ("callback_number", "call me"),
        ("callback_number", "+49"),
        ("colour", "red"),
        ("screenshots", "a text"),
    ],
)
async def test_a_wrong_field_is_named(app: FastAPI, ana: Somebody, field: str, value: str) -> None:
    answer = await submit(ana, **{field: value})
    if field == "subject" and value.strip() == "a  b":
        assert answer.status_code == 201
        return
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert fields(answer)[0].split(".")[0] == field
    assert (await rows(app))["tickets"] == 0


@pytest.mark.parametrize("missing", ["subject", "description", "issue_type"])
async def test_a_missing_field_is_named(ana: Somebody, missing: str) -> None:
    given = {name: value for name, value in form().items() if name != missing}
    answer = await ana.post("/user/createticket", data=given, files=screenshots())
    assert answer.status_code == 422
    assert fields(answer) == [missing]


@pytest.mark.parametrize("subject", ["abc", "x" * 200, "🙂" * 200, "تذكرة جديدة", '<b>"bold"</b> & more'])
async def test_any_script_and_any_sign_is_kept(ana: Somebody, subject: str) -> None:
    description = subject + "\n" + "🙂" * 9_700
    ticket = await open_ticket(ana, subject=subject, description=description)
    assert ticket["subject"] == subject
    assert ticket["description"] == description


async def test_what_cannot_be_seen_is_taken_out(ana: Somebody) -> None:
    ticket = await open_ticket(ana, subject=" no\x00thing\x07\n to  see ", description="a\x00b\nc")
    assert (ticket["subject"], ticket["description"]) == ("nothing to see", "ab\nc")


@pytest.mark.parametrize(
    "content_type,body",
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"this is no multipart body"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x--\r\n"),
    ],
    ids=["no boundary", "not multipart", "a part without a name"],
)
async def test_a_body_that_is_no_multipart_is_malformed(ana: Somebody, content_type: str, body: bytes) -> None:
    answer = await ana.post("/user/createticket", content=body, headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
async def test_another_kind_of_body_has_the_wrong_shape(ana: Somebody, content_type: str) -> None:
    answer = await ana.post("/user/createticket", content=b"{}", headers={"Content-Type": content_type})
    assert answer.status_code == 422


async def test_a_body_of_33_megabytes_is_refused_before_it_is_read(ana: Somebody) -> None:
    answer = await submit(ana, bytes(33 * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_agents_open_no_tickets(priya: Somebody) -> None:
    answer = await submit(priya)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_role")
