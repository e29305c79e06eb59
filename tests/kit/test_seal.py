"""Sealed secrets: opened by the same key, for the same purpose, about the same thing, and never otherwise."""

import pytest

from csts.kit.seal import Seal

SECRET = b"twenty bytes of noise"


def test_what_was_sealed_is_opened() -> None:
    sealed = Seal("a key", "letters").close(SECRET, about="row 1")
    assert Seal("a key", "letters").open(sealed, about="row 1") == SECRET


def test_twice_sealed_looks_twice_different() -> None:
    seal = Seal("a key", "letters")
    assert seal.close(SECRET, about="row 1") != seal.close(SECRET, about="row 1")


@pytest.mark.parametrize(
    "key, purpose, about",
    [("another key", "letters", "row 1"), ("a key", "parcels", "row 1"), ("a key", "letters", "row 2")],
)
def test_nothing_else_opens_it(key: str, purpose: str, about: str) -> None:
    sealed = Seal("a key", "letters").close(SECRET, about="row 1")
    assert Seal(key, purpose).open(sealed, about=about) is None


@pytest.mark.parametrize("sealed", ["", "no base64!", "AAAA", "é"])
def test_what_is_damaged_stays_closed(sealed: str) -> None:
    assert Seal("a key", "letters").open(sealed, about="row 1") is None
