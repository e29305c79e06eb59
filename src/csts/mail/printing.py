"""Prints letters: what a template says becomes a message with a text, a page, and headers that no words can bend."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from email_validator import validate_email
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from csts.kit import clock
from csts.kit.secrets import sealed
from csts.kit.words import Languages
from csts.mail.letters import Letter
from csts.settings import Settings

_TEMPLATES = Path(__file__).parent / "templates"


def _environment(*, escapes: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=escapes,  # noqa: S701 - a text has nothing to escape, and the page is printed by the other one
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@dataclass(frozen=True)
class Printer:
    """Prints in the name of the desk with these settings; `key` is what the tokens of links are made with."""

    settings: Settings
    languages: Languages
    key: str
    _plain: Environment = field(default_factory=lambda: _environment(escapes=False))
    _escaping: Environment = field(default_factory=lambda: _environment(escapes=True))

    def message(self, letter: Letter) -> EmailMessage:
        """The same for the same letter, but for its date. Raises ValueError for an address that is none."""
        language = self.languages.choose(letter.language, "")
        brand = " ".join(self.settings.brand.split())
        known = {"t": language.t, "tn": language.tn, "brand": brand, "locale": language.code, **letter.facts}
        # What it says stands in one template; how that looks as a text and as a page, in two for all letters.
        says = self._plain.get_template(f"{letter.name}.jinja").make_module(known)
        known |= {"says": says, "link": self._link(letter)}
        message = EmailMessage(policy=SMTP)
        message["Subject"] = says.subject  # type: ignore[attr-defined]  # set in the template
        message["From"] = self._sender(brand)
        message["To"] = _recipient(letter.to)
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{letter.id}@{message['From'].addresses[0].domain}>"
        # Machines must not answer (RFC 3834), and those who write absence notes for others know this one.
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(self._plain.get_template("frame.txt").render(known), cte="quoted-printable")
        page = self._escaping.get_template("frame.html").render(known)
        message.add_alternative(page, subtype="html", cte="quoted-printable")
        return message

    def _sender(self, brand: str) -> Address:
        name, _ = parseaddr(self.settings.mail_from)
        return Address(name or brand, addr_spec=sender_of(self.settings))

    def _link(self, letter: Letter) -> str:
        """Never at the address that a request came by, which its sender may choose: only where the operator says."""
        # Behind a `#` it reaches no server, no log and no Referer, and what only fetches the page cannot use it up.
        token = f"#{sealed(self.key, letter.nonce)}" if letter.nonce else ""
        return f"{self.settings.public_url.rstrip('/')}{letter.path}{token}" if letter.path else ""


def sender_of(settings: Settings) -> str:
    """The address that this desk writes from."""
    return parseaddr(settings.mail_from)[1] or f"no-reply@{_host(settings)}"


def _recipient(address: str) -> Address:
    # With its domain as machines write it: a server that knows no international mail takes it then.
    found = validate_email(address, check_deliverability=False, test_environment=True)
    return Address(addr_spec=found.ascii_email or found.normalized)


def _host(settings: Settings) -> str:
    return urlsplit(settings.public_url).hostname or "localhost"
