"""The verdicts of `bench/compare`, from figures that are known."""

from typing import Any

from bench import bars

BAR = ("P0", "a bar")


def step(rate: int, p99: float, **changes: Any) -> dict[str, Any]:
    known = {"rate": rate, "label": "", "achieved": rate, "void": "", "is_clean": True}
    return {**known, "delivery_ms": {"p50": p99 / 2, "p99": p99}, **changes}


def run(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"steps": list(steps), **more}


def limit(rate: float, *, is_floor: bool = False) -> dict[str, Any]:
    return run(limit={"rate": rate, "is_floor": is_floor})


def test_the_middle_round_counts() -> None:
    rounds = [run(step(8000, p99)) for p99 in (12, 90, 15)]
    assert bars.at_rate(BAR, rounds, 8000, 20).verdict == "met"
    assert "15.0 ms" in bars.at_rate(BAR, rounds, 8000, 20).figure


def test_too_slow_is_missed() -> None:
    assert bars.at_rate(BAR, [run(step(8000, 21))], 8000, 20).verdict == "missed"


def test_too_few_is_missed() -> None:
    assert bars.at_rate(BAR, [run(step(8000, 5, achieved=7000))], 8000, 20).verdict == "missed"


def test_a_loss_is_missed_however_quick() -> None:
    verdict = bars.at_rate(BAR, [run(step(8000, 5, is_clean=False))], 8000, 20)
    assert verdict.verdict == "missed"
    assert "LOST in 1 of 1" in verdict.figure


def test_void_rounds_do_not_count() -> None:
    rounds = [run(step(8000, 50, void="the generator was late")), run(step(8000, 5))]
    assert bars.at_rate(BAR, rounds, 8000, 20).verdict == "met"
    assert bars.at_rate(BAR, rounds[:1], 8000, 20).verdict == "void"


def test_a_multiple_of_the_other_is_asked_for() -> None:
    assert bars.limits(BAR, limit(12_000), limit(6000), 2, "Node").verdict == "met"
    assert bars.limits(BAR, limit(11_000), limit(6000), 2, "Node").verdict == "missed"


def test_a_floor_may_meet_a_bar_but_not_miss_it() -> None:
    assert bars.limits(BAR, limit(12_000, is_floor=True), limit(6000), 2, "Node").verdict == "met"
    assert bars.limits(BAR, limit(11_000, is_floor=True), limit(6000), 2, "Node").verdict == "void"
    assert bars.limits(BAR, limit(12_000), limit(6000, is_floor=True), 2, "Node").verdict == "void"


def test_being_slower_than_the_other_has_bounds() -> None:
    other = [run(step(1000, 2))]
    assert bars.beside(BAR, [run(step(1000, 4))], other, 1000).verdict == "met"
    assert bars.beside(BAR, [run(step(1000, 5))], other, 1000).verdict == "missed"


def test_idle_sockets_must_be_small_and_many() -> None:
    def judged(kib: float, sockets: int) -> str:
        return bars.idle(BAR, [run(step(500, 5), idle={"kib_each": kib, "sockets": sockets})]).verdict

    assert judged(39, 10_000) == "met"
    assert judged(41, 10_000) == "missed"
    assert judged(39, 5_000) == "missed"


def test_a_disturbance_is_judged_beside_its_own_quiet_run() -> None:
    def judged(loud: float) -> str:
        return bars.disturbed(
            BAR, [run(step(1000, 3, label="quiet"), step(1000, loud, label="disturbed"))], 1000
        ).verdict

    assert judged(9) == "met"
    assert judged(10) == "missed"
