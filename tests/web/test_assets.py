"""Files of the pages: kept for ever by caches, and never out of step with each other."""

import re
from pathlib import Path

import pytest
from httpx2 import AsyncClient

from csts.web.assets import Assets, lean

pytestmark = pytest.mark.once

STATIC = Path("src/csts/web/static")


@pytest.fixture
def assets() -> Assets:
    return Assets(STATIC)


async def sources(client: AsyncClient, packs: list[str]) -> set[str]:
    """The files that packs are made of, as their maps name them to a browser's tools."""
    maps = [(await client.get(f"{pack}.map")).json() for pack in packs]
    named = [section["map"]["sources"][0] for each in maps for section in each["sections"]]
    assert len(named) == len(set(named))
    return {name.replace("..", "js", 1) for name in named}


def test_a_changed_file_changes_the_address_of_all(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    before = Assets(tmp_path).digest
    (tmp_path / "a.css").write_text("b {}")
    assert Assets(tmp_path).digest != before


def test_a_file_that_does_not_exist_has_no_address(assets: Assets) -> None:
    with pytest.raises(LookupError):
        assets.url("css/nowhere.css")


def test_scripts_import_only_files_that_exist() -> None:
    scripts = list((STATIC / "js").rglob("*.js"))
    wanted = [
        (script, target) for script in scripts for target in re.findall(r"""from ["'](\.[^"']+)""", script.read_text())
    ]
    assert not [(script, target) for script, target in wanted if not (script.parent / target).is_file()]


async def test_a_file_is_kept_for_ever_under_its_digest(client: AsyncClient, assets: Assets) -> None:
    answer = await client.get(assets.url("css/tokens.css"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css"
    assert answer.headers["content-encoding"] == "gzip"


async def test_a_file_has_no_more_headers_than_it_needs(client: AsyncClient, assets: Assets) -> None:
    """A page asks for dozens: what a policy and an id would take on each of them is a fifth of the page."""
    answer = await client.get(assets.url("css/tokens.css"))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not {"content-security-policy", "permissions-policy", "x-request-id"} & set(answer.headers)


async def test_an_old_page_still_gets_its_files_but_does_not_keep_them(client: AsyncClient) -> None:
    answer = await client.get("/static/0123456789ab/js/lib/page.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


async def test_a_client_without_gzip_gets_plain_bytes(client: AsyncClient, assets: Assets) -> None:
    answer = await client.get(assets.url("mark.svg"), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.content == (STATIC / "mark.svg").read_bytes()


@pytest.mark.parametrize("path", ["css/nowhere.css", "../pages.py", "%2e%2e/pages.py", "css"])
async def test_nothing_but_the_files_is_served(client: AsyncClient, assets: Assets, path: str) -> None:
    answer = await client.get(f"/static/{assets.digest}/{path}")
    assert answer.status_code == 404


def test_comments_stay_at_home_and_code_goes_as_it_is() -> None:
    written = b"""/** Why
 * it is so. */
/** @type {X} */ (given).f("/* no comment */");
  // aside
  const place = "//host"; // behind code
"""
    served = b"""

/** @type {X} */ (given).f("/* no comment */");

  const place = "//host"; // behind code
"""
    assert lean(written) == served


def test_no_string_of_a_script_looks_like_a_line_of_comment() -> None:
    """What is left out would be missed in a text that goes over several lines."""
    for script in (STATIC / "js").rglob("*.js"):
        texts = re.findall(r"`(?:[^`\\]|\\.)*`", script.read_text())
        assert not [text for text in texts if lean(text.encode()) != text.encode()], script


async def test_the_tools_of_agents_are_not_sent_to_customers(client: AsyncClient, assets: Assets) -> None:
    desk = await sources(client, assets.scripts("desk", is_agent=True))
    ticket = await sources(client, assets.scripts("ticket", is_agent=False))
    tools = {name for name in desk if "canned" in name or "macro" in name}
    assert len(tools) == 6
    tools |= {"js/parts/suggestion.js", "js/parts/reply-facts.js", "js/parts/stale-guard.js"}
    assert tools <= desk
    assert not tools & ticket
