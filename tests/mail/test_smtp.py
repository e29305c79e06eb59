"""The ways out, each against what it leads to: a real mail server, a folder, a terminal."""

from pathlib import Path
from urllib.parse import quote

import pytest
from aiosmtplib import SMTPException

from csts.kit.tasks import Hopeless
from csts.mail.letters import Letter
from csts.mail.printing import Printer
from csts.mail.smtp import tls_context
from csts.mail.transports import transport_of
from tests.support.certificate import own_certificate
from tests.support.mailbox import LOGIN, Mailbox, text_of
from tests.support.mariadb import free_port

CREDENTIALS = ":".join(quote(part, safe="") for part in LOGIN)


async def send(url: str, printer: Printer, letter: Letter) -> None:
    transport = transport_of(url)
    assert transport
    await transport.check()
    await transport.send(printer.message(letter))


async def test_a_letter_goes_by_smtp(printer: Printer, letter: Letter) -> None:
    async with Mailbox() as mailbox:
        await send(mailbox.url, printer, letter)
    [message] = mailbox.messages
    assert mailbox.envelopes[0].rcpt_tos == ["ana@example.com"]
    assert mailbox.envelopes[0].mail_from == "no-reply@desk.example.org"
    assert "https://desk.example.org/reset-password#" in text_of(message)
    assert mailbox.were_encrypted == [False]


async def test_encryption_is_taken_where_it_is_offered(printer: Printer, letter: Letter, tmp_path: Path) -> None:
    async with Mailbox(tls=own_certificate(tmp_path)) as mailbox:
        await send(mailbox.url, printer, letter)
    assert mailbox.were_encrypted == [True]


async def test_a_password_is_sent_encrypted(printer: Printer, letter: Letter, tmp_path: Path) -> None:
    async with Mailbox(tls=own_certificate(tmp_path)) as mailbox:
        await send(mailbox.url.replace("//", f"//{CREDENTIALS}@"), printer, letter)
    assert (mailbox.signed_in, mailbox.were_encrypted) == (["desk", "desk"], [True])


async def test_a_password_is_never_sent_over_an_open_line(printer: Printer, letter: Letter) -> None:
    async with Mailbox() as mailbox:
        transport = transport_of(mailbox.url.replace("//", f"//{CREDENTIALS}@"))
        assert transport
        with pytest.raises(SMTPException):
            await transport.send(printer.message(letter))
        with pytest.raises(LookupError):
            await transport.check()
    assert (mailbox.signed_in, mailbox.messages) == ([], [])


async def test_tls_comes_first_where_the_address_says_so(printer: Printer, letter: Letter, tmp_path: Path) -> None:
    async with Mailbox(tls=own_certificate(tmp_path), is_tls_first=True) as mailbox:
        await send(mailbox.url.replace("smtp:", "smtps:"), printer, letter)
    assert mailbox.were_encrypted == [True]


def test_certificates_are_checked_but_on_this_machine() -> None:
    assert tls_context("mail.example.org").check_hostname
    assert [tls_context(host).check_hostname for host in ("localhost", "127.0.0.1", "::1")] == [False] * 3


async def test_a_wrong_password_may_be_put_right(printer: Printer, letter: Letter, tmp_path: Path) -> None:
    async with Mailbox(tls=own_certificate(tmp_path)) as mailbox:
        transport = transport_of(mailbox.url.replace("//", "//desk:wrong@"))
        assert transport
        with pytest.raises(SMTPException):
            await transport.send(printer.message(letter))
        with pytest.raises(LookupError, match=r"127\.0\.0\.1 says: .*535"):
            await transport.check()
    assert mailbox.messages == []


@pytest.mark.parametrize("answer, kind", [("550 No such mailbox", Hopeless), ("451 Come back later", SMTPException)])
async def test_a_server_refuses_for_good_or_for_now(
    printer: Printer, letter: Letter, answer: str, kind: type[Exception]
) -> None:
    async with Mailbox() as mailbox:
        mailbox.refuses = answer
        with pytest.raises(kind, match=answer[4:]):
            await send(mailbox.url, printer, letter)


async def test_a_server_that_is_away_is_told_so(printer: Printer, letter: Letter) -> None:
    transport = transport_of(f"smtp://127.0.0.1:{free_port()}")
    assert transport
    with pytest.raises((SMTPException, OSError)):
        await transport.send(printer.message(letter))
    with pytest.raises(LookupError, match=r"127\.0\.0\.1 says"):
        await transport.check()


async def test_a_folder_holds_each_message_once(printer: Printer, letter: Letter, tmp_path: Path) -> None:
    folder = tmp_path / "sent mail"
    for _ in range(2):
        await send(f"file://{quote(str(folder))}", printer, letter)
    [file] = folder.iterdir()
    assert file.suffix == ".eml"
    assert b"ana@example.com" in file.read_bytes()


async def test_a_folder_that_cannot_be_written_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    transport = transport_of(f"file://{tmp_path}/a-file/mail")
    assert transport
    with pytest.raises(LookupError, match="cannot be written"):
        await transport.check()


async def test_a_terminal_shows_the_text(printer: Printer, letter: Letter, capsys: pytest.CaptureFixture[str]) -> None:
    await send("console:", printer, letter)
    shown = capsys.readouterr().out
    assert "To: ana@example.com" in shown
    assert "https://desk.example.org/reset-password#" in shown


def test_an_empty_setting_is_no_way() -> None:
    assert transport_of("") is None
