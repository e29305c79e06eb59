"""What a list may be asked for, and what is told to whoever asks otherwise."""

import pytest

from tests.people import Somebody


@pytest.mark.parametrize(
    "name,value",
    [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "many"),
        ("sort", "subject"),
        ("status", "gone"),
        ("priority", "huge"),
        ("assignee", "0"),
        ("assignee", "sam"),
        ("assignee", "9" * 20),
        ("customer", "0"),
        ("customer", "9" * 20),
        ("awaiting_reply", "perhaps"),
        ("q", "x" * 201),
    ],
)
async def test_a_wrong_question_is_named(priya: Somebody, name: str, value: str) -> None:
    answer = await priya.get("/tickets", params={name: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].split(".")[0] == name


@pytest.mark.parametrize(
    "query",
    ["limit=5&limit=7", "awaiting_reply=0", "snoozed=false", "assignee=7", "q=", "tag=", "sort=priority&more=1"],
)
async def test_what_can_be_read_is_answered(priya: Somebody, query: str) -> None:
    assert (await priya.get(f"/tickets?{query}")).status_code == 200
