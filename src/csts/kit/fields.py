"""Checks of single fields, with sentences for whoever has to mend them."""

from typing import Annotated

from pydantic import AfterValidator, Field

# Strict, for "no" and 0 are no switches.
Switch = Annotated[bool, Field(strict=True)]


def between(least: int, most: int) -> AfterValidator:
    """Of the text as it will be stored: one character may be three in its normal form."""

    def check(value: str) -> str:
        if len(value) < least:
            raise ValueError(f"Please write at least {least} characters." if least > 1 else "Please fill this in.")
        if len(value) > most:
            raise ValueError(f"Please write at most {most} characters.")
        return value

    return AfterValidator(check)
