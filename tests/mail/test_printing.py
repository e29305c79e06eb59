"""What a letter looks like: two parts in one language, a link to this desk, and headers that nobody can bend."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import msgspec
import pytest
from pydantic import ValidationError

from csts.kit import clock
from csts.kit.secrets import sealed
from csts.kit.words import Languages
from csts.mail import printing
from csts.mail.letters import Letter
from csts.mail.printing import Printer
from csts.settings import Settings
from tests.mail.conftest import KEY
from tests.support.mailbox import text_of

TEMPLATES = Path(printing.__file__).parent / "templates"
LINK = f"https://desk.example.org/reset-password#{sealed(KEY, 'n')}"


def test_a_letter_says_the_same_as_a_text_and_as_a_page(printer: Printer, letter: Letter) -> None:
    message = printer.message(letter)
    assert message["Subject"] == "Choose a new password"
    assert (message["To"], message["From"]) == ("ana@example.com", "L1 Desk <no-reply@desk.example.org>")
    text, page = text_of(message), text_of(message, "html")
    for part in (text, page):
        assert LINK in part
        assert "the account ana@example.com" in " ".join(part.split())
    assert f'href="{LINK}"' in page
    assert message.get_content_type() == "multipart/alternative"


def test_a_letter_tells_machines_not_to_answer(printer: Printer, letter: Letter) -> None:
    message = printer.message(letter)
    assert (message["Auto-Submitted"], message["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


@pytest.mark.parametrize("name", sorted(path.stem for path in TEMPLATES.glob("*.jinja")))
@pytest.mark.parametrize("language, lang", [("de", "de"), ("es", "es"), ("en", "en"), ("tlh", "en")])
def test_each_letter_speaks_its_readers_language(
    printer: Printer, languages: Languages, name: str, language: str, lang: str
) -> None:
    english = printer.message(Letter(name, "ana@example.com", "en", {"account": "a"}, path="/p"))
    message = printer.message(Letter(name, "ana@example.com", language, {"account": "a"}, path="/p"))
    assert message["Subject"] == languages.all[lang].t(english["Subject"])
    assert f'<html lang="{lang}">' in text_of(message, "html")
    assert (message["Subject"] == english["Subject"]) == (lang == "en")


def test_a_second_attempt_is_the_same_message(printer: Printer, letter: Letter) -> None:
    first = printer.message(letter)
    with clock.at(clock.now() + timedelta(minutes=5)):
        again = printer.message(msgspec.convert(msgspec.to_builtins(letter), Letter))
    assert first["Message-ID"] == again["Message-ID"] == f"<{letter.id}@desk.example.org>"
    assert text_of(first) == text_of(again)
    assert printer.message(msgspec.structs.replace(letter, id="other"))["Message-ID"] != first["Message-ID"]


def test_without_the_key_of_the_desk_a_letter_in_the_queue_opens_nothing(printer: Printer, letter: Letter) -> None:
    assert sealed(KEY, "n") not in str(msgspec.to_builtins(letter))
    stolen = Printer(printer.settings, printer.languages, "another key")
    assert sealed(KEY, "n") not in bytes(stolen.message(letter)).decode()
    assert len(sealed(KEY, "n")) == 43


def test_what_people_wrote_is_text_on_the_page(printer: Printer) -> None:
    named = Letter("password_reset", "ana@example.com", "en", {"account": '"><script>alert(1)</script>{{ 7*7 }}'})
    page = text_of(printer.message(named), "html")
    assert "<script>" not in page
    assert "{{ 7*7 }}" in page


EVIL = "Ana\r\nBcc: everybody@example.com\r\n\r\n<b>You have won</b>"


@pytest.mark.parametrize("where", ["brand", "account", "sender"])
def test_no_line_break_makes_a_header(languages: Languages, letter: Letter, where: str) -> None:
    settings = Settings(_env_file=None, public_url="https://desk.example.org", mail_from="Desk <desk@example.org>")
    if where == "brand":
        settings = settings.model_copy(update={"brand": EVIL, "mail_from": ""})
    elif where == "sender":
        settings = settings.model_copy(update={"mail_from": "Desk\r\nBcc: x@example.com <desk@example.org>"})
    elif where == "account":
        letter = msgspec.structs.replace(letter, facts={"account": EVIL})
    printer = Printer(settings, languages, KEY)
    try:
        sent = bytes(printer.message(letter))
    except ValueError:
        assert where == "sender", "only what the settings refuse already may not be printed at all"
        return
    message = message_from_bytes(sent, policy=policy.default)
    assert set(message.keys()) == {
        *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
        *("MIME-Version", "Content-Type"),
    }


@pytest.mark.parametrize("address", ["ana@example.com\r\nBcc: ben@example.com", "ana@example.com, ben@example.com", ""])
def test_what_is_no_single_address_gets_no_letter(printer: Printer, letter: Letter, address: str) -> None:
    with pytest.raises(ValueError, match=r"@-sign|characters"):
        printer.message(msgspec.structs.replace(letter, to=address))


def test_an_international_domain_is_written_as_machines_know_it(printer: Printer, letter: Letter) -> None:
    message = printer.message(msgspec.structs.replace(letter, to="ana@bücher.example"))
    assert message["To"] == "ana@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "given, error",
    [
        ({"smtp_url": "smtp://mail.example.org"}, "CSTS_PUBLIC_URL"),
        ({"smtp_url": "mail.example.org", "public_url": "https://d.example"}, "not a way for mail"),
        ({"smtp_url": "http://hush@mail.example.org", "public_url": "https://d.example"}, "not a way for mail"),
        ({"smtp_url": "smtp://", "public_url": "https://d.example"}, "not a way for mail"),
        ({"smtp_url": "file://host/folder", "public_url": "https://d.example"}, "not a way for mail"),
        ({"mail_from": "Desk <desk@example.org>\r\nBcc: x@example.com"}, "not a sender"),
        ({"mail_from": "the desk"}, "not a sender"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_at_the_start(given: dict[str, str], error: str) -> None:
    with pytest.raises(ValueError, match=error) as refused:
        Settings(_env_file=None, **given)  # type: ignore[arg-type]  # as the environment gives them
    assert isinstance(refused.value, ValidationError)
    assert "hush" not in refused.value.errors()[0]["msg"]
