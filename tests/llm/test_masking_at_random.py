"""Cards, phones and mailboxes as people write them: thousands of each, drawn with a seed, within a sentence."""

import re
from random import Random

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from csts.llm.masking import masked

pytestmark = pytest.mark.once

SENTENCES = ("{}", "My data: {}.", "please use {}, thanks", "({})", "I wrote {} at 23:40", "\n{}\n", "„{}“")
# By issuer: how its numbers begin, how many digits they have, and how they are printed.
CARDS = {
    "visa": ("4", 16, (4, 4, 4, 4)),
    "mastercard": ("53", 16, (4, 4, 4, 4)),
    "newer mastercard": ("2223", 16, (4, 4, 4, 4)),
    "amex": ("37", 15, (4, 6, 5)),
    "discover": ("6011", 16, (4, 4, 4, 4)),
    "jcb": ("3530", 16, (4, 4, 4, 4)),
    "maestro": ("6759", 19, (4, 4, 4, 4, 3)),
}
GAPS = ("", " ", "-", ".", "/", "  ", " - ", "\u00a0", "\u2009", "–", "·", "_")
SHORTEST_PHONE = 6
KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)


@pytest.fixture
def random() -> Random:
    return Random(20261125)


def card(random: Random, issuer: str) -> str:
    """A number with a good check digit (ISO/IEC 7812, Luhn), its groups parted in one of many ways."""
    begin, length, groups = CARDS[issuer]
    digits = [int(digit) for digit in begin] + [random.randrange(10) for _ in range(length - len(begin) - 1)]
    doubled = [sum(divmod(digit * 2, 10)) if at % 2 == 0 else digit for at, digit in enumerate(reversed(digits))]
    whole = "".join(map(str, [*digits, -sum(doubled) % 10]))
    ends = [sum(groups[: at + 1]) for at in range(len(groups))]
    gap = random.choice(GAPS)
    return gap.join(whole[end - size : end] for end, size in zip(ends, groups, strict=True))


def mailbox(random: Random) -> str:
    letters = "abcdefghijklmnopqrstuvwxyzäöüßéñ0123456789"

    def word(most: int) -> str:
        return "".join(random.choice(letters) for _ in range(random.randint(1, most)))

    name = random.choice((".", "_", "-", "+", "'")).join(word(9) for _ in range(random.randint(1, 3)))
    host = ".".join(word(9) for _ in range(random.randint(1, 3)))
    at = random.choice(("@", " @ ", "(at)", " [at] ", "＠"))
    return f"{name}{at}{host}.{random.choice(('com', 'de', 'co.uk', 'museum', 'es'))}"


@pytest.mark.parametrize("issuer", CARDS)
def test_no_group_of_a_card_is_left(random: Random, issuer: str) -> None:
    for _ in range(500):
        number = card(random, issuer)
        said = random.choice(SENTENCES).format(number)
        left = masked(said)
        assert left == said.replace(number, "[card number]"), said


def test_no_part_of_a_mailbox_is_left(random: Random) -> None:
    for _ in range(2000):
        address = mailbox(random)
        said = random.choice(SENTENCES[:4]).format(address)
        assert masked(said) == said.replace(address, "[e-mail]"), said


@pytest.mark.parametrize("style", [PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164, PhoneNumberFormat.RFC3966])
def test_a_phone_of_any_country_is_gone_when_it_names_its_country(random: Random, style: int) -> None:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in KINDS:
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            number = phonenumbers.format_number(example, style)
            for written in {number, number.replace(" ", "-"), number.replace(" ", "."), number.replace("+", "00", 1)}:
                said = random.choice(SENTENCES[:4]).format(written)
                assert not re.search(r"\d{3}", masked(said)), said


def test_a_phone_of_any_country_is_gone_when_it_is_called_a_phone(random: Random) -> None:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
        if example is None:
            continue
        number = phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL)
        # On some islands five digits are a phone; at most desks they are an order.
        if sum(map(str.isdigit, number)) < SHORTEST_PHONE:
            continue
        said = random.choice(("my phone: {}", "Telefon {}", "call me on {} please", "Móvil: {}.")).format(number)
        assert not re.search(r"\d{3}", masked(said)), said
