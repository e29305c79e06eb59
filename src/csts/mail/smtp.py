"""Mail over SMTP: encrypted where that can be had, always where a password is sent."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from csts.kit.tasks import Hopeless

# Of each step. The whole letter has the time of its task.
PATIENCE_SECONDS = 20.0
# Replies of SMTP have the first digit of HTTP's: five says that the same again will be refused again (RFC 5321, 4.2.1).
_FOR_GOOD = HTTPStatus.INTERNAL_SERVER_ERROR


@dataclass(frozen=True)
class SmtpServer:
    """One server; a connection is opened for each message, for they are few."""

    host: str
    port: int | None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    is_tls: bool = False

    @classmethod
    def at(cls, url: str) -> "SmtpServer":
        """`smtp://user:password@host:port`, or `smtps://…` where TLS comes first."""
        parts = urlsplit(url)
        username, password = (unquote(part) if part else None for part in (parts.username, parts.password))
        is_tls = parts.scheme == "smtps"
        usual = 465 if is_tls else 587 if username else 25
        return cls(parts.hostname or "", parts.port or usual, username, password, is_tls)

    async def send(self, message: EmailMessage) -> None:
        async with self._connected() as server:
            try:
                await server.send_message(message)
            except SMTPRecipientsRefused as refusal:
                [each] = refusal.recipients
                raise _named(each) from refusal
            except (SMTPResponseException, SMTPNotSupported) as refusal:
                raise _named(refusal) from refusal

    async def check(self) -> None:
        try:
            async with self._connected():
                return
        except (SMTPException, OSError) as error:
            raise LookupError(f"{self.host} says: {error}") from error

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[SMTP]:
        """Greeted, encrypted and signed in. Raises SMTPException, OSError."""
        server = SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            use_tls=self.is_tls,
            # None takes what is offered. A password goes over no open line, whoever has struck out the offer.
            start_tls=False if self.is_tls else True if self.username else None,
            tls_context=tls_context(self.host),
            timeout=PATIENCE_SECONDS,
        )
        async with server:
            await server.ehlo()
            yield server


def tls_context(host: str) -> ssl.SSLContext:
    """Certificates are checked, but on this machine: mail servers offer there what was made at their installation."""
    context = ssl.create_default_context()
    if _is_own_machine(host):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_own_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _named(refusal: SMTPException) -> Exception:
    """Hopeless, when the same would be refused again; else itself."""
    is_for_good = isinstance(refusal, SMTPNotSupported) or (
        isinstance(refusal, SMTPResponseException) and refusal.code >= _FOR_GOOD
    )
    return Hopeless(f"the mail server refuses it: {refusal}") if is_for_good else refusal
