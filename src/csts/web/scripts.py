"""All scripts of a page in two or three pieces, where a browser would be asked for a hundred.

Nothing is compiled. Each module stands as it is written, line for line, in a function of its own; its imports become
names that are taken from the modules before it, and its exports what the function gives back. Decision 38.
"""

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from csts.web.packs import Pack, Piece, join

FOLDER = "js/packs"
_ENTRIES = "js/pages"
# What a page may load when it is wanted.
_PARTS = "js/parts"
_NAME = re.compile(r"(?P<page>[\w-]+(?:\+hands)?)(?:\.(?P<turn>\d)|~(?P<part>[\w-]+))\.js")
# How we write them, each in one form; `parse` refuses any other.
_IMPORT = re.compile(r'^import (?:\{ ([^}]*) \} from )?"(\.{1,2}/[^"]+)";', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) (\w+)", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
# Types in comments are written the same way, behind a brace, an angle or a bar.
_LATER = re.compile(r'(?<=[ (\[])(?<![{<|] )import\("(\.{1,2}/[^"]+)"\)')
# A module with an element changes the page as soon as it runs, for the element stands there.
_ELEMENT = re.compile(r"^customElements\.define\(", re.MULTILINE)


class NotPackable(ValueError):
    """A script imports or exports in a form that packs do not know; the message names the script and the line."""


@dataclass(frozen=True)
class Module:
    """One file by its paths to others: what it imports before it runs, and later; and the names that it exports."""

    path: str
    text: str
    imports: tuple[str, ...]
    later: tuple[str, ...]
    exports: tuple[str, ...]

    @property
    def moves(self) -> bool:
        """Whether it does something to the page when it runs, and not only makes things known to others."""
        return self.path.startswith(_ENTRIES) or bool(_ELEMENT.search(self.text))


def parse(path: str, text: str) -> Module:
    """Raise `NotPackable` where it is written in another form than ours."""
    if other := _OTHER.search(_EXPORT.sub("", _IMPORT.sub("", text))):
        raise NotPackable(f"{path}: {other[0]}")
    return Module(
        path,
        text,
        imports=tuple(_beside(path, target) for _, target in _IMPORT.findall(text)),
        later=tuple(_beside(path, target) for target in _LATER.findall(text)),
        exports=tuple(name for _, name in _EXPORT.findall(text)),
    )


class Scripts:
    """All modules by their paths, and packs of them by name.

    `desk+hands` is the page `desk` of an agent: what every page runs, the page's own, and what every page of an agent
    runs. It comes in turns, `desk+hands.1.js` and so on, between which the browser may draw.
    `desk+hands~merge-dialog.js` is what that page lacks for a part which it loads when it is wanted.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._modules = {path: parse(path, text) for path, text in texts.items()}
        # Names and no numbers: a page may outlive a deployment, and what it loads then takes by the same names.
        self._ids = {path: f"${re.sub(r'[^a-z0-9]', '_', path[:-3])}" for path in texts}
        # Of each page there are a few, and their scripts do not change while the server runs.
        self._turns = cache(self._laid_out)

    def names(self, page: str) -> list[str]:
        """The packs that a page runs at once, in order."""
        return [f"{page}.{number}.js" for number, _ in enumerate(self._turns(page), 1)]

    def pack(self, name: str) -> Pack | None:
        """None for a name that no page has."""
        named = _NAME.fullmatch(name)
        if not named or not all(entry in self._modules for entry in self._entries(named["page"])):
            return None
        page, number, part = named.groups()
        turns = self._turns(page)
        homes = {path: f"{page}.{number}.js" for number, turn in enumerate(turns, 1) for path in turn}
        if number:
            return self._turn(turns[int(number) - 1], homes, page) if 0 < int(number) <= len(turns) else None
        path = f"{_PARTS}/{part}.js"
        return self._later(path, homes, page) if path in self._later_of(list(homes)) else None

    def _turn(self, own: list[str], homes: Mapping[str, str], page: str) -> Pack:
        names = ", ".join(self._ids[path] for path in own)
        return self._joined(own, homes, page, ending=f"export {{ {names} }};\n")

    def _later(self, path: str, homes: Mapping[str, str], page: str) -> Pack:
        own = [each for each in self._reached([path]) if each not in homes]
        ending = f"export const {{ {', '.join(self._modules[path].exports)} }} = {self._ids[path]};\n"
        # Of a part that something else on the page runs at once it only hands on what that exports.
        return self._joined(own, homes, page, ending, also={path}.intersection(homes))

    def _joined(
        self, own: list[str], homes: Mapping[str, str], page: str, ending: str, also: Collection[str] = ()
    ) -> Pack:
        needs = {target for path in own for target in self._modules[path].imports if target not in own}.union(also)
        lent: dict[str, list[str]] = {}
        for need in sorted(needs):
            lent.setdefault(homes[need], []).append(self._ids[need])
        beginning = "".join(f'import {{ {", ".join(ids)} }} from "./{home}";\n' for home, ids in sorted(lent.items()))
        return join((self._piece(path, page) for path in own), FOLDER, beginning=beginning, ending=ending)

    def _laid_out(self, page: str) -> list[list[str]]:
        """What a page runs in one go: all that moves nothing with the first entry, then each other entry with its own.

        What two of the later parts share runs at once as well: of each module a page has one instance.
        """
        entries = self._entries(page)
        at_once = self._reached(entries)
        needs = [set(self._reached([part])) - set(at_once) for part in self._later_of(at_once)]
        shared = {path for path in set().union(*needs) if sum(path in need for need in needs) > 1}
        paths = self._reached([*sorted(shared), *entries])
        done = dict.fromkeys(self._still(paths))
        turns = [list(done)]
        for own in (*map(self._reached, zip(entries)), paths):
            turns.append([path for path in own if path not in done])
            done.update(dict.fromkeys(own))
        # The first entry is small.
        return [turn for turn in (turns[0] + turns[1], *turns[2:]) if turn]

    def _still(self, paths: list[str]) -> list[str]:
        """Those that move nothing, and import nothing that does."""
        moving: set[str] = set()
        for path in paths:
            module = self._modules[path]
            if module.moves or moving.intersection(module.imports):
                moving.add(path)
        return [path for path in paths if path not in moving]

    def _later_of(self, at_once: list[str]) -> list[str]:
        """What may be loaded later by these, and by what they load."""
        later: list[str] = []
        known = list(at_once)
        for path in known:
            fresh = [part for part in self._modules[path].later if part not in later]
            later += fresh
            known += [each for each in self._reached(fresh) if each not in known]
        return later

    def _entries(self, page: str) -> list[str]:
        return [f"{_ENTRIES}/{entry}.js" for entry in dict.fromkeys(("shell", *page.split("+")))]

    def _reached(self, entries: Iterable[str]) -> list[str]:
        """These and all that they import, in the order in which a browser runs them."""
        found: dict[str, None] = {}
        for entry in entries:
            self._visit(entry, found, ())
        return list(found)

    def _visit(self, path: str, found: dict[str, None], above: tuple[str, ...]) -> None:
        if path in above:
            raise NotPackable(f"{path} imports itself by way of {above[-1]}")
        if path in found:
            return
        for target in self._modules[path].imports:
            self._visit(target, found, (*above, path))
        found[path] = None

    def _piece(self, path: str, page: str) -> Piece:
        module = self._modules[path]

        def taken(found: re.Match[str]) -> str:
            names, target = found.groups()
            if not names:
                return ""
            return f"const {{ {names.replace(' as ', ': ')} }} = {self._ids[_beside(path, target)]};"

        def loaded(found: re.Match[str]) -> str:
            return f'import("./{page}~{posixpath.basename(found[1])}")'

        text = _LATER.sub(loaded, _EXPORT.sub(r"\1 \2", _IMPORT.sub(taken, module.text)))
        behind = f"return {{ {', '.join(module.exports)} }};\n}})();\n"
        return Piece(path, text, before=f"const {self._ids[path]} = (() => {{\n", behind=behind)


def _beside(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
