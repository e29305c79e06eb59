"""Checks of single fields, with sentences for whoever has to mend them."""

from pydantic import AfterValidator


def between(least: int, most: int) -> AfterValidator:
    """Of the text as it will be stored: one character may be three in its normal form."""

    def check(value: str) -> str:
        if len(value) < least:
            raise ValueError(f"Please write at least {least} characters." if least > 1 else "Please fill this in.")
        if len(value) > most:
            raise ValueError(f"Please write at most {most} characters.")
        return value

    return AfterValidator(check)
