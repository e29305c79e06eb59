"""What a chat server may do wrong, and that the load generator notices each of it."""

import asyncio
import time

import pytest

from csts.bench.cast import PlainCast
from csts.bench.chat import Findings, Measurement
from csts.bench.http import Site
from csts.bench.plan import Plan, Unmeasured
from csts.bench.step import Result
from tests.bench.liar import lying

pytestmark = pytest.mark.sockets


async def measured(lie: str) -> Findings:
    async with lying(lie) as url:
        plan = Plan(rates=(100,), tickets=3, seconds=1, warm_up_seconds=0, quiet_seconds=0.3)
        return await Measurement(plan, PlainCast(Site(url)), lambda _line: None).run({})


async def result(lie: str) -> Result:
    return (await measured(lie)).steps[0]


async def test_an_honest_server_has_no_faults() -> None:
    found = await measured("none")
    step = found.steps[0]
    assert step.is_clean
    assert step.sent == step.acknowledged == step.delivered == 100
    assert step.delivery_ms["p50"] <= step.delivery_ms["p99"] <= step.delivery_ms["max"]


@pytest.mark.parametrize(
    "lie, fault",
    [
        ("never acknowledges", "unanswered"),
        ("never delivers", "lost"),
        ("tells twice", "doubled"),
        ("skips a number", "gaps"),
        ("tells each another number", "misnumbered"),
        ("tells another room", "strayed"),
    ],
)
async def test_a_lie_is_noticed(lie: str, fault: str) -> None:
    found = await measured(lie)
    assert getattr(found.steps[0].faults, fault) >= 10
    assert not found.is_good


async def test_a_refusal_is_told_by_its_code() -> None:
    faults = (await result("refuses")).faults
    assert faults.refused == {"too_many_requests": 10}
    assert faults.unanswered == 10


async def test_a_hang_up_is_told_by_its_code() -> None:
    step = await result("hangs up")
    assert step.faults.hung_up["1013"] >= 1
    assert not step.is_clean


async def test_to_arrive_out_of_order_is_counted_and_allowed() -> None:
    step = await result("tells late")
    assert step.out_of_order > 0
    assert step.is_clean


def hold_the_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Again and again for a tenth of a second, as a busy machine holds a load generator up."""
    until = time.perf_counter() + 0.1
    while time.perf_counter() < until:
        pass
    loop.call_later(0.1, hold_the_loop, loop)


async def test_a_generator_that_is_late_itself_measures_nothing() -> None:
    hold_the_loop(asyncio.get_running_loop())
    found = await measured("none")
    assert found.steps[0].void
    assert not found.is_good


async def test_nobody_there_is_said_in_a_sentence() -> None:
    cast = PlainCast(Site("http://127.0.0.1:1"))
    with pytest.raises(Unmeasured, match=r"127\.0\.0\.1:1 cannot be reached"):
        await Measurement(Plan(), cast, lambda _line: None).run({})
