"""What a customer's ticket weighs on the wire: 100 KB in all, in one round of requests."""

import re
from urllib.parse import urljoin

import pytest
from httpx2 import AsyncClient, Response

from tests.make import open_ticket, post_message
from tests.people import Somebody

pytestmark = pytest.mark.once

MOST_BYTES = 100_000
LINES = 40
# The status line, and what a server adds to a head: its date.
HEAD_BYTES = 60


def weight(answer: Response) -> int:
    assert answer.status_code == 200, answer.url
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    return head + HEAD_BYTES + int(answer.headers["content-length"])


async def test_a_ticket_weighs_little_and_names_all_that_it_needs(client: AsyncClient, ana: Somebody) -> None:
    ticket = await open_ticket(ana)
    for number in range(LINES):
        await post_message(ana, ticket["id"], f"Message {number}: it says declined, and I do not know why.")
    form = {**ana.account.credentials, "session": "cookie"}
    await client.post("/user/login", json=form, headers={"Origin": "http://desk.test"})
    page = await client.get(f"/my/tickets/{ticket['id']}")
    named = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text))
    picture = f"/attachments/{ticket['attachments'][0]['id']}"
    others = [f"/tickets/{ticket['id']}/messages?limit={LINES}", picture]
    answers = {path: await client.get(path) for path in (*named, *others)}
    assert sum(map(weight, (page, *answers.values()))) < MOST_BYTES

    # Few files, and none that only another of them names.
    assert sorted(path.rsplit(".", 1)[1] for path in named) == ["css", "js", "js", "js", "svg", "svg"]
    scripts = {path: answers[path].text for path in named if path.endswith(".js")}
    imported = {urljoin(path, name) for path, text in scripts.items() for name in re.findall(r'from "(\.[^"]+)"', text)}
    assert imported
    assert imported <= set(scripts)
