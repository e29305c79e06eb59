"""Searching tickets: words, where they are looked for, and what a search must not betray."""

import pytest

from tests.make import open_ticket, post_message
from tests.people import Somebody


async def found(who: Somebody, words: str) -> list[int]:
    answer = await who.get("/tickets", params={"q": words})
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["items"]]


async def test_words_are_found_in_number_subject_description_and_messages(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana, subject="The printer is dead", description="It smokes")
    await open_ticket(ana, subject="Another", description="Nothing")
    await post_message(priya, ticket["id"], "Please pull the plug")
    for words in (ticket["ticket_no"], "printer", "smoke", "plug", "PRINTER", "Smokes"):
        assert await found(ana, words) == [ticket["id"]], words
        assert await found(priya, words) == [ticket["id"]], words


async def test_every_word_must_be_somewhere(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana, subject="The printer is dead", description="It smokes")
    await post_message(ana, ticket["id"], "Hurry")
    assert await found(priya, "  hurry  printer smokes ") == [ticket["id"]]
    assert await found(priya, "printer works") == []


@pytest.mark.parametrize("words", ["%", "_", "100%", "a_b", "\\", "'", '"', "%%", "\\%"])
async def test_signs_of_the_database_are_only_signs(ana: Somebody, words: str) -> None:
    await open_ticket(ana, subject="plain words", description="nothing else")
    marked = await open_ticket(ana, subject=f"with {words} in it", description="nothing else")
    assert await found(ana, words) == [marked["id"]]


async def test_notes_are_found_by_agents_only(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana)
    await post_message(priya, ticket["id"], "suspected fraudster", internal=True)
    assert await found(priya, "fraudster") == [ticket["id"]]
    assert await found(ana, "fraudster") == []


async def test_what_others_wrote_cannot_be_found(ana: Somebody, ben: Somebody) -> None:
    ticket = await open_ticket(ana, subject="My diagnosis", description="private matter")
    await post_message(ana, ticket["id"], "confidential")
    for words in ("diagnosis", "private", "confidential", ticket["ticket_no"]):
        assert await found(ben, words) == []


async def test_nothing_asked_is_everything(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    assert await found(ana, "   ") == [ticket["id"]]


@pytest.mark.parametrize("words", ["été", "重置", "🙂", "مرحبا"])
async def test_any_script_is_found(ana: Somebody, words: str) -> None:
    ticket = await open_ticket(ana, subject=f"About {words} today")
    assert await found(ana, words) == [ticket["id"]]
