"""`csts bench`: what this machine carries, measured from outside, and how good the assistant's answers are."""

import importlib.util
import json
import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import uvloop
from sqlalchemy.exc import SQLAlchemyError

from csts.bench import machine
from csts.bench.cast import Agent, Cast, PlainCast
from csts.bench.desk import Own, own_desk
from csts.bench.http import Site
from csts.bench.plan import Plan, Unmeasured
from csts.cli.knowledge import articles_of
from csts.cli.terminal import fail
from csts.migrations import schema

if TYPE_CHECKING:
    from csts.bench.chat import Findings

PASSWORD = "CSTS_BENCH_PASSWORD"  # noqa: S105 - the name of a variable

app = typer.Typer(no_args_is_help=True)


@app.callback()
def bench() -> None:
    """Measure what a desk carries."""  # a group with one command would else be that command


@app.command()
def chat(
    url: Annotated[str, typer.Option(help="A desk that runs; without it one is started, measured and removed.")] = "",
    agent: Annotated[str, typer.Option(help=f"With --url: its agent; password in {PASSWORD} or on stdin.")] = "",
    plain: Annotated[bool, typer.Option(help="With --url: a reference server that asks for no credentials.")] = False,
    database: Annotated[str, typer.Option(help="Without --url: an empty database; else SQLite.")] = "",
    workers: Annotated[int, typer.Option(min=1, help="Without --url: so many processes.")] = 1,
    redis: Annotated[str, typer.Option(help="Without --url: Redis between the processes.")] = "",
    rate: Annotated[int, typer.Option(min=1, help="Messages per second.")] = 500,
    steps: Annotated[str, typer.Option(help="Several rates, one after the other: 1000,2000,4000.")] = "",
    limit: Annotated[bool, typer.Option(help="Then double the last rate until the desk cannot follow.")] = False,
    tickets: Annotated[int, typer.Option(min=1, help="Tickets that talk, with two sockets each.")] = 500,
    seconds: Annotated[float, typer.Option(min=1, help="How long each rate is held.")] = 10,
    idle: Annotated[int, typer.Option(min=0, help="Sockets that are only open.")] = 0,
    frozen: Annotated[int, typer.Option(min=0, help="Disturb: sockets that never read.")] = 0,
    logins: Annotated[int, typer.Option(min=0, help="Disturb: sign-ins per second.")] = 0,
    login_storm: Annotated[int, typer.Option(min=0, help="Disturb: so many sign-ins at once.")] = 0,
    reconnect_storm: Annotated[bool, typer.Option(help="Disturb: the idle sockets break and come back.")] = False,
    questions: Annotated[int, typer.Option(min=0, help="Disturb: questions to the assistant per second.")] = 0,
    knowledge: Annotated[
        Path | None,
        typer.Option(help="With --questions: articles whose examples are asked."),
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures to this file.")] = None,
) -> None:
    """Messages in an open loop: offered at a fixed rate whatever the answers do, timed from the moment each was due.

    Each is checked: acknowledged once, delivered once, numbered without a gap. With a disturbance each rate runs
    twice, first without it. Exit code 1 when something was lost, or when the generator was the bottleneck (VOID).
    """
    if importlib.util.find_spec("picows") is None:
        fail(f"the load generator needs picows, which is not installed. Run: {sys.executable} -m pip install picows")
    if reconnect_storm and not idle:
        fail("--reconnect-storm needs sockets that may break: add --idle.")
    storms = (idle, frozen, logins, login_storm, reconnect_storm)
    asked = _asked(questions, knowledge, plain=plain)
    plan = Plan(_rates(steps) or (rate,), tickets, seconds, limit, *storms, questions, asked)
    try:
        found = uvloop.run(_measure(plan, url, _who(url, agent, plain=plain), Own(database, workers, redis, knowledge)))
    except Unmeasured as reason:
        fail(str(reason))
    _tell(found, json_file)


@app.command()
def assistant(
    file: Annotated[Path, typer.Argument(help="Questions with their topics: CSV with the columns text,category.")],
    out_of_scope: Annotated[Path | None, typer.Option(help="Questions that no topic answers, one a line.")] = None,
    examples: Annotated[int | None, typer.Option(min=1, help="Learn at most so many of each topic; else all.")] = None,
    holdout: Annotated[float, typer.Option(min=0.01, max=0.99, help="Ask this share of each topic.")] = 0.2,
    per_topic: Annotated[int | None, typer.Option(min=1, help="Ask so many of each topic, not a share.")] = None,
    seed: Annotated[int, typer.Option(help="Another one asks others.")] = 0,
    precision: Annotated[float, typer.Option(min=0, max=1, help="How often answers are to be right.")] = 0.95,
    quick: Annotated[bool, typer.Option(help="The model that answers until the better one is ready.")] = False,
    semantic: Annotated[Path | None, typer.Option(help="Folder of a sentence model: meaning beside words.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures to this file.")] = None,
) -> None:
    """Learn from one part of a labelled file and ask the other: accuracy, calibration, and what strangers are told."""
    # By name: what it needs takes a second to import, which the other commands should not.
    measuring = importlib.import_module("csts.bench.assistant")
    exam = measuring.Exam(file, out_of_scope, examples, holdout, seed, precision, quick, semantic, per_topic)
    try:
        found = measuring.measure(exam, lambda words: typer.echo(words, err=True))
    except Unmeasured as reason:
        fail(str(reason))
    for line in measuring.lines(exam, found):
        typer.echo(line)
    if json_file:
        json_file.write_text(json.dumps(measuring.as_json(exam, found), indent=2) + "\n")


@app.command()
def lists(
    database: Annotated[str, typer.Option(help="An empty database, which is filled; or one filled by this before.")],
    tickets: Annotated[int, typer.Option(min=10, help="Tickets in it.")] = 1_000_000,
    messages: Annotated[int, typer.Option(min=10, help="Messages in them.")] = 5_000_000,
    seed: Annotated[int, typer.Option(help="Another one draws others.")] = 1,
    seconds: Annotated[float, typer.Option(min=0.1, help="How long each question is asked.")] = 2,
    only: Annotated[str, typer.Option(help="Only the questions whose names begin so.")] = "",
    beside: Annotated[
        str, typer.Option(help="Another one, for a hundredth of the tickets: lists are asked of both by turns.")
    ] = "",
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures, with EXPLAIN, here.")] = None,
) -> None:
    """Every list and search of the desk, among as many tickets as you like; exit code 1 where a bar is missed.

    Fills the database first. Each question is measured from its statement to the bytes of its answer; then lists over
    HTTP as well, 100 requests a second.
    """
    # By name, for what it needs takes long to import.
    measuring = importlib.import_module("csts.bench.list_run")
    order = measuring.Order(database, tickets, messages, seed, seconds, only, beside)
    try:
        found = uvloop.run(measuring.run(order, schema.upgrade, typer.echo, typer.progressbar))
    except (Unmeasured, SQLAlchemyError, OSError, EOFError) as reason:
        fail(str(reason).splitlines()[0])
    if json_file:
        json_file.write_text(json.dumps(found.as_json(), indent=2, default=str) + "\n")
    if not found.is_good:
        raise typer.Exit(1)


def _rates(steps: str) -> tuple[int, ...]:
    try:
        return tuple(int(step) for step in steps.split(",") if step.strip())
    except ValueError:
        fail(f"--steps is a comma list of whole numbers, and not {steps}.")


def _asked(questions: int, knowledge: Path | None, *, plain: bool) -> tuple[str, ...]:
    """What the assistant is asked."""
    if not questions:
        return ()
    if knowledge is None or plain:
        fail("--questions needs --knowledge, a file of articles, and a desk that has an assistant.")
    return tuple(example for article in articles_of(knowledge) for example in article.examples) or fail(
        f"no article of {knowledge} has examples that could be asked."
    )


def _who(url: str, agent: str, *, plain: bool) -> Agent | None:
    """Whom the agent's side signs in as; None where nobody has to be told."""
    if not url or plain:
        return None
    if not agent:
        fail("--url needs --agent: somebody has to answer the customers.")
    return Agent(agent, os.environ.get(PASSWORD) or _typed_password())


def _typed_password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True))
    return sys.stdin.readline().rstrip("\r\n")


async def _measure(plan: Plan, url: str, agent: Agent | None, own: Own) -> "Findings":
    # First: a desk that is started from here inherits it.
    machine.raise_file_limit()
    # By name, because what is in there cannot be imported without the extra `bench`.
    chat = importlib.import_module("csts.bench.chat")
    async with AsyncExitStack() as stack:
        target: dict[str, Any] = {"url": url}
        server = 0
        if not url:
            typer.echo("Starting a desk for this measurement ...")
            running = await stack.enter_async_context(own_desk(own))
            typer.echo(f"It is at {running.site.url}, process {running.pid}.")
            cast: Cast | PlainCast = Cast(running.site, running.agent)
            server = running.pid
            kind = own.database.partition(":")[0] or "sqlite"
            target = {"database": kind, "workers": own.workers, "redis": bool(own.redis)}
        else:
            site = Site(url)
            cast = Cast(site, agent) if agent else PlainCast(site)
        found: Findings = await chat.Measurement(plan, cast, typer.echo, server=server).run(target)
        return found


def _tell(found: "Findings", file: Path | None) -> None:
    for line in importlib.import_module("csts.bench.report").lines(found):
        typer.echo(line)
    if file:
        file.write_text(json.dumps(found.as_json(), indent=2) + "\n")
    if not found.is_good:
        raise typer.Exit(1)
