"""What nobody names any more goes after a day; what somebody may still need stays."""

from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import func, select

from csts.attachments.models import Attachment
from csts.auth.models import AccountLink, UserRefreshToken
from csts.jobs.sweeps import sweep_drafts, sweep_files, sweep_tokens, sweep_uploads
from csts.kit import clock
from tests.make import open_ticket, png_bytes, post_message, upload
from tests.people import Somebody

TOMORROW = timedelta(days=1, minutes=1)


async def test_an_upload_that_was_never_sent_is_forgotten_after_a_day(app: FastAPI, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    sent = await upload(ana, ticket["id"])
    await post_message(ana, ticket["id"], attachment_ids=[sent["id"]])
    await upload(ana, ticket["id"], png_bytes(colour=(1, 2, 3)))

    assert await sweep_uploads(app.state.database) == 0
    with clock.at(clock.now() + TOMORROW):
        assert await sweep_uploads(app.state.database) == 1

    async with app.state.database.read() as session:
        left = await session.scalar(select(func.count()).select_from(Attachment))
    assert left == 2, "the screenshot and the file that was sent"


async def test_a_stored_file_without_a_row_is_deleted_after_a_day(app: FastAPI, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    storage = app.state.storage
    await storage.put("ab/cdef", b"left behind by a crash")

    assert await sweep_files(app.state.database, storage) == 0
    with clock.at(clock.now() + TOMORROW):
        assert await sweep_files(app.state.database, storage) == 1

    assert (await ana.get(ticket["attachments"][0]["url"])).status_code == 200


async def test_expired_refresh_tokens_are_forgotten(app: FastAPI, ana: Somebody) -> None:
    assert await sweep_tokens(app.state.database) == 0
    with clock.at(clock.now() + timedelta(days=31)):
        assert await sweep_tokens(app.state.database) == 1

    async with app.state.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(UserRefreshToken)) == 0


async def test_a_draft_that_nobody_touches_is_forgotten_after_ninety_days(app: FastAPI, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    path = f"/tickets/{ticket['id']}/drafts"
    await ana.put(f"{path}/reply", {"content": "I wanted to say"})
    with clock.at(clock.now() + timedelta(days=89)):
        assert await sweep_drafts(app.state.database) == 0
    with clock.at(clock.now() + timedelta(days=91)):
        assert await sweep_drafts(app.state.database) == 1
    assert (await ana.get(path)).json()["items"] == []


async def test_links_that_have_expired_are_forgotten(app: FastAPI) -> None:
    async with app.state.database.write() as session:
        for number, days in ((1, -1), (2, 1)):
            link = AccountLink(purpose="reset", person_kind="customer", person_id=number, token=str(number), proof="")
            link.expires_at = clock.now() + timedelta(days=days)
            session.add(link)
    assert await sweep_tokens(app.state.database) == 1
    async with app.state.database.read() as session:
        assert [link.person_id for link in await session.scalars(select(AccountLink))] == [2]
