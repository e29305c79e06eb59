"""Gathers what pages, letters, scripts and errors say into the catalogues: `bin/words`, or `bin/words --check`."""

import ast
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "csts" / "web"
KEYWORDS = {"t": None, "tn": (1, 2), "sentence": None}
METHODS = {".html": "jinja2.ext:babel_extract", ".jinja": "jinja2.ext:babel_extract", ".js": "javascript"}
# A sentence may stand inside of a template string.
OPTIONS = {"parse_template_string": True}


@cache
def sentences() -> Catalog:
    """All that can be shown to a person, each with the kinds of files that say it."""
    found = Catalog(fuzzy=False)
    for folder, suffix in (("web/templates", ".html"), ("mail/templates", ".jinja"), ("web/static/js", ".js")):
        for path in sorted((WEB.parent / folder).rglob(f"*{suffix}")):
            place = path.relative_to(WEB.parent).as_posix().removeprefix("web/")
            said = extract_from_file(METHODS[suffix], path, keywords=KEYWORDS, options=OPTIONS)
            for _line, message, _comments, _context in said:
                found.add(message, locations=[(place, 0)])
    for path in sorted((ROOT / "src" / "csts").rglob("*.py")):
        for sentence in error_sentences(path):
            found.add(sentence, locations=[(path.relative_to(ROOT / "src").as_posix(), 0)])
    return found


def error_sentences(path: Path) -> Iterator[str]:
    """The fixed `detail` of each error class, and what is said about a single field."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Assign(targets=[ast.Name("detail")], value=ast.Constant(str(sentence))):
                yield sentence
            case ast.Call(
                func=ast.Name("ValueError") | ast.Attribute(attr="of"), args=[*_, ast.Constant(str(sentence))]
            ):
                if sentence.endswith("."):
                    yield sentence


def lacking(catalog: Catalog) -> list[str]:
    """The sentences without a translation, by the key that code uses."""
    return [key_of(message.id) for message in catalog if message.id and not all(forms(message.string))]


def forms(text: str | Sequence[str] | None) -> Sequence[str]:
    return [text or ""] if isinstance(text, str | None) else text


def key_of(message_id: str | Sequence[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def updated(path: Path) -> Catalog:
    """The catalogue with what is said today: new sentences empty, forgotten ones gone."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.stem)
    # The date of the last gathering would be all that two branches disagree about.
    gathered = catalog.creation_date
    catalog.update(sentences(), no_fuzzy_matching=True)
    catalog.creation_date = gathered
    catalog.obsolete.clear()
    return catalog


def main(arguments: list[str]) -> int:
    missing = 0
    for path in sorted((WEB / "locale").glob("*.po")):
        catalog = updated(path)
        missing += len(lacking(catalog))
        report = [f"{path.name}: {len(catalog)} sentences; without a translation:", *lacking(catalog)]
        sys.stdout.write("\n  ".join(report) + "\n")
        if "--check" not in arguments:
            with path.open("wb") as file:
                write_po(file, catalog, width=0, sort_output=True, include_lineno=False)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
