"""Text frames as they stand on the wire (RFC 6455, 5.2): nearly all that a desk hears and says, read at speed."""

from websockets.frames import Opcode, apply_mask  # type: ignore[attr-defined]  # in C where it was built, else not

_WHOLE_TEXT = 0x80 | Opcode.TEXT
_MASKED = 0x80
# In the place of a length: it follows, in so many bytes.
_TWO_BYTES, _EIGHT_BYTES = 126, 127
_SHORT_HEAD, _LONG_HEAD = 6, 8


def header(length: int) -> bytes:
    """Of an unmasked text frame that is whole; asked of nobody, since it is asked for each frame."""
    if length < _TWO_BYTES:
        return bytes((_WHOLE_TEXT, length))
    if length < 1 << 16:
        return bytes((_WHOLE_TEXT, _TWO_BYTES)) + length.to_bytes(2, "big")
    return bytes((_WHOLE_TEXT, _EIGHT_BYTES)) + length.to_bytes(8, "big")


def whole_text(data: bytes, start: int) -> tuple[bytes, int] | None:
    """The text of the masked frame that begins at `start`, and where the next one begins.

    None for everything else: a frame that is not all there, longer than 64 KiB, a part, not text, or against the
    rules. That is left to the library, which reads a frame step by step and takes ten times as long.
    """
    there = len(data) - start
    if there < _SHORT_HEAD or data[start] != _WHOLE_TEXT:
        return None
    length, mask_at = data[start + 1] - _MASKED, start + 2
    if length == _TWO_BYTES and there >= _LONG_HEAD:
        length, mask_at = int.from_bytes(data[mask_at : mask_at + 2], "big"), mask_at + 2
    elif not 0 <= length < _TWO_BYTES:
        return None
    begin = mask_at + 4
    end = begin + length
    if end > len(data):
        return None
    text = apply_mask(data[begin:end], data[mask_at:begin])
    return (text, end) if is_text(text) else None


def is_text(data: bytes) -> bool:
    # The first is a tenth of the second, and true of nearly all.
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
