"""Searching tickets: words, where they are looked for, in which order, and what a search must not betray."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from csts.kit import clock
from csts.search import index
from csts.search.models import SearchState
from csts.tickets import results, search
from csts.tickets.models import Ticket
from tests.make import claim, open_ticket, post_message, set_status
from tests.people import Somebody


async def rows(who: Somebody, words: str, **query: Any) -> list[dict[str, Any]]:
    answer = await who.get("/tickets", params={"q": words, **query})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def found(who: Somebody, words: str, **query: Any) -> list[int]:
    return [row["id"] for row in await rows(who, words, **query)]


@pytest.fixture(params=["few", "many"])
def desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A desk whose tickets are looked through themselves, and one where the index is asked, on short shelves."""
    if request.param == "many":
        monkeypatch.setattr(search, "FEW", -1)
        monkeypatch.setattr(index, "SHELF_BITS", 2)
        # A machine that is busy finds no less.
        monkeypatch.setattr(search, "BUDGET_SECONDS", 20.0)
    return str(request.param)


async def test_words_are_found_in_number_subject_description_people_and_messages(
    desk: str, ana: Somebody, priya: Somebody
) -> None:
    ticket = await open_ticket(ana, subject="The printer is dead", description="It smokes")
    other = await open_ticket(ana, subject="Another", description="Nothing")
    await post_message(priya, ticket["id"], "Please pull the plug")
    for words in (ticket["ticket_no"], "printer", "smoke", "plug", "PRINTER", "Smokes"):
        assert await found(ana, words) == [ticket["id"]], words
        assert await found(priya, words) == [ticket["id"]], words
    for words in (ana.name, ana.account.login):
        assert set(await found(priya, words)) == {ticket["id"], other["id"]}


async def test_every_word_must_be_somewhere_in_the_ticket(desk: str, ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana, subject="The printer is dead", description="It smokes")
    await post_message(ana, ticket["id"], "Hurry")
    await open_ticket(ana, subject="The printer is slow", description="No smoke here")
    assert await found(priya, "  hurry  printer smokes ") == [ticket["id"]]
    assert await found(priya, "printer works") == []


async def test_a_phrase_stands_together_in_one_text(desk: str, ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana, subject="Card declined", description="The new card is declined")
    await open_ticket(ana, subject="Declined card", description="Card. It was declined")
    assert await found(priya, '"card declined"') == [ticket["id"]]
    assert await found(priya, '"card is decl"') == []


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", '"', "%%", "*", "***", "-", "()", "?!", "\x7f"])
async def test_what_has_no_word_finds_nothing(ana: Somebody, words: str) -> None:
    await open_ticket(ana, subject=f"with {words} in it")
    assert await found(ana, words) == []


@pytest.mark.parametrize(
    "words",
    [
        "'; DROP TABLE tickets; --",
        '" OR 1=1 --',
        'printer"',
        '"printer',
        "printer AND NOT",
        "NEAR(printer dead, 2)",
        "terms:printer",
        "^printer",
        "printer*",
        "+printer -dead ~x <y >z @4",
        "a* " * 60,
        "x" * 200,
        "\u202eprinter\x00",
        "{printer} [dead] (",
    ],
)
async def test_signs_of_a_database_are_only_signs(desk: str, ana: Somebody, priya: Somebody, words: str) -> None:
    await open_ticket(ana, subject="The printer is dead")
    for who in (ana, priya):
        assert len(await rows(who, words)) <= 1


async def test_ten_thousand_characters_are_refused_and_named(ana: Somebody) -> None:
    answer = await ana.get("/tickets", params={"q": "x" * 10_000})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "q"


async def test_notes_are_found_by_agents_only(desk: str, ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana, subject="Where is it")
    await post_message(priya, ticket["id"], "suspected fraudster", internal=True)
    (row,) = await rows(priya, "fraudster")
    assert row["found"]["where"] == "note"
    assert await found(ana, "fraudster") == []
    assert await found(ana, "where fraudster") == []


async def test_what_others_wrote_cannot_be_found(desk: str, ana: Somebody, ben: Somebody) -> None:
    ticket = await open_ticket(ana, subject="My diagnosis", description="private matter")
    await post_message(ana, ticket["id"], "confidential")
    for words in ("diagnosis", "private", "confidential", ticket["ticket_no"], ana.name, f"__{ana.id}"):
        assert await found(ben, words) == []
    assert await found(ben, "diagnosis", customer=ana.id) == []


async def test_nothing_asked_is_everything(ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    assert await found(ana, "   ") == [ticket["id"]]


@pytest.mark.parametrize("words", ["été", "ETE", "重置", "置", "🙂", "مرحبا", "ключ"])
async def test_any_script_is_found(desk: str, ana: Somebody, priya: Somebody, words: str) -> None:
    ticket = await open_ticket(ana, subject="About été 请重置密码 🙂 مرحبا Ключ today")
    for who in (ana, priya):
        assert await found(who, words) == [ticket["id"]]


async def test_a_search_keeps_to_the_list_that_it_is_made_in(desk: str, ana: Somebody, priya: Somebody) -> None:
    mine, closed, other = [await open_ticket(ana, subject=f"Printer {name}") for name in ("a", "b", "c")]
    await claim(priya, mine["id"])
    await set_status(priya, closed["id"], "closed")
    assert await found(priya, "printer", assignee="me") == [mine["id"]]
    assert await found(priya, "printer", status=["closed"]) == [closed["id"]]
    assert set(await found(priya, "printer", status=["open", "in_progress"])) == {mine["id"], other["id"]}
    assert await found(priya, "printer", priority="urgent") == []


async def test_a_word_in_the_subject_is_worth_more_than_in_the_talk_and_fresh_more_than_old(
    desk: str, app: FastAPI, ana: Somebody, priya: Somebody
) -> None:
    old, in_talk, in_subject, ancient = [
        await open_ticket(ana, subject=subject) for subject in ("Invoice", "Another", "My invoice", "Invoice of old")
    ]
    await post_message(ana, in_talk["id"], "the invoice")
    async with app.state.database.write() as session:
        for ticket, days in ((old, 30), (ancient, 400)):
            moved = {"updated_at": clock.now() - timedelta(days=days)}
            await session.execute(update(Ticket).where(Ticket.id == ticket["id"]).values(**moved))
    assert await found(priya, "invoice") == [each["id"] for each in (in_subject, old, in_talk, ancient)]


async def test_a_sort_that_is_asked_for_is_kept(desk: str, ana: Somebody, priya: Somebody) -> None:
    tickets = [
        await open_ticket(ana, subject=f"Printer {n}", priority=p) for n, p in enumerate(("low", "urgent", "high"))
    ]
    first, second, third = [ticket["id"] for ticket in tickets]
    assert await found(priya, "printer", sort="created_at") == [first, second, third]
    assert await found(priya, "printer", sort="-created_at") == [third, second, first]
    assert await found(priya, "printer", sort="-priority") == [second, third, first]


@pytest.mark.parametrize("sort", [None, "-created_at", "priority"])
async def test_pages_of_a_search_show_each_ticket_once(desk: str, ana: Somebody, sort: str | None) -> None:
    tickets = {(await open_ticket(ana, subject=f"Printer {n}"))["id"] for n in range(5)}
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        order = {"sort": sort} if sort else {}
        page = (await ana.get("/tickets", params={"q": "printer", "limit": 2, "cursor": cursor, **order})).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
        assert len(seen) <= 5
    assert set(seen) == tickets
    listed = (await ana.get("/tickets", params={"limit": 2})).json()["next_cursor"]
    assert (await ana.get("/tickets", params={"q": "printer", "cursor": listed})).status_code == 422


async def test_what_was_found_is_shown_and_marked(ana: Somebody, priya: Somebody) -> None:
    ticket = await open_ticket(ana, subject="Printer on fire", description="<b>Fire</b> everywhere")
    await post_message(ana, ticket["id"], "I put the fire out")
    (row,) = await rows(priya, "fire")
    assert row["found"] == {
        "subject_marks": [[11, 15]],
        "text": "I put the fire out",
        "marks": [[10, 14]],
        "where": "message",
    }
    (row,) = await rows(priya, "everywhere")
    assert (row["found"]["text"], row["found"]["where"]) == ("<b>Fire</b> everywhere", "description")
    (row,) = await rows(priya, "printer")
    assert row["found"] == {"subject_marks": [[0, 7]], "text": "", "marks": [], "where": None}
    (row,) = (await priya.get("/tickets")).json()["items"]
    assert "found" not in row


async def test_a_search_that_stops_early_says_so(
    ana: Somebody, priya: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        await open_ticket(ana, subject=f"Printer {number}")
    assert "partial" not in (await priya.get("/tickets", params={"q": "printer"})).json()
    monkeypatch.setattr(search, "ENOUGH", 2)
    monkeypatch.setattr(search, "HITS", 2)
    page = (await priya.get("/tickets", params={"q": "printer"})).json()
    assert page["partial"] is True
    assert 2 <= len(page["items"]) < 4


async def test_a_search_without_a_turn_is_told_to_come_again(
    app: FastAPI, ana: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "TURN_SECONDS", 0.05)
    desk: results.Desk = app.state.search
    async with desk._turn():
        answer = await ana.get("/tickets", params={"q": "printer"})
    assert (answer.status_code, answer.json()["code"]) == (503, "search_busy")
    assert answer.headers["Retry-After"] == "1"
    assert (await ana.get("/tickets", params={"q": "printer"})).status_code == 200


async def test_a_search_that_takes_too_long_is_cut_off(
    app: FastAPI, ana: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_ticket(ana, subject="Printer")
    monkeypatch.setattr(results, "PATIENCE_SECONDS", 0.05)
    async with app.state.database.write() as session:
        # A search wants the new ticket in the index, which somebody else has.
        await session.scalar(select(SearchState).with_for_update())
        answer = await ana.get("/tickets", params={"q": "printer"})
    assert (answer.status_code, answer.json()["code"]) == (503, "search_too_slow")
    monkeypatch.undo()
    assert len(await rows(ana, "printer")) == 1
