"""How the command speaks: results on standard output, refusals on standard error with exit code 1."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import NoReturn

import typer
from dotenv import dotenv_values
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from csts.migrations import schema
from csts.settings import Settings

_ENV_FILE = ".env"
# Those of `csts bench` and of the tests are no settings of a desk.
_OURS = re.compile(r"CSTS_(?!BENCH_|TEST_)", re.IGNORECASE)


def fail(sentence: str) -> NoReturn:
    typer.echo(f"csts: {sentence}", err=True)
    raise typer.Exit(1)


def read_settings(**given: object) -> Settings:
    """The settings of this environment. A wrong one is named, with what was expected, and ends the command.

    One that does not exist is named on standard error, with the one that is spelt most like it.
    """
    _take_variables_of_libraries()
    for name in _unknown():
        near = get_close_matches(name, _known(), n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        typer.echo(f"csts: there is no setting {name}, so it does nothing.{hint}", err=True)
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by the model itself
    except ValidationError as error:
        wrong = (f"CSTS_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors())
        fail("a setting is wrong. " + "; ".join(wrong))


@contextmanager
def reaching_database() -> Iterator[None]:
    """Ends the command with a sentence when the database does not answer inside the block, or is not ours."""
    try:
        yield
    except schema.StrangeSchema as error:
        fail(f"{error}.")
    except (SQLAlchemyError, OSError) as error:
        fail(f"the database does not answer: {str(error).splitlines()[0]}")


def _known() -> list[str]:
    return [f"CSTS_{name.upper()}" for name in Settings.model_fields]


def _unknown() -> list[str]:
    """What begins as our settings do and is none of them, in the environment or in `.env`."""
    told = {name.upper() for name in (*os.environ, *dotenv_values(_ENV_FILE)) if _OURS.match(name)}
    return sorted(told - set(_known()))


def _take_variables_of_libraries() -> None:
    """The keys of buckets and the collector, from `.env`, where an operator keeps all others.

    Those of the environment come first.
    """
    for name, value in dotenv_values(_ENV_FILE).items():
        if name.startswith(("AWS_", "OTEL_")) and value:
            os.environ.setdefault(name, value)
