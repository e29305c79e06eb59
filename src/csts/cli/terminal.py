"""How the command speaks: results on standard output, refusals on standard error with exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from csts.settings import Settings


def fail(sentence: str) -> NoReturn:
    typer.echo(f"csts: {sentence}", err=True)
    raise typer.Exit(1)


def read_settings(**given: object) -> Settings:
    """The settings of this environment. A wrong one is named, with what was expected, and ends the command."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by the model itself
    except ValidationError as error:
        wrong = (f"CSTS_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors())
        fail("a setting is wrong. " + "; ".join(wrong))


@contextmanager
def reaching_database() -> Iterator[None]:
    """Ends the command with a sentence when the database does not answer inside the block."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        fail(f"the database does not answer: {str(error).splitlines()[0]}")
