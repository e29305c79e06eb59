"""Passwords: argon2id off the event loop, and the common ones refused."""

import asyncio
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TypeVar, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from starlette.requests import HTTPConnection
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from csts.kit.errors import InvalidInput

# Length and no rules on kinds of characters, which lead to Password1! (NIST SP 800-63B, 5.1.1.2).
PASSWORD_CHARS = (8, 128)
T = TypeVar("T")
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The list alone: the score of zxcvbn takes time that grows with the password, and knows English words only.
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])


def check_new_password(password: str, *, about: Iterable[str] = ()) -> None:
    """Raises InvalidInput for a password that is short, long, common, or one of the words `about` its owner."""
    shortest, longest = PASSWORD_CHARS
    if not shortest <= len(password) <= longest:
        raise InvalidInput.of("password", f"Please use {shortest} to {longest} characters.")
    plain = _normal(password).casefold()
    # Control characters, and halves of characters, which JSON can carry and no hash function can read.
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in password):
        raise InvalidInput.of("password", "Please use only characters that a keyboard can type.")
    if plain in _COMMON or len(set(plain)) == 1:
        raise InvalidInput.of("password", "This password is on every attacker's list. Please choose another one.")
    if plain in {word.casefold() for word in about}:
        raise InvalidInput.of("password", "Your own name or address is too easy to guess. Please choose another one.")


def passwords_of(connection: HTTPConnection) -> "Passwords":
    return cast("Passwords", connection.app.state.passwords)


class Passwords:
    """Hashes and verifies in one thread of its own: OWASP's 19 MiB, two passes, one lane.

    One thread, because a second one would take the other core from the chat.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="passwords")
        # Held from the check of the limit to the count of the failure: guesses that come all at once would else
        # pass the check together. Nobody waits longer for it, since the thread takes one password at a time.
        self.turn = asyncio.Lock()
        self._decoy = _decoy()

    async def hash(self, password: str) -> str:
        return await self._in_thread(partial(_HASHER.hash, _normal(password)))

    async def verify(self, password: str, stored: str | None) -> bool:
        """False for `None`, in the time that a wrong password takes."""
        return await self._in_thread(partial(self._verify, _normal(password), stored))

    def close(self) -> None:
        self._thread.shutdown()

    def _verify(self, password: str, stored: str | None) -> bool:
        try:
            _HASHER.verify(stored or self._decoy, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


@cache
def _decoy() -> str:
    """Verified in place of an unknown account's hash, so that both answers take the same time."""
    return _HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    """One form for what looks the same, whichever keyboard wrote it (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)
