"""A mail server of our own, on a free port: it keeps what it is sent, and refuses or goes away on request."""

import asyncio
import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.mariadb import free_port

PATIENCE_SECONDS = 60
LOGIN = ("desk", "hush: @/?")


class Mailbox:
    """Listens for as long as the block lasts. `tls` offers STARTTLS, and takes a password over nothing else."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, is_tls_first: bool = False) -> None:
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.messages: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.signed_in: list[str] = []
        self.were_encrypted: list[bool] = []
        self.refused = 0
        # What is said to each recipient, such as `550 No such mailbox`; empty takes it.
        self.refuses = ""
        self._tls = tls
        self._is_tls_first = is_tls_first
        self._changed = asyncio.Condition()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    async def open(self) -> None:
        tls = self._tls if self._is_tls_first else None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, "127.0.0.1", self.port, ssl=tls)

    async def close(self) -> None:
        """Nobody answers at its port any more."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def until(self, count: int) -> list[EmailMessage]:
        """All messages, once there are so many."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._changed:
            await self._changed.wait_for(lambda: len(self.messages) >= count)
        return self.messages

    async def until_refused(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS), self._changed:
            await self._changed.wait_for(lambda: self.refused >= count)

    def _session(self) -> SMTP:
        offered = None if self._is_tls_first else self._tls
        return SMTP(self, hostname="mail.test", tls_context=offered, auth_require_tls=True, authenticator=self._sign_in)

    def _sign_in(self, _server: SMTP, session: Session, _envelope: Envelope, _how: str, login: object) -> AuthResult:
        assert isinstance(login, LoginPassword)
        given = (login.login.decode(), login.password.decode())
        self.signed_in.append(given[0])
        return AuthResult(success=given == LOGIN, handled=False)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses:
            async with self._changed:
                self.refused += 1
                self._changed.notify_all()
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        async with self._changed:
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            self.envelopes.append(envelope)
            self.were_encrypted.append(session.ssl is not None or self._is_tls_first)
            self._changed.notify_all()
        return "250 OK"


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())
