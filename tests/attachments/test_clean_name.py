"""File names from strangers."""

import pytest

from csts.attachments.names import MAX_CHARS, clean_name

PNG = "image/png"


@pytest.mark.parametrize(
    "raw,shown",
    [
        ("screen.png", "screen.png"),
        ("Screen Shot 3.PNG", "Screen Shot 3.PNG"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\fakepath\\screen.png", "screen.png"),
        ("/home/ana/.hidden.png", "hidden.png"),
        ("🧯 it burns 👩‍👧.png", "🧯 it burns 👩‍👧.png"),
        ('he said "no" & left it\'s.png', 'he said "no" & left it\'s.png'),
        ("invoice\u202egnp.exe", "invoicegnp.exe.png"),
        ("a\u2066b\u200ec\ufeff.png", "abc.png"),
        ("line\r\nbreak\tand\u2028more\x00.png", "line break andmore.png"),
        ("Cafe\u0301.png", "Café.png"),
        ("نمی\u200cدانم.png", "نمی\u200cدانم.png"),
        ("<script>alert(1)</script>.png", "script>.png"),
        ("evil.html", "evil.html.png"),
        ("holiday.jpg", "holiday.png"),
        ("scan.pdf", "scan.png"),
        ("  spaced   out .png", "spaced out.png"),
        ("...", "file.png"),
        (".png", "png.png"),
        ("\u200d.png", "file.png"),
        ("\u202e\u200b", "file.png"),
        ("", "file.png"),
        (None, "file.png"),
    ],
)
def test_a_name_is_cleaned_but_stays_recognisable(raw: str | None, shown: str) -> None:
    assert clean_name(raw, PNG) == shown


@pytest.mark.parametrize(
    "file_type,raw,shown",
    [
        ("image/jpeg", "photo.jpeg", "photo.jpeg"),
        ("image/jpeg", "photo.png", "photo.jpg"),
        ("application/pdf", "bill", "bill.pdf"),
    ],
)
def test_the_extension_tells_the_truth(file_type: str, raw: str, shown: str) -> None:
    assert clean_name(raw, file_type) == shown


@pytest.mark.parametrize("letter", ["x", "é", "漢", "🧯"])
def test_a_name_of_300_characters_is_cut_before_its_extension(letter: str) -> None:
    name = clean_name(letter * 300 + ".png", PNG)

    assert len(name) == MAX_CHARS
    assert name.endswith(letter + ".png")
