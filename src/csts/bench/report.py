"""The figures as people read them."""

from collections.abc import Iterator
from typing import Any

from csts.bench.chat import Findings
from csts.bench.step import Result

HEAD = (
    f"{'offered/s':>9}  {'arrived/s':>9}  {'delivery p50':>12}  {'p99':>8}  {'max':>8}  "
    f"{'ack p50':>8}  {'p99':>8}  {'late p99':>8}  {'own cpu':>7}  {'server':>6}  verdict"
)


def lines(found: Findings) -> Iterator[str]:
    """The table, a line a step, then what else was measured."""
    yield f"\nMilliseconds from the moment a message was due; {found.machine['cpu']}, {found.machine['cores']} cores."
    yield HEAD
    yield from (_row(step) for step in found.steps)
    if found.idle:
        yield f"{found.idle['sockets']:,} idle sockets: {_memory(found.idle['kib_each'])}."
    for told in found.disturbances:
        yield from _disturbance(found, told)
    if found.limit:
        yield f"Limit: {'at least ' if found.limit.is_floor else ''}{found.limit.rate:,.0f}/s ({found.limit.reason})."


def _row(step: Result) -> str:
    delivery, ack = step.delivery_ms, step.ack_ms
    return (
        f"{step.rate:9,.0f}  {step.achieved:9,.0f}  {_ms(delivery, 'p50'):>12}  {_ms(delivery, 'p99'):>8}  "
        f"{_ms(delivery, 'max'):>8}  {_ms(ack, 'p50'):>8}  {_ms(ack, 'p99'):>8}  {_ms(step.late_ms, 'p99'):>8}  "
        f"{step.generator_cpu:7.0%}  {_share(step.server_cpu):>6}  {_verdict(step)}"
    )


def _verdict(step: Result) -> str:
    words = [f"VOID: {step.void}"] if step.void else []
    words += step.faults.told() or ["nothing lost"]
    if "too_many_requests" in step.faults.refused:
        words.append("empty CSTS_LIMIT_MESSAGES on the desk while you measure")
    return "; ".join([*([step.label] if step.label else []), *words])


def _share(cores: float) -> str:
    return f"{cores:.0%}" if cores else "-"


def _ms(figures: dict[str, float], name: str) -> str:
    return f"{figures[name]:,.1f}" if name in figures else "-"


def _memory(kib: float) -> str:
    return f"{kib:.1f} KiB of the server's memory each" if kib else "the server is elsewhere, so its memory is not told"


def _disturbance(found: Findings, told: dict[str, Any]) -> Iterator[str]:
    rate = told["rate"]
    quiet, disturbed = (
        next(step.delivery_ms.get("p99", 0.0) for step in found.steps if step.rate == rate and step.label == label)
        for label in ("quiet", "disturbed")
    )
    times = f"{disturbed / quiet:.1f} times" if quiet else "not comparable to"
    yield f"At {rate:,}/s the disturbed p99 is {times} the quiet one ({disturbed:.1f} and {quiet:.1f} ms)."
    if frozen := told.get("frozen"):
        yield f"  {frozen['sockets']} sockets never read; the desk hung up on {frozen['hung_up']} of them."
    if logins := told.get("logins"):
        p99 = _ms(logins["ms"], "p99")
        yield f"  {logins['per_second']} logins a second: {logins['answered']} answered, p99 {p99} ms."
    if questions := told.get("questions"):
        p50, p99 = (_ms(questions["ms"], name) for name in ("p50", "p99"))
        sources = ", ".join(f"{count} {source}" for source, count in sorted(questions["sources"].items()))
        yield f"  {questions['per_second']} questions a second: p50 {p50} ms, p99 {p99} ms; by source {sources}."
    if storm := told.get("login_storm"):
        yield f"  {storm['logins']} logins at once: all answered after {storm['seconds']} s, {storm['failed']} refused."
    if storm := told.get("reconnect_storm"):
        yield (
            f"  {storm['sockets']} sockets came back at once: all ready after {storm['seconds']} s, "
            f"{storm['failed_tries']} tries failed."
        )
        yield from (f"    {count} times: {why}" for why, count in storm["failures"].items())
