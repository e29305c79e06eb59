"""How the command speaks: results on standard output, refusals on standard error with exit code 1."""

from typing import NoReturn

import typer
from pydantic import ValidationError

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
