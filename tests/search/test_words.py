"""What a word is, in texts and in questions, in every script."""

import re

import pytest

from csts.search.index import pattern_of, terms_of
from csts.search.marks import excerpt, marks_in
from csts.search.question import MOST_UNITS, Question, Unit
from csts.search.words import tokens_of, words_of


def asked(text: str) -> list[tuple[tuple[str, ...], bool]]:
    return [(unit.tokens, unit.is_begun) for unit in Question.of(text).units]


def has(text: str, question: str) -> bool:
    """Whether a text has all units of a question: by the pattern that the database looks for."""
    terms = terms_of(1, tokens_of(text))
    return all(re.search(_expression(*pattern_of(unit)), terms, re.DOTALL) for unit in Question.of(question).units)


def _expression(pattern: str, escape: str) -> str:
    """LIKE as a regular expression."""
    parts = re.findall(rf"{escape}.|.", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    return "^" + "".join(wild.get(part, re.escape(part.removeprefix(escape))) for part in parts) + "$"


@pytest.mark.parametrize(
    "text, tokens",
    [
        ("Cannot pay with my Card!", ["cannot", "pay", "with", "my", "card"]),
        ("L1-000123", ["l1", "000123"]),
        ("ana.ruiz@example.com", ["ana", "ruiz", "example", "com"]),
        ("Été à Zürich, Straße", ["ete", "a", "zurich", "strasse"]),
        ("ﬁne ＡＢＣ", ["fine", "abc"]),
        ("a_b 100% \\ '", ["a", "b", "100"]),
        ("", []),
        ("%_*()- \x00", []),
        ("x" * 100, ["x" * 40]),
    ],
)
def test_letters_of_latin_become_plain_small_ones(text: str, tokens: list[str]) -> None:
    assert tokens_of(text) == tokens == [word.token for word in words_of(text)]


@pytest.mark.parametrize(
    "text", ["Ключ не подходит", "مرحبا بالعالم", "שלום עולם", "नमस्ते दुनिया", "ασφάλεια", "🙂 👍", "비밀번호 재설정"]
)
def test_tokens_of_every_script_are_of_the_same_few_signs(text: str) -> None:
    tokens = tokens_of(text)
    assert len(tokens) == len(text.split())
    assert all(re.fullmatch(r"_[a-z0-9]{4,76}", token) for token in tokens)
    assert tokens_of(text.upper()) == tokens


@pytest.mark.parametrize(
    "text, question, is_there",
    [
        ("Ключ не подходит", "ключ", True),
        ("Ключ не подходит", "подход", True),
        ("Ключ не подходит", "ходит", False),
        ("请重置密码", "重置", True),
        ("请重置密码", "重置密码", True),
        ("请重置密码", "码", True),
        ("请重置密码", "密", True),
        ("请重置密码", "置重", False),
        ("请重置密码", "重码", False),
        ("パスワードを忘れた", "スワード", True),
        ("ลืมรหัสผ่าน", "รหัส", True),
        ("About 🙂 today", "🙂", True),
        ("About 🙂 today", "👍", False),
        ("The printer is dead", "PRINT", True),
        ("The printer is dead", "print dead", False),
        ("The printer is dead", "print* dead", True),
        ("The printer is dead", "rinter", False),
        ("The printer is dead", '"printer is"', True),
        ("The printer is dead", '"printer dead"', False),
        ("The printer is dead", '"print"', False),
        ("don't panic", "don't", True),
        ("ana@example.com wrote", "ana@example.com", True),
        ("L1-000123 Printer", "l1-000123", True),
        ("L1-000123 Printer", "000123", True),
    ],
)
def test_words_phrases_and_beginnings_are_found(text: str, question: str, is_there: bool) -> None:  # noqa: FBT001
    assert has(text, question) is is_there
    assert bool(marks_in(text, Question.of(question))) is is_there or not is_there


@pytest.mark.parametrize(
    "text, units",
    [
        ("one two", [(("one",), False), (("two",), True)]),
        ("on* two*", [(("on",), True), (("two",), True)]),
        ("a", [(("a",), False)]),
        ("a* b", [(("a",), False), (("b",), False)]),
        ('"one two"', [(("one", "two"), False)]),
        ("“one two” «three»", [(("one", "two"), False), (("three",), False)]),
        ('one "two', [(("one",), False), (("two",), True)]),
        ("one AND two", [(("one",), False), (("and",), False), (("two",), True)]),
        ("-one +two NEAR(three", [(("one",), False), (("two",), False), (("near", "three"), True)]),
        ("two two", [(("two",), False), (("two",), True)]),
        ("* ** % ' \" \\ -", []),
        ("'; DROP TABLE tickets; --", [(("drop",), False), (("table",), False), (("tickets",), False)]),
    ],
)
def test_a_question_is_words_and_quotes_and_nothing_else(text: str, units: list[tuple[tuple[str, ...], bool]]) -> None:
    assert asked(text) == units


def test_a_question_of_any_length_is_a_short_one() -> None:
    assert len(Question.of("word " * 3000).units) <= MOST_UNITS
    assert len(Question.of(" ".join(f"word{n}" for n in range(3000))).units) == MOST_UNITS
    assert len(Question.of('"' + "word " * 3000 + '"').units[0].tokens) < 20


def marked(text: str, question: str) -> list[str]:
    """The marked parts, cut out of UTF-16 as a script does."""
    shown = excerpt(text, Question.of(question))
    units = shown.text.encode("utf-16-le")
    return [units[2 * start : 2 * end].decode("utf-16-le") for start, end in shown.marks]


@pytest.mark.parametrize(
    "text, question, parts",
    [
        ("The Printer is dead", "print", ["Printer"]),
        ("🙂🙂 Éte and été", "ete", ["Éte", "été"]),
        ("so 请重置密码", "重置", ["重置"]),
        ("one two three", '"two three" one', ["one", "two three"]),
        ("<b>bold</b>", "bold", ["bold"]),
        ("nothing here", "else", []),
    ],
)
def test_marks_stand_where_a_script_finds_them(text: str, question: str, parts: list[str]) -> None:
    assert marked(text, question) == parts


def test_an_excerpt_shows_the_words_around_the_first_mark_on_one_line() -> None:
    text = "first words " * 50 + "here\nis the printer that smokes " + "and more " * 50
    shown = excerpt(text, Question.of("printer"))
    assert "printer" in shown.text
    assert shown.text.startswith("…here is the printer")
    assert shown.text.endswith("…")
    assert "\n" not in shown.text
    assert len(shown.text) <= 162
    assert marked(text, "printer") == ["printer"]


def test_a_unit_is_not_found_over_the_end_of_a_text() -> None:
    assert not Unit(("one", "two")).stand_at(list(words_of("none one")), 1)
