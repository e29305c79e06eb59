"""An agent's phone: an authenticator app that is none of ours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from httpx2 import Response

from csts.kit import clock
from tests.people import PASSWORD, Somebody


@dataclass
class Phone:
    """Shows codes for `secret`; `codes` are the recovery codes on a sheet of paper beside it."""

    secret: str
    codes: list[str]

    def code(self, at: datetime | None = None) -> str:
        return pyotp.TOTP(self.secret).at(at or clock.now())

    def next_code(self, steps: int = 1) -> str:
        """Of a coming time step: whoever has used one must wait, and tests do not."""
        return self.code(clock.now() + timedelta(seconds=30 * steps))

    def wrong_code(self) -> str:
        """None of those that are good about now."""
        good = {self.next_code(steps) for steps in range(-3, 4)}
        return next(code for code in map("{:06d}".format, range(10)) if code not in good)


async def begin(who: Somebody) -> Response:
    return await who.post("/agent/factor", {"password": PASSWORD})


async def set_up(who: Somebody) -> Phone:
    """Turns the second factor of this agent on; the code of this time step is used up then."""
    begun = await begin(who)
    assert begun.status_code == 201, begun.text
    phone = Phone(begun.json()["secret"], [])
    confirmed = await who.post("/agent/factor/confirm", {"code": phone.code()})
    assert confirmed.status_code == 200, confirmed.text
    phone.codes = confirmed.json()["recovery_codes"]
    return phone
