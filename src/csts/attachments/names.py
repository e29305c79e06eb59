"""File names from strangers, made safe to store, to show and to download."""

import re
import unicodedata

MAX_CHARS = 120

_EXTENSIONS = {"image/png": (".png",), "image/jpeg": (".jpg", ".jpeg"), "application/pdf": (".pdf",)}
_OURS = re.compile(r"\.(png|jpe?g|pdf)$", re.IGNORECASE)
# Emoji are joined by U+200D, and Persian words by U+200C; the other invisible characters only deceive.
_JOINERS = "\u200c\u200d"
_SPACES = "\t\n\r"


def clean_name(raw: str | None, file_type: str) -> str:
    """The visible name with an extension that is true to the content: at most 120 characters, never empty."""
    name = visible_name(raw)
    found = _OURS.search(name)
    stem, extension = (name[: found.start()], found[0]) if found else (name, "")
    if extension.lower() not in _EXTENSIONS[file_type]:
        extension = _EXTENSIONS[file_type][0]
    stem = stem[: MAX_CHARS - len(extension)].strip(". " + _JOINERS)
    return (stem or "file") + extension


def visible_name(raw: str | None) -> str:
    """The last part of the path, without what nobody can see; empty if nothing is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", raw or ""))[-1]
    return " ".join("".join(filter(_is_visible, last)).split()).strip(". ")


def _is_visible(character: str) -> bool:
    # "C…" are control, format (bidi overrides among them), surrogate and private characters; Zl and Zp break lines.
    category = unicodedata.category(character)
    return character in _JOINERS + _SPACES or not (category.startswith("C") or category in {"Zl", "Zp"})
