"""Names and lines that people type."""

import pytest

from csts.kit.text import clean_line, clean_text


@pytest.mark.parametrize(
    "typed,kept",
    [
        ("  Ana   Ruiz ", "Ana Ruiz"),
        ("Ana\nRuiz\t", "Ana Ruiz"),
        ("Ana\u2028Ruiz", "Ana Ruiz"),
        ("Ana\x00\x07Ruiz", "AnaRuiz"),
        ("Ana\x9bRuiz", "AnaRuiz"),
        ("Ame\u0301lie", "Amélie"),
        ('"Ana" <b>', '"Ana" <b>'),
        ("مها", "مها"),
        ("Ana \u202egnp.exe", "Ana gnp.exe"),
        ("\u2067Ana\u2066", "Ana"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_a_line_is_kept_as_people_read_it(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "   ", "\n\t", "\x00\x1f", "\u200b", "\u200d\ufeff \u2060", "\u202e\u2066", "\u00ad"]
)
def test_a_line_that_nobody_can_see_is_empty(typed: str) -> None:
    with pytest.raises(ValueError, match="fill this in"):
        clean_line(typed)


def test_a_text_keeps_its_lines() -> None:
    assert clean_text(" one\n\n  two\t2\x00 \n") == "one\n\n  two\t2"
