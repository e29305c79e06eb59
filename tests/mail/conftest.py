"""A desk that sends mail, without the desk: its settings, its words and its printer."""

import pytest

from csts.kit.words import Languages
from csts.mail.letters import Letter
from csts.mail.printing import Printer
from csts.settings import Settings
from tests.web.catalogues import WEB

KEY = "a key that only tests know"


@pytest.fixture
def languages() -> Languages:
    return Languages(WEB / "locale")


@pytest.fixture
def printer(languages: Languages) -> Printer:
    settings = Settings(_env_file=None, public_url="https://desk.example.org/", brand="L1 Desk")
    return Printer(settings, languages, KEY)


@pytest.fixture
def letter() -> Letter:
    return Letter(
        "password_reset", "ana@example.com", "en", {"account": "ana@example.com"}, path="/reset-password", nonce="n"
    )
