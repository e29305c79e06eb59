"""Finds card and account numbers by their check digits, however they are spaced."""

import re
from collections.abc import Iterator
from itertools import accumulate

Span = tuple[int, int]

# ISO/IEC 7812: a card has 12 to 19 digits; no issuer in use has fewer than 13.
CARD_DIGITS = range(13, 20)
# The first digit of all that pay: travel, banks, and shops.
ISSUERS = range(2, 7)
# ISO 13616: the shortest account of any country, and the longest.
IBAN_SIGNS = range(15, 35)

_RUN = re.compile(r"\d(?:[\s.\-/_·*]{0,3}\d){12,}")
_ACCOUNT = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ \-]{0,2}[A-Z0-9]){11,30}", re.IGNORECASE)
_DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]


def cards(plain: str) -> Iterator[Span]:
    for run in _RUN.finditer(plain):
        yield from _cards_in(run[0], run.start())


def _cards_in(run: str, offset: int) -> Iterator[Span]:
    places = [place for place, sign in enumerate(run) if sign.isdigit()]
    digits = [int(run[place]) for place in places]
    # Luhn sums of every stretch from two running sums: whichever digit is last, each second one before it doubles.
    sums = [
        list(accumulate((_DOUBLED[digit] if at % 2 != last else digit for at, digit in enumerate(digits)), initial=0))
        for last in (0, 1)
    ]
    first = 0
    while first < len(digits):
        end = _card_end(places, digits, sums, first)
        if end:
            yield offset + places[first], offset + places[end - 1] + 1
        first = end or first + 1


def _card_end(places: list[int], digits: list[int], sums: list[list[int]], first: int) -> int:
    """Where the longest card ends that begins at this digit, a group of its own; 0 if none does."""
    if digits[first] not in ISSUERS or (first and places[first] == places[first - 1] + 1):
        return 0
    for end in range(min(first + CARD_DIGITS[-1], len(digits)), first + CARD_DIGITS[0] - 1, -1):
        is_group_end = end == len(digits) or places[end] > places[end - 1] + 1
        total = sums[(end - 1) % 2]
        if is_group_end and (total[end] - total[first]) % 10 == 0:
            return end
    return 0


def ibans(plain: str) -> Iterator[Span]:
    for found in _ACCOUNT.finditer(plain):
        places = [place for place, sign in enumerate(found[0]) if sign.isalnum()]
        # The words behind an account look like a part of it: the longest that checks out is the one.
        for length in range(min(IBAN_SIGNS[-1], len(places)), IBAN_SIGNS[0] - 1, -1):
            if _is_iban("".join(found[0][place] for place in places[:length])):
                yield found.start(), found.start() + places[length - 1] + 1
                break


def _is_iban(signs: str) -> bool:
    turned = signs[4:] + signs[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
