"""Reading JSON while it grows, and letting its words through, whatever the pieces are."""

import json

import pytest

from csts.llm.errors import LlmUnusable
from csts.llm.growing import MAX_CHARACTERS, GrowingObject
from csts.llm.reply import ReplyFilter

pytestmark = pytest.mark.once

TEXT = 'Quote "x" \\ back, tab\t, line\nend, Ünï, 😀, {"a": [1]} done'


@pytest.mark.parametrize("is_ascii", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_string_grows_and_never_changes_what_it_said(size: int, is_ascii: bool) -> None:  # noqa: FBT001 - a parameter
    whole = json.dumps({"reply": TEXT, "next": {"deep": ["}", "{"]}}, ensure_ascii=is_ascii)
    growing, before = GrowingObject(), ""
    for at in range(0, len(whole), size):
        growing.feed(whole[at : at + size])
        now = growing.value("reply")
        assert now.startswith(before)
        before = now
    assert before == TEXT
    assert growing.is_whole
    assert json.loads(growing.text)["reply"] == TEXT


def test_what_follows_the_object_is_ignored() -> None:
    growing = GrowingObject()
    growing.feed('{"reply": "a"} {"reply": "b"}')
    growing.feed(" ]]]")
    assert growing.text == '{"reply": "a"}'


def test_an_object_without_an_end_is_left() -> None:
    growing = GrowingObject()
    with pytest.raises(LlmUnusable, match="endless"):
        growing.feed('{"reply": "' + "x" * MAX_CHARACTERS)


@pytest.mark.parametrize("size", [1, 3, 50])
@pytest.mark.parametrize(
    "said, shown",
    [
        ("  Hello  there \n", "Hello  there"),
        ("a <b>bold</b> word", "a bold word"),
        ("<scr<b>ipt>alert</scr</b>ipt>", "alert"),
        ('<img src="x y" onerror="z">Hi', "Hi"),
        ("1 < 2 and 3 > 2, <3", "1 < 2 and 3 > 2, <3"),
        ("an open <a href", "an open <a href"),
        ("See https://desk.example.org/reset, please.", "See https://desk.example.org/reset, please."),
        ("e.g. invoice.pdf, z.B. 3.14.", "e.g. invoice.pdf, z.B. 3.14."),
        ("你好，請看文章。謝謝", "你好，請看文章。謝謝"),
        ("steer\u202eing\u200b", "steering"),
        ("ไทย" * 300, "ไทย" * 300),
    ],
)
def test_words_come_whole_and_plain(said: str, shown: str, size: int) -> None:
    told = ReplyFilter(frozenset({"desk.example.org/reset"}))
    pieces = [told.feed(said[at : at + size]) for at in range(0, len(said), size)]
    assert "".join([*pieces, told.finish()]) == told.text == shown


def test_text_without_gaps_is_shown_before_its_end() -> None:
    told = ReplyFilter(frozenset())
    assert any(told.feed("你好") for _ in range(300))


@pytest.mark.parametrize(
    "link", ["http://a.test", "ftp://x/y", "mailto:a@b.c", "desk.example.org/other", "evil.com", "a@evil.io"]
)
def test_a_foreign_link_stops_the_reply(link: str) -> None:
    told = ReplyFilter(frozenset({"desk.example.org/reset"}))
    shown = told.feed("Go to ")
    with pytest.raises(LlmUnusable, match="link"):
        shown += "".join(told.feed(sign) for sign in f"{link} now")
    assert shown in {"Go", "Go to"}


def test_a_link_around_a_tag_is_a_link() -> None:
    told = ReplyFilter(frozenset())
    assert told.feed("Go to evil<b ") == "Go to"
    with pytest.raises(LlmUnusable, match="link"):
        told.feed("x>.com now")


def test_a_link_after_a_word_without_an_end_is_found_at_the_end() -> None:
    told = ReplyFilter(frozenset())
    for piece in ("ไทย" * 200, "evil", ".com"):
        told.feed(piece)
    with pytest.raises(LlmUnusable, match="link"):
        told.finish()
