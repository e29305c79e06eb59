"""Letters in the queue: sent after their commit, tried again while the server is away, given up when it says never."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from csts.kit import clock
from csts.kit.tasks import State, StoredTask, Work
from csts.mail.letters import MAIL, Letter, send
from csts.mail.postman import AT_ONCE, Postman
from csts.mail.printing import Printer
from csts.mail.transports import transport_of
from tests.support.firm import PATIENCE_SECONDS, Firm, rows
from tests.support.mailbox import Mailbox

POLL_SECONDS = 0.02


def work(url: str, printer: Printer, **how: float) -> dict[str, Work]:
    return {MAIL: Work(Postman(transport_of(url), printer.message).deliver, first_pause_seconds=0.01, **how)}  # type: ignore[arg-type]  # seconds and counts


async def post(firm: Firm, *letters: Letter) -> None:
    async with firm.database.write() as session:
        for letter in letters:
            await send(session, letter)


async def until(url: str, holds: Callable[[StoredTask], bool]) -> Sequence[StoredTask]:
    """The tasks of which that holds, once there is one. The queue's own table tells nobody of its attempts."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if found := [row for row in await rows(url) if holds(row)]:
                return found
            await asyncio.sleep(POLL_SECONDS)


async def failed(url: str) -> Sequence[StoredTask]:
    """What was given up, once there is something."""
    return await until(url, lambda row: row.state == State.FAILED)


async def test_a_letter_is_sent_after_its_commit_and_never_without_one(
    database_url: str, printer: Printer, letter: Letter
) -> None:
    async with Mailbox() as mailbox, Firm(database_url, work(mailbox.url, printer)) as firm:
        with pytest.raises(LookupError):
            await post_in_vain(firm, letter)
        with capture_logs() as logs:
            await post(firm, letter)
            [message] = await mailbox.until(1)
    assert message["Message-ID"].startswith(f"<{letter.id}@")
    assert await rows(database_url) == []
    assert "ana@example.com" not in str(logs)


async def post_in_vain(firm: Firm, letter: Letter) -> None:
    async with firm.database.write() as session:
        await send(session, letter)
        raise LookupError


async def test_a_letter_waits_for_a_server_that_is_away(database_url: str, printer: Printer, letter: Letter) -> None:
    mailbox = Mailbox()
    async with Firm(database_url, work(mailbox.url, printer, most_attempts=1000)) as firm:
        await post(firm, letter)
        await until(database_url, lambda row: row.attempts >= 2)
        async with mailbox:
            await mailbox.until(1)
    assert [message["To"] for message in mailbox.messages] == ["ana@example.com"]
    assert await rows(database_url) == []


async def test_what_is_refused_for_now_is_tried_again(database_url: str, printer: Printer, letter: Letter) -> None:
    async with Mailbox() as mailbox, Firm(database_url, work(mailbox.url, printer)) as firm:
        mailbox.refuses = "451 Come back later"
        await post(firm, letter)
        await mailbox.until_refused(2)
        mailbox.refuses = ""
        await mailbox.until(1)
    assert await rows(database_url) == []


async def test_what_is_refused_for_good_is_not_tried_again(database_url: str, printer: Printer, letter: Letter) -> None:
    async with Mailbox() as mailbox, Firm(database_url, work(mailbox.url, printer)) as firm:
        mailbox.refuses = "550 No such mailbox"
        await post(firm, letter)
        [task] = await failed(database_url)
    assert (mailbox.refused, task.tries) == (1, 1)
    assert "No such mailbox" in (task.last_error or "")


async def test_a_letter_whose_link_is_dead_is_not_sent(database_url: str, printer: Printer) -> None:
    late = Letter("password_reset", "ana@example.com", "en", useful_until=clock.now() - timedelta(seconds=1))
    async with Mailbox() as mailbox, Firm(database_url, work(mailbox.url, printer)) as firm:
        await post(firm, late)
        [task] = await failed(database_url)
    assert mailbox.messages == []
    assert "expired" in (task.last_error or "")


async def test_a_desk_without_mail_says_so_of_what_is_left(database_url: str, printer: Printer, letter: Letter) -> None:
    async with Firm(database_url, work("", printer)) as firm:
        await post(firm, letter)
        [task] = await failed(database_url)
    assert "CSTS_SMTP_URL" in (task.last_error or "")


async def test_many_letters_leave_room_for_other_work(
    database_url: str, printer: Printer, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, done = asyncio.Event(), asyncio.Event()

    class Slow:
        under_way, most = 0, 0

        async def send(self, message: object) -> None:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            await gate.wait()
            self.under_way -= 1

        async def check(self) -> None:
            return

    async def greet(_task: object) -> None:
        done.set()

    slow = Slow()
    works = {MAIL: Work(Postman(slow, printer.message).deliver), "greet": Work(greet)}
    async with Firm(database_url, works, at_once=AT_ONCE + 1) as firm:
        await post(firm, *[letter] * (AT_ONCE + 3))
        await firm.ask("greet")
        async with asyncio.timeout(PATIENCE_SECONDS):
            await done.wait()
        gate.set()
    assert slow.most == AT_ONCE


async def test_a_letter_to_what_is_no_address_is_given_up(database_url: str, printer: Printer) -> None:
    nowhere = Letter("password_reset", "ana@example.com\r\nBcc: ben@example.com", "en", {"account": "a"})
    async with Mailbox() as mailbox, Firm(database_url, work(mailbox.url, printer)) as firm:
        await post(firm, nowhere)
        await failed(database_url)
    assert mailbox.messages == []
