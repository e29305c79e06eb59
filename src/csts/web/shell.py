"""What every page shares: the frame, who is looking, in which language and theme, and what its scripts must know."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from csts.kit.words import Languages
from csts.preferences.schemas import Preferences
from csts.web.assets import Assets

THEME_COOKIE = "csts_theme"
# A page that the browser kept would greet the next person at it by the name of the one who signed out.
HEADERS = {"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language, Accept-Encoding"}
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Looker:
    """Whoever looks at a page while signed in; `expires_in` is what is left of the access token, in seconds."""

    kind: str
    id: int
    name: str
    role: str
    expires_in: int
    preferences: Preferences
    owes_factor: bool

    @property
    def facts(self) -> dict[str, Any]:
        return {"kind": self.kind, "id": self.id, "name": self.name, "role": self.role}


class Shell:
    """Renders pages. One for the life of the app: templates, catalogues and static files are read once."""

    def __init__(self, *, brand: str, options: Mapping[str, Any]) -> None:
        self.assets = Assets(_HERE / "static")
        self.languages = Languages(_HERE / "locale")
        self._brand = brand
        self._options = options
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            # A misspelt name in a template is an error, not a hole in the page.
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            asset=self.assets.url, scripts_of=self.assets.scripts, styles_of=self.assets.styles
        )

    def page(
        self,
        request: Request,
        template: str,
        *,
        me: Looker | None = None,
        status: int = HTTPStatus.OK,
        facts: Mapping[str, Any] | None = None,
        **context: Any,
    ) -> HTMLResponse:
        """`facts` go to the scripts of the page as well as to its template."""
        language = self.languages.of(request)
        known = {
            "me": me and me.facts,
            "expires_in": me.expires_in if me else 0,
            "preferences": me and msgspec.to_builtins(me.preferences),
            "push_key": me and request.app.state.caller.key,
            "options": self._options,
            "words": language.for_scripts,
            "locale": language.code,
            "brand": self._brand,
            **(facts or {}),
        }
        # What somebody has chosen follows him; until then each browser remembers its own.
        theme = (me.preferences.theme if me else None) or request.cookies.get(THEME_COOKIE)
        html = self._templates.get_template(template).render(
            # For an attribute, where it is escaped as any text is: the policy has no room for inline scripts.
            page_json=json.dumps(known, ensure_ascii=False, separators=(",", ":")),
            t=language.t,
            tn=language.tn,
            language=language,
            languages=self.languages.all.values(),
            theme=theme if theme in {"light", "dark"} else None,
            path=request.url.path,
            me=me,
            brand=self._brand,
            options=self._options,
            push_key=known["push_key"],
            **(facts or {}),
            **context,
        )
        return _packed(html, status, request.headers.get("accept-encoding", ""))


def shell_of(request: Request) -> Shell:
    return cast("Shell", request.app.state.shell)


def _packed(html: str, status: int, accepted: str) -> HTMLResponse:
    # A page holds no secret that its length could betray: the tokens are in cookies that no page repeats.
    if "gzip" not in accepted:
        return HTMLResponse(html, status_code=status, headers=HEADERS)
    headers = {**HEADERS, "Content-Encoding": "gzip"}
    return HTMLResponse(gzip.compress(html.encode()), status_code=status, headers=headers)
