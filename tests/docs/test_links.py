"""Every link between the documents leads somewhere, and every page can be reached."""

import re
from pathlib import Path

import pytest

from csts.demo import LOGINS
from tests.architecture.trees import ROOT, relative

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\((?!https?://)(?P<to>[^)#\s]*)(?:#(?P<part>[^)\s]+))?\)")


def anchors(document: Path) -> set[str]:
    """The fragments of its headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def targets(document: Path) -> set[Path]:
    return {(document.parent / link["to"]).resolve() for link in LINK.finditer(document.read_text()) if link["to"]}


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in LINK.finditer(document.read_text()):
        target = (document.parent / link["to"]).resolve() if link["to"] else document
        assert target.exists(), link[0]
        assert link["part"] is None or link["part"] in anchors(target), link[0]


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = {ROOT / "README.md"}
    while waiting:
        document = waiting.pop()
        seen.add(document)
        waiting |= {target for target in targets(document) if target.suffix == ".md"} - seen
    lost = [relative(document) for document in DOCUMENTS if document not in seen]
    assert lost == []


def test_the_readme_tells_the_logins_of_the_demo() -> None:
    readme = (ROOT / "README.md").read_text()
    told = [word for line in LOGINS.splitlines()[1:] for word in line.split()[1:3]]
    assert [word for word in told if f"`{word}`" not in readme] == []


def test_the_readme_names_commands_that_exist() -> None:
    commands = re.findall(r"^(bin/\w+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert commands == ["bin/serve", "bin/test"]
    assert all((ROOT / command).stat().st_mode & 0o111 for command in commands)
