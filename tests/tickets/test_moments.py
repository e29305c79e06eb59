"""A ticket's moment of change only goes forward, whatever the clocks of the machines say."""

from datetime import datetime, timedelta

from csts.kit import clock
from tests.make import claim, open_ticket, set_status
from tests.people import Somebody


async def test_a_change_is_never_older_than_the_one_before(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    claimed = await claim(priya, ticket["id"])
    with clock.at(clock.now() - timedelta(minutes=5)):
        waiting = await set_status(priya, ticket["id"], "waiting")
    moments = [datetime.fromisoformat(each["updated_at"]) for each in (ticket, claimed, waiting)]
    assert moments == sorted(set(moments))
