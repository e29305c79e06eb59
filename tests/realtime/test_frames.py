"""What is read past the library is exactly what the library would have read."""

import os

import pytest
from websockets.frames import Frame, Opcode

from csts.realtime.frames import header, whole_text

pytestmark = pytest.mark.once


def masked(text: bytes, opcode: Opcode = Opcode.TEXT, *, fin: bool = True) -> bytes:
    return Frame(opcode, text, fin).serialize(mask=True)


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 4000, 65_535])
def test_whole_text_of_any_length_is_read(length: int) -> None:
    text = os.urandom(length // 2).hex().encode().ljust(length, b"x")
    frame = masked(text)
    assert whole_text(frame, 0) == (text, len(frame))
    assert whole_text(b"before" + frame + b"behind", 6) == (text, 6 + len(frame))


def test_several_texts_are_read_one_after_the_other() -> None:
    data = masked(b"one") + masked("zwölf".encode()) + masked(b"three")
    found, start = [], 0
    while start < len(data) and (each := whole_text(data, start)):
        text, start = each
        found.append(text.decode())
    assert found == ["one", "zwölf", "three"]


def test_no_part_of_a_frame_is_taken_for_a_whole_one() -> None:
    for text in (b"short", b"x" * 300):
        frame = masked(text)
        assert [whole_text(frame[:end], 0) for end in range(len(frame))] == [None] * len(frame)


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(Frame(Opcode.TEXT, b"not masked").serialize(mask=False), id="not masked"),
        pytest.param(masked(b"first part", fin=False), id="a part"),
        pytest.param(masked(b"last part", Opcode.CONT), id="the last part"),
        pytest.param(masked(b"bytes", Opcode.BINARY), id="bytes"),
        pytest.param(masked(b"", Opcode.CLOSE), id="goodbye"),
        pytest.param(masked(b"\xc3\x28"), id="not UTF-8"),
        pytest.param(b"\xc1" + masked(b"compressed")[1:], id="a bit that is reserved"),
        pytest.param(masked(b"x" * 65_536), id="longer than 64 KiB"),
    ],
)
def test_everything_else_is_left_to_the_library(frame: bytes) -> None:
    assert whole_text(frame, 0) is None


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_header_is_that_of_the_library(length: int) -> None:
    text = b"x" * length
    assert header(length) + text == Frame(Opcode.TEXT, text).serialize(mask=False)
