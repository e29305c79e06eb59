"""Scripts, styles and icons under an address that holds their digest, so that caches may keep them for ever."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from csts.kit.errors import NotFound
from csts.web import packs, scripts
from csts.web.packs import Pack, Piece
from csts.web.scripts import Scripts

FOREVER = "max-age=31536000, immutable"
# Whole lines of comment, in scripts and styles. Behind code they stay, and so does what looks like one in a string.
_COMMENT = re.compile(rb"^[ \t]*(?:/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)[ \t]*$", re.MULTILINE)
_WRITTEN = {".js", ".css"}
# Without a charset: modules are UTF-8 always, and a style is what its page is.
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# The styles of every page, in this order.
_FRAME = ("layers", "tokens", "base", "controls", "forms", "layout")
_STYLES = "css/packs"
# Pages name a third of it. Any list of parts is a name, and those that no page has push one another out.
_MOST_SHEETS = 64


@dataclass(frozen=True)
class Asset:
    content: bytes
    packed: bytes
    media_type: str


class Assets:
    """The static tree, read and packed once: it is small, and disk is not asked again."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): _read(path) for path in paths}
        self._scripts = Scripts({path: self._text(path) for path in self._files if path.endswith(".js")})
        # Of scripts there are only those that pages have; what is asked in vain is an error, and not kept.
        self._script = cache(self._made_script)
        self._sheet = lru_cache(_MOST_SHEETS)(self._made_sheet)
        self.digest = _digest(self._files)

    def url(self, path: str) -> str:
        """The address of a file that must exist, such as `css/base.css`."""
        self._found(path)
        return f"/static/{self.digest}/{path}"

    def scripts(self, page: str, *, is_agent: bool) -> list[str]:
        """The addresses of all that the page `js/pages/<page>.js` runs, in order."""
        names = self._scripts.names(f"{page}+hands" if is_agent else page)
        return [self.url(f"{scripts.FOLDER}/{name}") for name in names]

    def styles(self, parts: Iterable[str]) -> str:
        """The address of the styles of every page and of these parts, in one piece."""
        return self.url(f"{_STYLES}/{'+'.join(['frame', *parts])}.css")

    def file(self, path: str) -> Response:
        """For an address of its own, which each version answers anew."""
        asset = self._found(path)
        return Response(asset.content, media_type=asset.media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve `<digest>/<path>`. An old digest gets today's file, uncached: a page may outlive a deployment."""
        digest, _, path = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/").partition("/")
        if scope["method"] not in {"GET", "HEAD"}:
            raise NotFound
        try:
            asset = self._found(path)
        except LookupError as error:
            raise NotFound from error
        headers = {"Cache-Control": FOREVER if digest == self.digest else "no-cache", "Vary": "Accept-Encoding"}
        packed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        body = asset.packed if packed else asset.content
        headers["Content-Type"] = asset.media_type
        await Response(body, headers=headers)(scope, receive, send)

    def _found(self, path: str) -> Asset:
        """Raise LookupError where there is none."""
        if path in self._files:
            return self._files[path]
        folder, _, name = path.rpartition("/")
        if folder == scripts.FOLDER:
            return self._script(name)
        if folder == _STYLES:
            return self._sheet(name)
        raise LookupError(path)

    def _made_script(self, name: str) -> Asset:
        pack = self._scripts.pack(name.removesuffix(".map"))
        if pack is None:
            raise LookupError(name)
        return _packed(pack, name, "//{}\n", _TYPES[".js"])

    def _made_sheet(self, name: str) -> Asset:
        frame, *parts = name.removesuffix(".map").removesuffix(".css").split("+")
        paths = [f"css/{part}.css" for part in _FRAME] + [f"css/parts/{part}.css" for part in parts]
        is_known = all(path in self._files for path in paths) and len(set(parts)) == len(parts)
        if frame != "frame" or not name.removesuffix(".map").endswith(".css") or not is_known:
            raise LookupError(name)
        pack = packs.join([Piece(path, self._text(path)) for path in paths], _STYLES)
        return _packed(pack, name, "/*{} */\n", _TYPES[".css"])

    def _text(self, path: str) -> str:
        return self._files[path].content.decode()


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    served = lean(content) if path.suffix in _WRITTEN else content
    return _asset(served, _TYPES.get(path.suffix, guessed))


def _packed(pack: Pack, name: str, comment: str, media_type: str) -> Asset:
    if name.endswith(".map"):
        return _asset(pack.map.encode(), "application/json")
    return _asset((pack.text + comment.format(f"# sourceMappingURL={name}.map")).encode(), media_type)


def _asset(content: bytes, media_type: str) -> Asset:
    # Without the time of packing, so that the same file is the same bytes from every process.
    return Asset(content, gzip.compress(content, mtime=0), media_type)


def lean(content: bytes) -> bytes:
    """A script or a style without its lines of comment; the others keep their numbers.

    Comments are for those who read the source, and a quarter of what a page would weigh.
    """
    return _COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), content)


def _digest(files: dict[str, Asset]) -> str:
    # How files are put together is a part of what they are served as.
    makers = (Path(__file__).with_name(name) for name in ("packs.py", "scripts.py"))
    summary = hashlib.sha256(b"".join(maker.read_bytes() for maker in makers))
    for path, asset in files.items():
        summary.update(f"{path}\0{len(asset.content)}\0".encode() + asset.content)
    return summary.hexdigest()[:12]
