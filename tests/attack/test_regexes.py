"""Patterns that a stranger's text could keep busy (ReDoS): none of ours takes its time over a long one."""

import importlib
import inspect
import itertools
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType

import pytest

import csts

pytestmark = pytest.mark.once

# Twice the length may take twice the time, and not its square: a tenth of a second is fifty times what is honest.
LENGTH, SECONDS = 10_000, 0.1
WAYS = {
    "fullmatch": "fullmatch",
    "match": "match",
    **dict.fromkeys(["search", "findall", "finditer", "sub", "split"], "findall"),
}
BEGINNINGS = ["", "en", "1", "https://a", "a@a", "[a](", '"', "/"]
# They read what we have written ourselves, and nobody else.
OURS = {"csts.demo.stories._AGO.0", "csts.demo.stories._DAYS_AGO.0", "csts.web.assets._IMPORT.0"}


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(csts.__path__, "csts."):
        if not found.name.startswith(("csts.migrations", "csts.__main__")):
            yield importlib.import_module(found.name)


def patterns() -> dict[str, tuple[re.Pattern[str], list[str]]]:
    """Each pattern of the desk, and the ways in which its module reads with it."""
    found = {}
    for module in modules():
        source = inspect.getsource(module)
        for name, value in vars(module).items():
            ways = {way for called, way in WAYS.items() if f"{name}.{called}" in source} or {"findall"}
            for number, each in enumerate(value if isinstance(value, list | tuple) else [value]):
                if isinstance(each, re.Pattern) and isinstance(each.pattern, str):
                    found[f"{module.__name__}.{name}.{number}"] = each, sorted(ways)
    return found


def hard_texts(pattern: re.Pattern[str]) -> Iterator[str]:
    """What makes a careless pattern try all ways to split it: repetitions of its own signs, with a wrong end."""
    signs = {*re.findall(r"[!-~ ]", pattern.pattern), "a", "0", " ", "\n", "-", ".", "@", "*", "é", "अ"}
    for beginning, sign in itertools.product(BEGINNINGS, sorted(signs)):
        yield beginning + sign * LENGTH + "\x00"
    for pair in ("a ", "a.", "a-", "0 ", "0-", "a@", "[a", "](", "**", "a,", "a'", "@a.", "://", "\r\n", "\\a"):
        yield pair * (LENGTH // 2) + "\x00"


def test_no_text_keeps_a_pattern_busy() -> None:
    found = patterns()
    assert len(found) > 20
    slow = {name: took for name in found.keys() - OURS if (took := longest(*found[name])) >= SECONDS}
    assert slow == {}


def longest(pattern: re.Pattern[str], ways: list[str]) -> float:
    """Seconds that this pattern takes for the text that it likes least."""
    return max(shortest(partial(getattr(pattern, way), text)) for text in hard_texts(pattern) for way in ways)


def shortest(read: Callable[[], object]) -> float:
    """Of three times at most: the garbage of a whole run may be collected in the middle of one."""
    took = SECONDS
    for _ in range(3):
        began = time.thread_time()
        read()
        took = min(took, time.thread_time() - began)
        if took < SECONDS:
            break
    return took
