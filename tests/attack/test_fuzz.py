"""Nonsense that nobody thought of, made by hypothesis: frames, cursors, headers, searches and forms.

`--examples 2000` tries more of each than the few that fit into a gate.
"""

import base64
import json
import uuid
from typing import Any, TypeVar

import pytest
from httpx2 import AsyncClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.make import jpeg_bytes, open_ticket, pdf_bytes, png_bytes
from tests.people import Somebody
from tests.support.chat import join

T = TypeVar("T")
LISTS = ["/tickets", "/canned", "/knowledge/articles", "/help/articles", "/drafts", "/tasks/failed"]
SEARCHES = ["/tickets", "/canned", "/knowledge/articles", "/help/articles", "/knowledge/rules/match", "/tags"]
HEADERS = [
    *("Range", "If-None-Match", "If-Modified-Since", "If-Range", "Accept", "Accept-Language", "Accept-Encoding"),
    *("Cookie", "CSTS-As", "X-Request-ID", "X-Forwarded-For", "X-Forwarded-Proto", "Origin", "Content-Type"),
]

# What a header may hold at all: the client refuses to send anything else.
visible = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
words = st.text(max_size=60) | st.sampled_from(['"', "*", "a* OR", "NEAR(a b)", "-", "\x00", "%", "ﬁ", "👩‍👩‍👧", "'"])
frames = st.fixed_dictionaries(
    {"type": st.sampled_from(["message", "typing", "read", "looking", "ping", "", "ready", "__proto__"]) | anything},
    optional={
        "client_id": st.just(str(uuid.UUID(int=7))) | anything,
        "content": st.text(max_size=80) | anything,
        "attachment_ids": st.lists(st.integers(), max_size=3) | anything,
        "internal": anything,
        "typing": st.booleans() | anything,
        "looking": anything,
        "seq": st.integers() | anything,
        "after": anything,
    },
)


def drawn(strategy: st.SearchStrategy[T], pytestconfig: pytest.Config) -> list[T]:
    """Examples of this, as many as were asked for; the same ones each time in a gate, which must not fail by chance.

    Drawn first and tried afterwards, for hypothesis knows no loop that goes on from one example to the next.
    """
    asked: int = pytestconfig.getoption("--examples")
    found: list[T] = []

    @settings(
        max_examples=asked or 20,
        derandomize=not asked,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: T) -> None:
        found.append(value)

    draw()
    return found


@pytest.mark.once
@pytest.mark.sockets
@pytest.mark.parametrize("raw", [True, False])
async def test_no_frame_ends_a_room_or_is_half_understood(
    sockets: str, ana: Somebody, pytestconfig: pytest.Config, *, raw: bool
) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    strategy = st.text(max_size=200) if raw else frames.map(json.dumps)

    for said in drawn(st.lists(strategy, min_size=1, max_size=20), pytestconfig):
        async with join(sockets, ticket_id, ana.token) as room:
            await room.next("ready")
            for frame in said:
                await room.send_raw(frame)
            await room.send_raw('{"type": "read", "seq": "the end"}')
            # Each is answered, or was none that asks for an answer; the last one is, and the room is still there.
            while (await room.next("error")).get("errors", [{}])[0].get("field") != "seq":
                pass


async def test_no_cursor_is_more_than_a_place_in_a_list(
    client: AsyncClient, mona: Somebody, pytestconfig: pytest.Config
) -> None:
    def coded(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    names = st.sampled_from(["tickets", "-created_at", "canned", "articles", "help", "drafts", "tasks"])
    cursors = (
        st.text(max_size=60)
        | st.lists(names | anything, max_size=5).map(coded)
        | st.binary(max_size=40).map(lambda data: base64.urlsafe_b64encode(data).decode())
    )

    for cursor in drawn(cursors, pytestconfig):
        for path in LISTS:
            answer = await mona.get(path, params={"cursor": cursor})
            assert answer.status_code in {200, 422}, path


async def test_no_words_are_more_than_words_to_a_search(
    client: AsyncClient, mona: Somebody, ana: Somebody, pytestconfig: pytest.Config
) -> None:
    await open_ticket(ana)

    for text in drawn(words, pytestconfig):
        for path in SEARCHES:
            answer = await mona.get(path, params={"q": text})
            assert answer.status_code in {200, 422}, path


@pytest.mark.once
async def test_no_header_brings_a_door_down(client: AsyncClient, ana: Somebody, pytestconfig: pytest.Config) -> None:
    url = (await open_ticket(ana))["attachments"][0]["url"]

    for name, value in drawn(st.tuples(st.sampled_from(HEADERS), visible), pytestconfig):
        for path in (url, "/tickets", "/signin", "/help", "/static/x/css/base.css", "/connection"):
            answer = await client.get(path, headers={"Authorization": f"Bearer {ana.token}", name: value})
            assert answer.status_code < 500, path
            assert answer.status_code != 206, path


@pytest.mark.once
async def test_no_form_is_stored_by_half(ana: Somebody, pytestconfig: pytest.Config) -> None:
    """Files that were cut, joined or changed anywhere, and forms that are none."""
    ticket_id = (await open_ticket(ana))["id"]
    wholes = st.sampled_from([png_bytes(), jpeg_bytes(), pdf_bytes()])
    changed = st.builds(_changed, wholes, st.integers(0, 400), st.binary(max_size=20), st.booleans())

    for content, name in drawn(st.tuples(changed | st.binary(max_size=300), visible), pytestconfig):
        files = {"file": (name, content)}
        answer = await ana.post(f"/tickets/{ticket_id}/attachments", files=files)
        assert answer.status_code in {201, 400, 415, 422}
        if answer.status_code == 201:
            served = await ana.get(answer.json()["url"])
            assert served.headers["content-type"] in {"image/png", "image/jpeg", "application/pdf"}


def _changed(whole: bytes, at: int, piece: bytes, cut: bool) -> bytes:  # noqa: FBT001 - drawn by hypothesis
    at %= len(whole)
    return whole[:at] + piece + (b"" if cut else whole[at + len(piece) :])
