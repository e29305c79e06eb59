"""Scripts in one piece: each module once, in its order, as it was written."""

import re
from pathlib import Path

import pytest

import csts.web
from csts.web.scripts import NotPackable, Scripts, parse

pytestmark = pytest.mark.once

SHELL = 'import { t } from "../lib/words.js";\n\nt("shell");\n'
WORDS = "\n\nexport const t = (words) => words;\n"
FORM = (
    'import { t as say } from "../lib/words.js";\n'
    'export class Form {}\ncustomElements.define("a-form", Form);\nsay(await_());\n'
    "export async function await_() {}\n"
)
PAGE = 'import "../parts/form.js";\nconst ask = () => [import("../parts/ask.js"), import("../parts/tell.js")];\n'
TREE = {
    "js/pages/shell.js": SHELL,
    "js/pages/page.js": PAGE,
    "js/pages/hands.js": "hands();\n",
    "js/lib/words.js": WORDS,
    "js/lib/shared.js": "export const shared = {};\n",
    "js/parts/form.js": FORM,
    "js/parts/ask.js": 'import { shared } from "../lib/shared.js";\nimport { t } from "../lib/words.js";\n'
    "export function ask() {}\nexport const answer = shared;\n",
    "js/parts/tell.js": 'import { shared } from "../lib/shared.js";\nexport const tell = shared;\n',
}


def text_of(name: str, tree: dict[str, str] = TREE) -> str:
    pack = Scripts(tree).pack(name)
    assert pack
    return pack.text


def page_of(page: str, tree: dict[str, str] = TREE) -> list[str]:
    return [text_of(name, tree) for name in Scripts(tree).names(page)]


def in_order(text: str, *parts: str) -> bool:
    places = [text.index(part) for part in parts]
    return places == sorted(places)


def test_what_is_imported_runs_before_and_is_taken_by_its_name() -> None:
    first, second = page_of("page")
    words = re.search(r"const (\$\w+) = \(\(\) => \{\n\n\nconst t = ", first)
    assert words
    assert f"const {{ t: say }} = {words[1]};" in second
    assert re.match(rf'import \{{ (\$\w+, )*{re.escape(words[1])}(, \$\w+)* \}} from "\./page\.1\.js";\n', second)
    assert "return { t };" in first
    assert "return { Form, await_ };" in second
    assert in_order(first, "const t =", 't("shell")')
    assert in_order(second, "class Form", "const ask =")


def test_a_page_runs_in_turns_and_what_moves_nothing_comes_with_the_first() -> None:
    assert Scripts(TREE).names("page+hands") == ["page+hands.1.js", "page+hands.2.js", "page+hands.3.js"]
    first, second, third = page_of("page+hands")
    assert in_order(first, "const shared", 't("shell")')
    assert "class Form" in second
    assert "hands()" in third
    # What every page runs is a page of its own, for those that run nothing else.
    assert Scripts(TREE).names("shell") == ["shell.1.js"]


def test_a_later_part_is_a_pack_of_its_own_that_takes_from_the_page() -> None:
    first, second = page_of("page")
    assert 'import("./page~ask.js")' in second
    assert "function ask" not in first + second
    part = text_of("page~ask.js")
    assert "const t =" not in part
    assert re.search(r"export const \{ ask, answer \} = \$\w+;\n$", part)
    taken = re.findall(r"\$\w+", part.splitlines()[0])
    assert part.startswith("import {")
    assert set(taken) <= set(re.findall(r"\$\w+", first.splitlines()[-1]))


def test_what_two_later_parts_share_is_the_pages_so_that_it_is_there_once() -> None:
    assert "const shared" in page_of("page")[0]
    assert "const shared" not in text_of("page~ask.js")
    assert "const shared" not in text_of("page~tell.js")
    alone = {**TREE, "js/parts/tell.js": "export const tell = 1;\n"}
    assert "const shared" not in "".join(page_of("page", alone))
    assert "const shared" in text_of("page~ask.js", alone)


def test_a_later_part_that_the_page_runs_at_once_is_handed_on_from_there() -> None:
    both = {**TREE, "js/pages/page.js": TREE["js/pages/page.js"] + 'import "../parts/ask.js";\n'}
    part = text_of("page~ask.js", both)
    assert "function ask" not in part
    (taken,) = re.findall(r'import \{ (\$\w+) \} from "\./page\.\d\.js";', part)
    assert f"export const {{ ask, answer }} = {taken};" in part


def test_every_pack_of_ours_takes_only_what_is_there() -> None:
    folder = Path(csts.web.__file__).with_name("static")
    tree = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.js")}
    ours = Scripts(tree)
    parts = [path.removeprefix("js/parts/").removesuffix(".js") for path in tree if path.startswith("js/parts/")]
    pages = [path.removeprefix("js/pages/").removesuffix(".js") for path in tree if path.startswith("js/pages/")]
    missing = set()
    for page in [*pages, *(f"{page}+hands" for page in pages)]:
        for name in [*ours.names(page), *(f"{page}~{part}.js" for part in parts)]:
            if pack := ours.pack(name):
                made = re.findall(r"^const (\$\w+) = \(\(\) =>", pack.text, re.MULTILINE)
                lent = re.findall(r"\$\w+", " ".join(re.findall(r"^import \{ .*", pack.text, re.MULTILINE)))
                taken = re.findall(r"= (\$\w+);$", pack.text, re.MULTILINE)
                missing |= {(name, each) for each in {*taken} - {*made} - {*lent}}
    assert missing == set()


def test_a_map_leads_from_each_line_to_the_file_it_was_written_in() -> None:
    pack = Scripts(TREE).pack("page.2.js")
    assert pack
    lines = pack.text.splitlines()
    assert '"version":3' in pack.map
    for line, source in re.findall(
        r'"line":(\d+),"column":0\},"map":\{"version":3,"sources":\["\.\./([^"]+)"\]', pack.map
    ):
        written = TREE[f"js/{source}"].splitlines()
        for number, text in enumerate(written):
            if not text.startswith(("import", "export")) and "import(" not in text:
                assert lines[int(line) + number] == text, source


def test_types_in_comments_load_nothing() -> None:
    comment = '/** @param {import("./x.js").X} x @returns {Promise<import(\'./y.js\').Y>|import("./z.js").Z} */\n'
    assert parse("js/lib/a.js", f"f(); {comment}").later == ()


@pytest.mark.parametrize(
    "line",
    [
        'import all from "./a.js";',
        'import * as all from "./a.js";',
        'import { a } from "elsewhere";',
        'export { a } from "./a.js";',
        "export default 1;",
        "export let changing = 1;",
        "export const { a } = {};",
    ],
)
def test_a_form_that_packs_do_not_know_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(NotPackable, match=re.escape(f"js/lib/a.js: {line}")):
        parse("js/lib/a.js", f"const a = 1;\n{line}\n")


def test_a_circle_is_refused() -> None:
    circle = {**TREE, "js/lib/words.js": 'import "../parts/form.js";\n'}
    with pytest.raises(NotPackable, match="imports itself"):
        Scripts(circle).names("page")


@pytest.mark.parametrize(
    "name",
    [
        "nowhere.1.js",
        "page.js",
        "page.0.js",
        "page.3.js",
        "page+page.1.js",
        "page~form.js",
        "page~nowhere.js",
        "../page.1.js",
        "",
    ],
)
def test_a_name_that_no_page_has_is_no_pack(name: str) -> None:
    assert Scripts(TREE).pack(name) is None
