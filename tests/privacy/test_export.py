"""A customer's data taken along: all of it that is his, nothing that is not, and not twice at once."""

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import func, select, update

from csts.kit.columns import DatabaseTime
from csts.kit.db import Database
from csts.privacy import exports
from csts.privacy.models import RunningExport
from tests.auth.sessions import refusal
from tests.make import claim, jpeg_bytes, open_ticket, pdf_bytes, png_bytes, post_message, set_status, upload
from tests.people import Somebody

NOTE = "Looks like he mistyped it."


async def taken(who: Somebody, path: str = "/user/export") -> zipfile.ZipFile:
    answer = await who.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.zip"'
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive


def read(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


async def full_ticket(customer: Somebody, agent: Somebody) -> dict[str, Any]:
    """With two pictures, talk with a file, a note with a file, and a rating."""
    ticket = await open_ticket(customer, png_bytes(), jpeg_bytes(), subject="Cannot pay")
    await claim(agent, ticket["id"])
    file = await upload(customer, ticket["id"], pdf_bytes(), "bill.pdf")
    await post_message(customer, ticket["id"], "Here is the bill.", attachment_ids=[file["id"]])
    await post_message(agent, ticket["id"], "Thank you!")
    secret = await upload(agent, ticket["id"], png_bytes(9, 9), "inside.png")
    await post_message(agent, ticket["id"], NOTE, internal=True, attachment_ids=[secret["id"]])
    await set_status(agent, ticket["id"], "resolved")
    await customer.put(f"/tickets/{ticket['id']}/rating", {"score": 5, "comment": "Quick."})
    return ticket


async def test_it_holds_all_that_is_his(ana: Somebody, priya: Somebody) -> None:
    ticket = await full_ticket(ana, priya)
    archive = await taken(ana)
    account = read(archive, "account.json")
    assert (account["name"], account["email"], account["id"]) == ("Ana Ruiz", "ana@example.com", ana.id)
    told = read(archive, f"tickets/{ticket['ticket_no']}.json")
    assert (told["subject"], told["status"], told["ratings"][0]["comment"]) == ("Cannot pay", "resolved", "Quick.")
    said = [message["content"] for message in told["messages"] if message["sender"]["kind"] != "system"]
    assert said == ["Here is the bill.", "Thank you!"]
    assert [message["seq"] for message in told["messages"]] == list(range(1, len(told["messages"]) + 1))
    files = [name.rpartition("/")[2] for name in archive.namelist() if name.startswith("files/")]
    assert [name.partition("-")[2] for name in files] == ["screen-1.png", "screen-2.jpg", "bill.pdf"]
    bill = next(name for name in archive.namelist() if name.endswith("bill.pdf"))
    assert archive.read(bill) == pdf_bytes()


async def test_nothing_of_the_desks_own_is_in_it(ana: Somebody, priya: Somebody, ben: Somebody) -> None:
    ticket = await full_ticket(ana, priya)
    other = await open_ticket(ben, subject="Of somebody else")
    archive = await taken(ana)
    content = b"".join(archive.read(name) for name in archive.namelist())
    assert NOTE.encode() not in content
    assert not [name for name in archive.namelist() if "inside" in name or other["ticket_no"] in name]
    told = read(archive, f"tickets/{ticket['ticket_no']}.json")
    assert not {"tags", "snoozed_until"} & set(told)


async def test_an_admin_takes_the_same_along_for_him(ana: Somebody, priya: Somebody, mona: Somebody) -> None:
    await full_ticket(ana, priya)
    own, handed_out = await taken(ana), await taken(mona, f"/customers/{ana.id}/export")
    assert own.namelist() == handed_out.namelist()
    assert [own.read(name) for name in own.namelist()] == [handed_out.read(name) for name in handed_out.namelist()]
    assert refusal(await mona.get("/customers/999999/export")) == (404, "not_found")


async def test_it_is_put_down_without_the_customers_name(ana: Somebody, mona: Somebody) -> None:
    await taken(ana)
    await taken(mona, f"/customers/{ana.id}/export")
    entries = (await mona.get("/audit", params={"act": "customer_exported"})).json()["items"]
    assert [entry["who"]["kind"] for entry in entries] == ["agent", "customer"]
    assert {entry["about"]["id"] for entry in entries} == {ana.id}
    assert ana.name not in json.dumps(entries)


async def test_a_customer_without_tickets_has_an_account(ana: Somebody) -> None:
    assert (await taken(ana)).namelist() == ["account.json"]


async def test_more_tickets_and_messages_than_one_read_takes(ana: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csts.privacy.archive.TICKETS_AT_ONCE", 2)
    monkeypatch.setattr("csts.privacy.archive.MESSAGES_AT_ONCE", 2)
    tickets = [await open_ticket(ana) for _ in range(4)]
    for number in range(5):
        await post_message(ana, tickets[0]["id"], f"Line {number}")
    archive = await taken(ana)
    assert sum(name.startswith("tickets/") for name in archive.namelist()) == 4
    told = read(archive, f"tickets/{tickets[0]['ticket_no']}.json")
    assert [message["content"] for message in told["messages"]][-5:] == [f"Line {number}" for number in range(5)]


async def test_a_file_that_the_storage_has_lost_spoils_nothing(app: FastAPI, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    async for file in app.state.storage.files():
        await app.state.storage.delete(file.path)
    assert (await taken(ana)).namelist() == ["account.json", f"tickets/{ticket['ticket_no']}.json"]


async def test_one_at_a_time_whichever_process_is_asked(app: FastAPI, ana: Somebody, ben: Somebody) -> None:
    async with app.state.database.write() as session:
        await exports.begin(session, ana.id)
    assert refusal(await ana.get("/user/export")) == (409, "export_running")
    await taken(ben)
    async with app.state.database.write() as session:
        # The process that had begun it is gone, and its time is over.
        await session.execute(update(RunningExport).values(until=DatabaseTime(-1)))
    await taken(ana)
    await taken(ana)
    assert await running(app) == 0


async def test_of_two_that_begin_at_the_same_moment_one_does(app: FastAPI, ana: Somebody) -> None:
    async def begin() -> str:
        async with app.state.database.write() as session:
            return await exports.begin(session, ana.id)

    outcomes = await asyncio.gather(*(begin() for _ in range(4)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, str)] == [exports.ExportRunning] * 3
    assert await running(app) == 1


async def test_one_that_is_broken_off_may_begin_again_at_once(app: FastAPI, ana: Somebody) -> None:
    database: Database = app.state.database
    async with database.write() as session:
        lease = await exports.begin(session, ana.id)
    begun = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"PK"
        begun.set()
        await asyncio.Event().wait()

    async def download() -> None:
        async for _piece in exports.held(database, lease, pieces()):
            pass

    downloading = asyncio.create_task(download())
    await begun.wait()
    downloading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await downloading
    await taken(ana)


async def running(app: FastAPI) -> int:
    async with app.state.database.read() as session:
        return await session.scalar(select(func.count()).select_from(RunningExport)) or 0


class TestLimit:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"CSTS_LIMIT_EXPORTS": "2/hour"}

    async def test_so_often_an_hour(self, client: AsyncClient, ana: Somebody, ben: Somebody) -> None:
        answers = [await ana.get("/user/export") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert (await ben.get("/user/export")).status_code == 200
