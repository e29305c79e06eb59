"""Bodies that cost the reader more than the sender, from people who need not even sign in."""

import json

import pytest
from httpx2 import AsyncClient, Response

from csts.attachments.refusals import MAX_BYTES
from csts.auth.passwords import check_new_password
from csts.kit.errors import InvalidInput
from tests.make import png_bytes
from tests.people import Somebody

pytestmark = pytest.mark.once

JSON = {"Content-Type": "application/json"}
DOORS = ["/user/register", "/user/login", "/agent/login", "/user/refresh"]


@pytest.mark.parametrize("path", DOORS)
async def test_only_forms_may_be_large(client: AsyncClient, path: str) -> None:
    """A password of 30 MB kept everybody waiting for a quarter of a minute."""
    body = json.dumps({"name": "Ana", "email": "ana@example.com", "password": "a" * 200_000})
    answer = await client.post(path, content=body, headers=JSON)
    assert answer.status_code == 413
    assert answer.json()["code"] == "body_too_large"


async def test_the_longest_message_fits_escaped(ana: Somebody) -> None:
    ticket_id = (await _open(ana, {})).json()["id"]
    draft = {"client_id": "5f0c9a52-4e4e-4f4c-9d7e-0a3b8f0b7a11", "content": "😀" * 4000}
    body = json.dumps(draft)
    assert len(body) > 40_000
    answer = await ana.request("POST", f"/tickets/{ticket_id}/messages", content=body, headers=JSON)
    assert answer.status_code == 201


async def test_a_too_large_file_still_hears_about_itself(ana: Somebody) -> None:
    answer = await _open(ana, {}, png_bytes() + bytes(2 * MAX_BYTES))
    assert answer.json()["code"] == "file_too_large"


@pytest.mark.parametrize("path", DOORS)
async def test_an_answer_does_not_list_ten_thousand_errors(client: AsyncClient, path: str) -> None:
    answer = await client.post(path, json={str(number): 1 for number in range(9_000)})
    assert answer.status_code == 422
    assert len(answer.content) < 5_000


@pytest.mark.parametrize("path", DOORS)
async def test_an_answer_does_not_repeat_a_long_name(client: AsyncClient, path: str) -> None:
    answer = await client.post(path, json={"x" * 100_000: 1})
    assert answer.status_code == 422
    assert len(answer.content) < 5_000


async def test_a_number_of_thousands_of_digits_is_the_wrong_shape(client: AsyncClient) -> None:
    answer = await client.post("/user/login", content='{"email": ' + "9" * 5_000 + "}", headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_input"


async def test_a_long_password_is_refused_before_it_is_read() -> None:
    """Sixty megabytes in their normal form; the refusal names the length, not a character."""
    with pytest.raises(InvalidInput, match="8 to 128"):
        check_new_password("\ufdfa" * 200 + "\x00")


@pytest.mark.parametrize(
    "field,text", [("subject", "\ufb2c" * 200), ("subject", "\U0001d160" * 100), ("description", "\ufb2c" * 10_000)]
)
async def test_a_text_that_grows_in_its_normal_form_must_fit_in_it(ana: Somebody, field: str, text: str) -> None:
    answer = await _open(ana, {field: text})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def _open(who: Somebody, changed: dict[str, str], picture: bytes | None = None) -> Response:
    form = {"subject": "Cannot pay", "description": "It says: declined.", "issue_type": "billing", **changed}
    files = {"screenshots": ("shot.png", picture or png_bytes(), "image/png")}
    return await who.post("/user/createticket", data=form, files=files)
