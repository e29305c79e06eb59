"""What is wrong in a body is told with the name of the field."""

import pytest
from msgspec.json import Decoder

from csts.chat.schemas import MessageDraft
from csts.kit.errors import InvalidInput
from csts.kit.wire import decode

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
