"""Scripts, styles and icons under an address that holds their digest, so that caches may keep them for ever."""

import gzip
import hashlib
import mimetypes
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from csts.kit.errors import NotFound

FOREVER = "max-age=31536000, immutable"
# A pattern, where a parser would be one more dependency: it only has to know how we write imports ourselves.
_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^"';]*?["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)
# Whole lines of comment, in scripts and styles. Behind code they stay, and so does what looks like one in a string.
_COMMENT = re.compile(rb"^[ \t]*(?:/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)[ \t]*$", re.MULTILINE)
_WRITTEN = {".js", ".css"}
# Without a charset: modules are UTF-8 always, and a style is what its page is. A page names sixty of them.
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


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
        self.digest = _digest(self._files)

    def url(self, path: str) -> str:
        """The address of a file that must exist, such as `css/base.css`."""
        if path not in self._files:
            raise LookupError(path)
        return f"/static/{self.digest}/{path}"

    def modules(self, entries: list[str]) -> list[str]:
        """All that these scripts import: a page that preloads them needs one round of requests."""
        found = list(entries)
        for path in found:
            for target in _IMPORT.findall(self._files[path].content.decode()):
                imported = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
                if imported in self._files and imported not in found:
                    found.append(imported)
        return found[len(entries) :]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve `<digest>/<path>`. An old digest gets today's file, uncached: a page may outlive a deployment."""
        digest, _, path = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/").partition("/")
        asset = self._files.get(path)
        if asset is None or scope["method"] not in {"GET", "HEAD"}:
            raise NotFound
        headers = {"Cache-Control": FOREVER if digest == self.digest else "no-cache", "Vary": "Accept-Encoding"}
        packed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        body = asset.packed if packed else asset.content
        headers["Content-Type"] = asset.media_type
        await Response(body, headers=headers)(scope, receive, send)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    served = lean(content) if path.suffix in _WRITTEN else content
    # Without the time of packing, so that the same file is the same bytes from every process.
    return Asset(served, gzip.compress(served, mtime=0), _TYPES.get(path.suffix, guessed))


def lean(content: bytes) -> bytes:
    """A script or a style without its lines of comment; the others keep their numbers.

    Comments are for those who read the source, and a quarter of what a page would weigh.
    """
    return _COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), content)


def _digest(files: dict[str, Asset]) -> str:
    summary = hashlib.sha256()
    for path, asset in files.items():
        summary.update(f"{path}\0{len(asset.content)}\0".encode() + asset.content)
    return summary.hexdigest()[:12]
