"""What is told to one person stays with him: no cache keeps it, and no cookie travels further than it must."""

import pytest
from httpx2 import AsyncClient

from tests.access.matrix import matrix
from tests.access.test_access import House
from tests.attack.doors import right_person

pytestmark = pytest.mark.once

# Kept, but asked for each time: the digest of what it has is all that a browser sends.
ASKED_AGAIN = "private, no-cache"


async def test_no_cache_keeps_what_one_person_was_told(house: House) -> None:
    kept = {}
    for door in matrix():
        if door[0] != "SOCKET":
            path, options = await house.prepare(door, right_person(door))
            answer = await house.client.request(door[0], path, **options)
            if answer.headers.get("cache-control") not in {"no-store", ASKED_AGAIN}:
                kept[door] = answer.headers.get("cache-control")
    assert kept == {}


@pytest.mark.usefixtures("house")
async def test_a_picture_is_not_shown_to_the_next_person_at_this_browser(house: House) -> None:
    path, options = await house.prepare(("GET", "/attachments/{attachment_id}"), "owner")
    first = await house.client.get(path, **options)
    again = {"If-None-Match": first.headers["etag"]}
    mine = await house.client.get(path, headers={**options["headers"], **again})
    assert (first.status_code, mine.status_code) == (200, 304)
    for who in ("customer", "nobody"):
        other = house.people[who]
        token = {"Authorization": f"Bearer {other.token}"} if other else {}
        assert (await house.client.get(path, headers={**token, **again})).status_code in {401, 404}


async def test_every_answer_is_called_what_it_is(client: AsyncClient, house: House) -> None:
    """A browser is left nothing to guess, refusals included."""
    for door in matrix():
        if door[0] == "GET":
            path, options = await house.prepare(door, right_person(door))
            for answer in (await house.client.get(path, **options), await client.get(path)):
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert answer.headers.get("content-type", "-").partition(";")[0] in {
                    "application/json",
                    "application/problem+json",
                    "text/html",
                    "text/plain",
                    "text/csv",
                    "text/javascript",
                    "image/png",
                    "application/zip",
                    "-",
                }, path
