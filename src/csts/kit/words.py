"""The words of pages and letters in the reader's language, from gettext catalogues that are read as text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from babel import Locale
from babel.messages.pofile import read_po
from starlette.requests import HTTPConnection

LOCALE_COOKIE = "csts_locale"
SOURCE = "en"

# Of a part without spaces around it: where two places could take the same ones, a hundred thousand take minutes.
_OFFER = re.compile(r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)(?:\s*;\s*q=([01](?:\.[0-9]{0,3})?))?")


@dataclass(frozen=True)
class Language:
    """The texts of one language; the English sentence is the key, and the answer where none is known.

    `for_scripts` holds the texts that scripts use: one, or a list of the forms for one and for many.
    """

    code: str
    texts: Mapping[str, str | list[str]] = field(default_factory=dict)
    for_scripts: Mapping[str, str | list[str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What its speakers call it."""
        return (Locale(self.code).get_display_name(self.code) or self.code).capitalize()

    def t(self, key: str, **values: object) -> str:
        text = self._forms(key)[0]
        return text.format_map(values) if values else text

    def tn(self, one: str, many: str, count: int, **values: object) -> str:
        forms = self._forms(one, one, many)
        return forms[0 if count == 1 else -1].format_map({"count": count, **values})

    def _forms(self, key: str, *fallback: str) -> Sequence[str]:
        found = self.texts.get(key, fallback or [key])
        return [found] if isinstance(found, str) else found


class Languages:
    """All languages that there are catalogues for, English first."""

    def __init__(self, folder: Path) -> None:
        read = [_language(path) for path in sorted(folder.glob("*.po"))]
        self.all = {SOURCE: Language(SOURCE)} | {language.code: language for language in read}

    def of(self, connection: HTTPConnection) -> Language:
        """The language of whoever asks."""
        return self.choose(connection.cookies.get(LOCALE_COOKIE), connection.headers.get("accept-language", ""))

    def choose(self, chosen: str | None, accepted: str) -> Language:
        """By the reader's own choice, else by the browser's `Accept-Language`, else English."""
        for code in (chosen or "", *_by_preference(accepted)):
            language = self.all.get(code.lower().partition("-")[0])
            if language:
                return language
        return self.all[SOURCE]


def language_of(connection: HTTPConnection) -> Language:
    """The language of whoever asks."""
    return cast("Languages", connection.app.state.languages).of(connection)


def _by_preference(accepted: str) -> list[str]:
    # Nobody reads more than twenty languages; a header may name thousands.
    parts = (part.strip() for part in accepted.split(",")[:20])
    offers = [match for match in map(_OFFER.fullmatch, parts) if match]
    return [match[1] for match in sorted(offers, key=lambda match: -float(match[2] or 1))]


def _language(path: Path) -> Language:
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.stem)
    texts: dict[str, str | list[str]] = {}
    scripts = set()
    for message in catalog:
        if not message.id or message.fuzzy or not message.string:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        texts[key] = message.string if isinstance(message.string, str) else list(message.string)
        # Scripts also show what errors say, so only the words of pages and letters stay behind.
        if not all(place.endswith((".html", ".jinja")) for place, _line in message.locations):
            scripts.add(key)
    return Language(path.stem, texts, {key: texts[key] for key in scripts})
