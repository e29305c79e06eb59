"""What is wrong in a body or in a query string is told with the name of the field."""

from typing import Annotated, Literal

import msgspec
import pytest
from msgspec.json import Decoder
from starlette.requests import Request

from csts.chat.schemas import MessageDraft
from csts.kit.errors import InvalidInput
from csts.kit.wire import asks, decode, query_of

ID = '"client_id": "00000000-0000-4000-8000-000000000000"'


@pytest.mark.parametrize(
    "body, field",
    [
        ('{"content": "Hello"}', "client_id"),
        (f'{{{ID}, "content": 1}}', "content"),
        (f'{{{ID}, "colour": "red"}}', "colour"),
        (f'{{{ID}, "attachment_ids": ["one"]}}', "attachment_ids[0]"),
        ("Hello", ""),
    ],
)
def test_refusal_names_the_field(body: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        decode(body, Decoder(MessageDraft))
    assert [error["field"] for error in refusal.value.fields["errors"]] == [field]


class Question(msgspec.Struct, frozen=True):
    colour: tuple[Literal["red", "blue"], ...] = ()
    size: Annotated[int, msgspec.Meta(ge=1)] = 5
    is_new: bool | None = None


async def asked(query: str) -> Question:
    return await query_of(Question)(Request({"type": "http", "query_string": query.encode()}))


@pytest.mark.parametrize(
    "query, question",
    [
        ("", Question()),
        ("size=7&is_new=true", Question(size=7, is_new=True)),
        ("colour=red", Question(colour=("red",))),
        ("colour=red&size=1&colour=blue", Question(colour=("red", "blue"), size=1)),
        ("size=1&size=2", Question(size=2)),
        ("nobody=asked", Question()),
    ],
)
async def test_a_query_string_is_read_as_a_struct(query: str, question: Question) -> None:
    assert await asked(query) == question


@pytest.mark.parametrize(
    "query, field",
    [("size=0", "size"), ("size=", "size"), ("is_new=perhaps", "is_new"), ("colour=red&colour=green", "colour.1")],
)
async def test_a_wrong_query_names_the_field(query: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await asked(query)
    assert [error["field"] for error in refusal.value.fields["errors"]] == [field]


def test_the_api_tells_what_may_be_asked() -> None:
    told = {each["name"]: each for each in asks(Question)["parameters"]}
    assert list(told) == ["colour", "size", "is_new"]
    assert told["colour"]["schema"]["items"] == {"enum": ["blue", "red"]}
    assert told["size"]["schema"] == {"type": "integer", "minimum": 1, "default": 5}
    assert not any(each["required"] for each in told.values())
