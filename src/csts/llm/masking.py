"""Takes out of a text what a language model has no need to know, before the text leaves the machine.

Every rule is linear in the length of the text: what it repeats is bounded.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from phonenumbers import Leniency, PhoneNumberMatcher

from csts.llm.numbers import cards, ibans

Span = tuple[int, int]

# Gone for the rules that follow; no rule matches it, and no text has it.
_BLANK = "\0"

_KEPT = re.compile(r"(?<![\w\-])[A-Z]\d-\d{6,9}(?![\w\-])")
_SECRET = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\w+/=\s\-:,]{0,8000}"
    r"|\beyJ[\w\-]{6,}(?:\.[\w\-]{2,}){0,4}"
    r"|\b(?:sk|pk|rk|gsk|ghp|gho|ghu|ghs|ghr|github_pat|glpat|hf|xox[a-z]|npg|pypi|AKIA|ASIA|AIza|ya29)[\w.\-]{12,}"
    r"|\b[Bb]earer\s+[\w.~+/\-]{8,}=*"
)
_TOLD = re.compile(
    r"\b(?:password|passwort|kennwort|passcode|passphrase|contrase\w{1,2}a|clave|secret|api[ _\-]?key|token)"
    r"\s{0,3}[:=]\s{0,3}([^\s\0]{3,200})"
    r"|\b(?:pin|cvv2?|cvc2?|csc|tan|otp|code)\b\D{0,12}(\d{3,8})(?!\d)",
    re.IGNORECASE,
)
_RANDOM = re.compile(r"(?<![\w+=\-])[\w+=\-]{24,}")
_HOST = r"(?:[\w\-]{1,63}\.){1,8}\w{2,63}"
_NAME = r"(?<![\w.%+\-'!#$&*=?^{|}~])[\w.%+\-'!#$&*=?^{|}~]{1,64}"
_EMAIL = re.compile(rf"(?:{_NAME}|\"[^\"\n]{{1,64}}\") {{0,2}}@ {{0,2}}(?:{_HOST}|\[[\d.:a-f]{{3,45}}\])")
# As people write it who fear robots: in brackets, or both words spelt out.
_DOT = r"(?:\.|[(\[{<] ?(?:dot|punkt|punto) ?[)\]}>])"
_SPELT_EMAIL = re.compile(
    rf"{_NAME} {{0,2}}(?:[(\[{{<] ?(?:at|@|ät) ?[)\]}}>] {{0,2}}(?:[\w\-]{{1,63}} ?{_DOT} ?){{1,8}}\w{{2,63}}"
    r"|(?: at| arroba| ät) (?:[\w\-]{1,63} (?:dot|punkt|punto) ){1,8}\w{2,63})",
    re.IGNORECASE,
)
# Four times four is a card, also one with a slip in it.
_FOUR_FOURS = re.compile(r"(?<!\d)\d{4}([ ,._·*/\-])\d{4}\1\d{4}\1\d{3,4}(?!\d)")
_DATE = r"(?:\d\d?([./\-])\d\d?\1(?:\d\d){1,2}|(?:19|20)\d\d([./\-])\d\d?\2\d\d?)(?!\d|[./\-]\d\d[./\-]\d\d(?!\d))"
# Without a country's code: what begins with a nought and is no date, or with an area in brackets; in threes, or as in
# America; or any digits that are called a phone.
_HOME_PHONE = re.compile(
    rf"(?<![\w\-])(?!{_DATE})(?:\(0?\d{{1,5}}\)|0\d{{1,5}})(?:[ ()/.\-]{{0,3}}\d){{5,11}}(?!\d)"
    r"|(?<![\w\-])(?:1[ .\-])?\d{3}[ .\-]\d{3}[ .\-]\d{4}(?!\d)"
    r"|(?<![\w\-])\d{3}-\d{4}(?![\w\-])"
)
_CALLED_PHONE = re.compile(
    r"\b(?:(?:tele)?phone|tel[eé]?fono?|tel|mobile?|m[óo]vil|handy|cell|whatsapp|call me|ruf)\w{0,8}\b"
    rf"[^\d\n]{{0,20}}(?!{_DATE})(\d(?:[ ()/.\-]{{0,3}}\d){{5,13}})(?!\d)",
    re.IGNORECASE,
)
# In groups, as many as a phone has, and no date or hour among them: whatever it is, it is somebody's.
_GROUPED = re.compile(
    rf"(?<![\w\-.,:/])(?!{_DATE})(?=(?:\d[ \-]?){{8,15}}\d(?!\d))\d{{2,5}}(?:[ \-]\d{{2,7}}){{1,6}}(?![\w:/]|[.,\-]\d)"
)
_LONG = re.compile(r"\d{9,}")


def masked(text: str) -> str:
    """The text with a placeholder for each secret, mailbox, bank account, card and phone, such as `[e-mail]`.

    Digits of any script count. A ticket's number, such as L1-000123, stays.
    """
    plain, found = _plain(text), []
    for label, find in _RULES:
        spans = list(find(plain))
        found += [(start, end, label) for start, end in spans]
        plain = _blanked(plain, spans)
    return _replaced(text, [(start, end, label) for start, end, label in sorted(found) if label])


def _plain(text: str) -> str:
    """As long as the text, with one plain sign for each that only looks different."""
    return text.replace(_BLANK, " ") if text.isascii() else "".join(map(_plain_sign, text))


@lru_cache(maxsize=4096)
def _plain_sign(sign: str) -> str:
    # Full-width letters become letters, and Arabic or Indian digits become digits.
    sign = wide if len(wide := unicodedata.normalize("NFKC", sign)) == 1 else sign
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    kind = unicodedata.category(sign)
    if kind == "Pd" or sign == "\u2212":
        return "-"
    return " " if kind in {"Zs", "Cf"} or sign == _BLANK else sign


def _blanked(plain: str, spans: list[Span]) -> str:
    parts, at = [], 0
    for start, end in spans:
        parts += [plain[at:start], _BLANK * (end - start)]
        at = end
    return "".join([*parts, plain[at:]])


def _replaced(text: str, found: list[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for start, end, label in found:
        parts += [text[at:start], label]
        at = end
    return "".join([*parts, text[at:]])


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    """Finds the pattern, or what its group has of it."""
    return lambda plain: (match.span(match.lastindex or 0) for match in pattern.finditer(plain))


def _whole(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    """Finds all of the pattern; its groups are only compared with each other."""
    return lambda plain: (match.span() for match in pattern.finditer(plain))


def _random(plain: str) -> Iterator[Span]:
    for match in _RANDOM.finditer(plain):
        word = match[0]
        if any(map(str.isdigit, word)) and any(map(str.isalpha, word)):
            yield match.span()


def _phones(plain: str) -> Iterator[Span]:
    for match in PhoneNumberMatcher(plain, None, leniency=Leniency.POSSIBLE):
        yield match.start, match.end


# In this order: what an earlier rule has found is nothing to a later one. The first keeps what it finds.
_RULES: tuple[tuple[str, Callable[[str], Iterator[Span]]], ...] = (
    ("", _matches(_KEPT)),
    # Before the secrets: somebody's name or host may begin as a key does.
    ("[e-mail]", _matches(_EMAIL)),
    ("[e-mail]", _matches(_SPELT_EMAIL)),
    ("[secret]", _matches(_SECRET)),
    ("[secret]", _matches(_TOLD)),
    ("[bank account]", ibans),
    ("[card number]", cards),
    ("[card number]", _whole(_FOUR_FOURS)),
    ("[secret]", _random),
    ("[phone number]", _phones),
    ("[phone number]", _whole(_HOME_PHONE)),
    ("[phone number]", _matches(_CALLED_PHONE)),
    ("[number]", _whole(_GROUPED)),
    ("[number]", _matches(_LONG)),
)
