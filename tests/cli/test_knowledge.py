"""`csts knowledge import`: a file of articles, taken as a whole or not at all."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from csts.knowledge import queries
from tests.make import write_article
from tests.people import Somebody
from tests.support.command import Done, run
from tests.support.server import Server

REFUND = {"topic": "refund", "title": "Refunds", "answer": "Three days.", "examples": ["Where is my refund?"]}
CARD = {"topic": "reverted_card_payment?", "title": "Card", "answer": "Ask the bank.", "examples": []}


def file_of(folder: Path, *articles: Any) -> str:
    lines = (each if isinstance(each, str) else json.dumps(each) for each in articles)
    file = folder / "articles.jsonl"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return str(file)


def take_in(environment: dict[str, str], folder: Path, *articles: Any) -> Done:
    return run(environment, "knowledge", "import", file_of(folder, *articles))


async def stored(app: FastAPI) -> dict[str, Any]:
    async with app.state.database.read() as session:
        return {article.topic: article for article in await queries.published(session)}


async def test_articles_are_added_changed_and_left_alone(
    environment: dict[str, str], tmp_path: Path, mona: Somebody
) -> None:
    first = take_in(environment, tmp_path, "\ufeff" + json.dumps(REFUND), "", CARD)
    assert (first.returncode, first.stdout) == (0, "2 new, 0 changed, 0 as before.\n"), first.stderr
    second = take_in(environment, tmp_path, REFUND | {"answer": "Two days."}, CARD)
    assert second.stdout == "0 new, 1 changed, 1 as before.\n"
    told = {row["topic"]: row for row in (await mona.get("/knowledge/articles")).json()["items"]}
    assert {topic: (row["version"], row["updated_by"]) for topic, row in told.items()} == {
        "refund": (2, None),
        "reverted_card_payment?": (1, None),
    }
    history = (await mona.get(f"/knowledge/articles/{told['refund']['id']}/history")).json()["items"]
    assert [(each["version"], each["by"], each["answer"]) for each in history] == [
        (2, None, "Two days."),
        (1, None, "Three days."),
    ]


async def test_what_a_line_does_not_name_stays_as_it_is(
    environment: dict[str, str], tmp_path: Path, mona: Somebody
) -> None:
    made = await write_article(mona, **REFUND, published=False)
    short = {key: REFUND[key] for key in ("topic", "title", "answer")}
    assert take_in(environment, tmp_path, short).stdout == "0 new, 0 changed, 1 as before.\n"
    assert take_in(environment, tmp_path, short | {"published": True}).stdout == "0 new, 1 changed, 0 as before.\n"
    told = (await mona.get(f"/knowledge/articles/{made['id']}")).json()
    assert (told["examples"], told["published"], told["version"]) == (REFUND["examples"], True, 2)


async def test_an_import_moves_the_state_once_and_only_if_anything_changed(
    environment: dict[str, str], tmp_path: Path, app: FastAPI
) -> None:
    states = []
    for articles in ([REFUND, CARD], [REFUND, CARD], [REFUND | {"published": False}], [REFUND | {"published": False}]):
        assert take_in(environment, tmp_path, *articles).returncode == 0
        async with app.state.database.read() as session:
            states.append(await queries.state(session))
    assert states[1:] == [states[0], states[0] + 1, states[0] + 1]
    assert list(await stored(app)) == [CARD["topic"]]


async def test_an_import_and_an_admin_at_once_lose_nothing(
    environment: dict[str, str], tmp_path: Path, mona: Somebody
) -> None:
    made = await write_article(mona, **REFUND)
    path = f"/knowledge/articles/{made['id']}"
    answers = asyncio.gather(*(mona.put(path, {"examples": [f"Example {number}"]}) for number in range(20)))
    done = await asyncio.to_thread(take_in, environment, tmp_path, {**REFUND, "answer": "Two days."}, CARD)
    assert done.returncode == 0, done.stderr
    assert {answer.status_code for answer in await answers} == {200}
    history = (await mona.get(f"{path}/history")).json()["items"]
    assert [each["version"] for each in history] == list(range(22, 0, -1))
    assert (await mona.get(path)).json()["answer"] == "Two days."


@pytest.mark.parametrize(
    "line, reason",
    [
        ('{"topic": "x"', "line 2: Invalid JSON: "),
        ("[]", "line 2: "),
        ("[" * 5000, "line 2: "),
        ('{"topic": "x", "title": "\\ud800", "answer": "y"}', "line 2: Invalid JSON: "),
        (REFUND | {"topic": " "}, "line 2: topic: Please fill this in."),
        (REFUND | {"topic": "other", "title": None}, "line 2: title: "),
        (REFUND | {"topic": "other", "answer": "x" * 10_001}, "line 2: answer: "),
        (REFUND | {"topic": "other", "examples": ["good", ""]}, "line 2: examples.1: Please fill this in."),
        (REFUND | {"topic": "other", "color": "red"}, "line 2: color: "),
        ({"topic": "other", "title": "No answer"}, "line 2: answer: Field required"),
        (REFUND | {"title": "Again"}, "lines 1 and 2 have the same topic: refund"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
async def test_a_bad_line_is_named_with_its_reason_and_nothing_is_imported(
    environment: dict[str, str], tmp_path: Path, app: FastAPI, line: Any, reason: str
) -> None:
    done = take_in(environment, tmp_path, REFUND, line, CARD)
    assert done.returncode == 1
    assert done.stderr.startswith("csts: nothing was imported")
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert await stored(app) == {}


@pytest.mark.once
def test_a_file_that_is_no_text_is_refused_and_a_long_list_of_complaints_is_cut(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "latin.jsonl").write_bytes(json.dumps(REFUND).encode() + b'\n{"topic": "caf\xe9"}\n')
    assert "line 2: Invalid JSON" in run(environment, "knowledge", "import", str(tmp_path / "latin.jsonl")).stderr
    assert "and 2 more" in take_in(environment, tmp_path, *["{"] * 12).stderr


@pytest.mark.once
def test_a_missing_file_and_an_old_schema_are_told(environment: dict[str, str], tmp_path: Path) -> None:
    missing = run(environment, "knowledge", "import", str(tmp_path / "none.jsonl"))
    assert missing.returncode == 1
    assert "cannot be read: No such file" in missing.stderr
    old = {**environment, "CSTS_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/new.db"}
    done = take_in(old, tmp_path, REFUND)
    assert done.returncode == 1
    assert "csts migrate" in done.stderr


@pytest.mark.sockets
async def test_a_running_server_has_it_at_once(
    environment: dict[str, str], tmp_path: Path, server: Server, client: AsyncClient
) -> None:
    assert (await client.get(f"{server.url}/help/articles")).json()["items"] == []
    many = [
        {**REFUND, "topic": f"topic {number}", "examples": [f"Question {n} of {number}" for n in range(130)]}
        for number in range(77)
    ]
    assert take_in(environment, tmp_path, *many).stdout == "77 new, 0 changed, 0 as before.\n"
    page = (await client.get(f"{server.url}/help/articles", params={"limit": 100})).json()
    assert len(page["items"]) == 77
