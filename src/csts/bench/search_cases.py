"""What is asked of the search when it is measured: by agents in all tickets, and by customers in their own."""

import random
from collections.abc import Callable

import msgspec

from csts.bench.list_cases import LIMIT, Who, agent, customer, person
from csts.bench.lists import Ask, Case
from csts.bench.town import COMMON, Town, name_of
from csts.kit.db import Database
from csts.tickets.filters import Filters
from csts.tickets.results import Desk
from csts.tickets.status import ACTIVE, Priority, Status

# P8 of our bars: what p99 of a search may be.
SEARCH_MS = 300.0
# Places in the vocabulary: of words that some tickets have, and of words that thousands have.
RARE, KNOWN = (4000, 19_000), (150, 1500)

Words = Callable[[random.Random], str]


def searches_of(town: Town) -> list[Case]:
    """By number, people, words of every frequency, phrases and beginnings, in all tickets and in parts of them."""

    def rare(rng: random.Random) -> str:
        return town.words[rng.randint(*RARE)]

    def known(rng: random.Random) -> str:
        return town.words[rng.randint(*KNOWN)]

    def common(rng: random.Random) -> str:
        return rng.choice(COMMON)

    def name(rng: random.Random) -> str:
        return name_of(customer(town, rng))

    everywhere: dict[str, Words] = {
        "a number": lambda rng: f"L1-{rng.randint(1, town.tickets):06d}",
        "an e-mail address": lambda rng: f"person{customer(town, rng)}@example.com",
        "a rare word": rare,
        "a known word": known,
        "a common word": common,
        "the most common word": lambda _: COMMON[0],
        "two rare words": lambda rng: f"{rare(rng)} {rare(rng)}",
        "a rare and a common word": lambda rng: f"{rare(rng)} {common(rng)}",
        "two common words": lambda rng: f"{common(rng)} {common(rng)}",
        "eight common words": lambda rng: " ".join(rng.sample(COMMON, 8)),
        "a name and a known word": lambda rng: f"{name(rng)} {known(rng)}",
        "a phrase of common words": lambda rng: f'"{common(rng)} {common(rng)}"',
        "a phrase with a rare word": lambda rng: f'"{rare(rng)} {common(rng)}"',
        "the beginning of a word": lambda rng: known(rng)[:4],
        "two letters": lambda rng: known(rng)[:2],
        "what nobody wrote": lambda rng: f"xyz{rng.randint(0, 10**6)} {common(rng)}",
    }
    found = [Case(f"search {what}", _search(agent, words), SEARCH_MS) for what, words in everywhere.items()]
    parts = {
        "open": Filters(status=ACTIVE),
        "closed": Filters(status=(Status.CLOSED,)),
        "urgent": Filters(priority=(Priority.URGENT,)),
        "of an agent": Filters(assignee=7),
    }
    for part, filters in parts.items():
        found.append(Case(f"search a known word, {part}", _search(agent, known, filters), SEARCH_MS))
        found.append(Case(f"search a common word, {part}", _search(agent, common, filters), SEARCH_MS))
    owner: Who = lambda rng: person("customer", customer(town, rng))  # noqa: E731
    busiest: Who = lambda _: person("customer", 1)  # noqa: E731
    for what in ("a number", "a rare word", "a common word", "two common words", "the beginning of a word"):
        found.append(Case(f"search my tickets, {what}", _search(owner, everywhere[what]), SEARCH_MS))
        found.append(Case(f"search thousands of my tickets, {what}", _search(busiest, everywhere[what]), SEARCH_MS))
    return found


def _search(who: Who, words: Words, filters: Filters | None = None) -> Ask:
    async def ask(database: Database, rng: random.Random) -> bytes:
        found = await Desk(database).page(
            who(rng), filters or Filters(), words(rng), sort=None, limit=LIMIT, cursor=None
        )
        return msgspec.json.encode(found)

    return ask
