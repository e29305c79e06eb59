"""Failed attempts to sign in, and whom they count against: whoever hammers an account must not lock its owner out."""

from dataclasses import dataclass
from typing import Literal, cast

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from csts.agents.actions import about
from csts.agents.models import Agent
from csts.audit.actions import Doer, note
from csts.audit.models import Act
from csts.auth.account import Account
from csts.auth.actor import ActorKind
from csts.auth.cookies import device_cookie, set_device_cookie
from csts.auth.passwords import passwords_of
from csts.auth.place import place_of
from csts.auth.tokens import Signer
from csts.kit import metrics
from csts.kit.errors import InvalidInput
from csts.kit.sessions import database_of
from csts.kit.throttle import client_address, throttle_of

_log = structlog.get_logger()


@dataclass(frozen=True)
class Attempt:
    """Somebody says that he is `name`; `account` is who has that name, if anybody.

    From a device that has signed in to this account before, failures count against that device alone (OWASP's device
    cookies): neither strangers who try the account nor neighbours behind the same address close it there. From
    anywhere else they count against the account, from wherever they come, and against the address, whomever they try.
    """

    request: Request
    kind: ActorKind
    name: str
    account: Account | None
    place: Literal["door", "settings"] = "door"

    async def verify(self, password: str) -> bool:
        """Whether this is the password of the account; a wrong one counts and is put down.

        Raises TooManyRequests when one of those it counts against has failed too often.
        """
        # Outside of any transaction: hashing is slow on purpose, and nothing may wait for it.
        passwords, throttle = passwords_of(self.request), throttle_of(self.request)
        async with passwords.turn:
            for counted in self._counted:
                await throttle.check(self._limit, *counted)
            is_right = await passwords.verify(password, self.account.password_hash if self.account else None)
            if not is_right:
                for counted in self._counted:
                    await throttle.count(self._limit, *counted)
        if not is_right:
            await self.note("password")
        return is_right

    async def prove(self, password: str) -> None:
        """Somebody who is signed in shows that it is still he. Raises InvalidInput, TooManyRequests."""
        if not await self.verify(password):
            raise InvalidInput.of("password", "This is not your password.")

    async def count_code(self) -> None:
        """Called before a code is looked at, good or not: of many that come at once none may slip past the limit.

        Raises TooManyRequests.
        """
        who = self._device or "anywhere"
        account_id = str(self.account.id if self.account else 0)
        await throttle_of(self.request).hit(self._limit, "second-factor", self.kind, account_id, who)

    async def note(self, why: Literal["password", "code"]) -> None:
        """Put the failure down, in a transaction of its own: that of the sign-in is rolled back.

        At the agents' door also where nobody has the name, or its time would tell which names there are.
        """
        # People type passwords into the wrong field: what was typed stays out of the log.
        account_id = self.account and self.account.id
        metrics.LOGIN_FAILURES.labels(self.kind, why).inc()
        _log.warning("sign_in_failed", kind=self.kind, id=account_id, address=client_address(self.request), why=why)
        if self.kind == "agent":
            nobody = Doer("nobody", address=place_of(self.request).address)
            whom = about(self.account) if isinstance(self.account, Agent) else None
            async with database_of(self.request).write() as session:
                note(session, nobody, Act.SIGN_IN_FAILED, whom, why=why, place=self.place)

    def succeed(self, session: AsyncSession, *, second_factor: bool) -> None:
        """Put the sign-in of an agent down."""
        if isinstance(self.account, Agent):
            who = Doer("agent", self.account.id, self.account.name, place_of(self.request).address)
            note(session, who, Act.SIGNED_IN, second_factor=second_factor)

    def remember_device(self, response: Response, account_id: int) -> None:
        """From now on this browser is known."""
        token = self._signer.sign_device(self.kind, account_id)
        set_device_cookie(response, self.kind, token, self.request.app.state.settings)

    @property
    def _counted(self) -> list[tuple[str, ...]]:
        if device := self._device:
            return [("login-device", self.kind, device)]
        return [("login", self.kind, self.name), ("login-from", client_address(self.request))]

    @property
    def _device(self) -> str | None:
        token = self.request.cookies.get(device_cookie(self.kind, self.request.app.state.settings))
        return self._signer.read_device(token, self.kind, self.account.id) if token and self.account else None

    @property
    def _signer(self) -> Signer:
        return cast("Signer", self.request.app.state.signer)

    @property
    def _limit(self) -> str:
        return cast("str", self.request.app.state.settings.limit_login)
