"""What a text says after everything private was taken out of it, and that it takes no longer for being nasty."""

import time

import pytest

from csts.llm.masking import masked

pytestmark = pytest.mark.once

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"


@pytest.mark.parametrize(
    "said, left",
    [
        # Cards, however they are written.
        ("card 4111111111111111.", "card [card number]."),
        ("4111 1111 1111 1111", "[card number]"),
        ("4111-1111-1111-1111 12/27", "[card number] 12/27"),
        ("4111.1111.1111.1111 and 3782 822463 10005", "[card number] and [card number]"),
        ("ref 12 5555 5555 5555 4444 ok", "ref 12 [card number] ok"),
        ("4111\u00a01111\u20091111\u20111111", "[card number]"),
        ("٤١١١١١١١١١١١١١١١", "[card number]"),
        ("４１１１ １１１１ １１１１ １１１１", "[card number]"),
        ("4111\u200b1111\u200b1111\u200b1111", "[card number]"),
        ("4111  1111\n1111 / 1111", "[card number]"),
        ("4111_1111_1111_1111 or 4111,1111,1111,1111", "[card number] or [card number]"),
        ("with a slip: 4111 1111 1111 1112", "with a slip: [card number]"),
        # Accounts.
        ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [bank account] please"),
        ("gb82west12345698765432", "[bank account]"),
        ("ＤＥ８９ 3704 0044 0532 0130 00", "[bank account]"),
        ("NO9386011117947", "[bank account]"),
        # Mailboxes.
        ("I am ana.lopez+desk@mail.example.co.uk, hi", "I am [e-mail], hi"),
        ("<ana@example.com>", "<[e-mail]>"),
        ("mail:jürgen@münchen.de", "mail:[e-mail]"),
        ("ana＠example.com", "[e-mail]"),
        ("ana @ example.com, ana(at)example.com", "[e-mail], [e-mail]"),
        ("ana [at] example [dot] com or ana at example dot com", "[e-mail] or [e-mail]"),
        ("o'brien@example.ie and skyler@skandinavia.example.com", "[e-mail] and [e-mail]"),
        ('"ana lopez"@example.com, ana@[192.0.2.1]', "[e-mail], [e-mail]"),
        # Phones.
        ("call +49 30 901820 now", "call [phone number] now"),
        ("+٤٩ ٣٠ ٩٠١٨٢٠", "[phone number]"),
        ("(555) 123-4567 or 555-123-4567", "[phone number] or [phone number]"),
        ("030 / 90 18 20", "[phone number]"),
        ("0049 30 901820", "[phone number]"),
        ("1-800-555-0199, 555-0199", "[phone number], [phone number]"),
        ("06.12.34.56.78", "[phone number]"),
        ("my mobile is 6123 4567", "my mobile is [phone number]"),
        ("Telefon: 12 34 56 78", "Telefon: [phone number]"),
        ("612 345 678 or 98765 43210", "[number] or [number]"),
        # Secrets.
        (f"token {JWT}", "token [secret]"),
        ("key gsk_abcdefghijkLMNOP123 sk-proj-abc_DEF-0123456789", "key [secret] [secret]"),
        ("Authorization: Bearer abc.def-123", "Authorization: [secret]"),
        ("my password: hunter2!", "my password: [secret]"),
        ("Passwort = geheim", "Passwort = [secret]"),
        ("my PIN is 4711, cvv 123", "my PIN is [secret], cvv [secret]"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "[secret]"),
        ("id 550e8400-e29b-41d4-a716-446655440000", "id [secret]"),
        # Long numbers.
        ("customer 123456789", "customer [number]"),
        ("123456789012345678901234567890", "[number]"),
    ],
)
def test_what_is_private_is_gone(said: str, left: str) -> None:
    assert masked(said) == left


@pytest.mark.parametrize(
    "said",
    [
        "",
        "My ticket L1-000123 from 2026-11-25 at 23:40, and L1-000124.",
        "Am 01.02.2026 um 10:30 Uhr, 3 von 4 Karten, 12,50 € bzw. 1.234.567,89 €",
        "Error 0x80070005 in version 10.0.19045.3803, order 12345678",
        "My password is wrong, and the card ending in 1111 is lost.",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk",
        "Ich heiße Jürgen 😀 – danke\u0000!",
        "192.168.0.1:8080 and 1/2/3/4/5",
        "From 2024-11-25 10:15 to 25-11-2025 23:40.",
        "My phone broke on 2026-11-25, and again on 25.11.2026.",
        "We met at example in room 12 on floor 3, 100 200 times; error 12-3456.",
    ],
)
def test_what_a_desk_needs_stays(said: str) -> None:
    assert masked(said) == said


def test_a_ticket_number_hides_nothing_beside_it() -> None:
    assert masked("L1-000123 4111 1111 1111 1111") == "L1-000123 [card number]"


@pytest.mark.parametrize(
    "nasty",
    [
        "1",
        "1 ",
        "4 1 1 1 ",
        "+",
        "+1 ",
        "(",
        "(0",
        "a@",
        "a.",
        "@",
        "eyJ",
        "DE89 ",
        "-----BEGIN PRIVATE KEY-----",
        "pin ",
        "password:",
        "word ",
        "é",
        "٤",
        "4111 1111 1111 1111 ",
        "x1-",
        "0 ",
        "555-",
        "12 ",
        "06.",
        "tel 1",
        "ana at ",
        '"',
        "a [at] b [dot] ",
        "4111_",
    ],
)
def test_twenty_thousand_characters_take_a_moment_and_twice_as_many_take_two(nasty: str) -> None:
    text = nasty * (20_000 // len(nasty))
    began = time.process_time()
    masked(text)
    assert time.process_time() - began < 1
