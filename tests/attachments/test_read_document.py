"""What a PDF must be."""

import random

import pytest

from csts.attachments.documents import LockedDocument, NotADocument, check_document
from tests.attachments import files


def test_a_pdf_with_a_page_passes() -> None:
    check_document(files.pdf())


def test_a_pdf_that_is_encrypted_but_opens_without_a_password_passes() -> None:
    check_document(files.pdf(password="", owner_password="boss", algorithm="RC4-128"))


@pytest.mark.parametrize("algorithm", ["RC4-128"])
def test_a_pdf_that_asks_for_a_password_is_refused(algorithm: str) -> None:
    with pytest.raises(LockedDocument):
        check_document(files.pdf(password="open sesame", algorithm=algorithm))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\n%%EOF\n",
        b"%PDF-1.7 but not really" + bytes(2000),
        b"\n" + files.pdf(),
        files.pdf(pages=0),
        files.pdf()[:200],
        files.picture("PNG"),
    ],
    ids=["head", "head and end", "prose", "late head", "no page", "truncated", "picture"],
)
def test_what_does_not_parse_or_has_no_page_is_refused(data: bytes) -> None:
    with pytest.raises(NotADocument):
        check_document(data)


def test_whatever_is_broken_is_either_read_or_refused() -> None:
    chance = random.Random(5)
    whole = files.pdf(pages=2)
    for _ in range(400):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            broken[chance.randrange(5, len(broken))] = chance.randrange(256)
        try:
            check_document(bytes(broken))
        except NotADocument:
            continue
