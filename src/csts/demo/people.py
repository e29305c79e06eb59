"""The people of the demo: three agents of a small shop for coffee machines, and twelve of its customers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

# Told to everybody who tries the demo, and good for nothing else.
CUSTOMER_PASSWORD = "try-the-desk"  # noqa: S105
AGENT_PASSWORD = "work-the-desk"  # noqa: S105
ADMIN_PASSWORD = "run-the-desk"  # noqa: S105

CUSTOMERS = {
    "ana": "Ana Ruiz",
    "ben": "Ben Okafor",
    "clara": "Clara Weiss",
    "dmitri": "Dmitri Volkov",
    "elena": "Elena Rossi",
    "farid": "Farid Karimi",
    "grace": "Grace Lin",
    "hugo": "Hugo Martins",
    "ines": "Inês Duarte",
    "jonas": "Jonas Berg",
    "keiko": "Keiko Tanaka",
    "liam": "Liam O'Connor",
}


@dataclass(frozen=True)
class Colleague:
    """An agent of the shop."""

    name: str
    role: Literal["agent", "admin"]
    password: str


AGENTS = {
    "mona": Colleague("Mona Haddad", "admin", ADMIN_PASSWORD),
    "priya": Colleague("Priya Nair", "agent", AGENT_PASSWORD),
    "sam": Colleague("Sam Lindqvist", "agent", AGENT_PASSWORD),
}


def email_of(key: str) -> str:
    return f"{key}@example.com"


def joined(key: str, now: datetime) -> datetime:
    """Agents came before the shop opened; customers one by one, and each before his first ticket."""
    if key in AGENTS:
        return now - timedelta(days=120)
    return now - timedelta(days=90 - 4 * list(CUSTOMERS).index(key))
