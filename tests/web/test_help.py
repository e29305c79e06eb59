"""The public help as a browser without scripts gets it."""

import pytest
from httpx2 import AsyncClient

from tests.make import write_article
from tests.people import Somebody
from tests.web.test_pages import BROWSER, enter, facts

pytestmark = pytest.mark.once


async def test_everybody_reads_what_is_published(client: AsyncClient, mona: Somebody) -> None:
    shown = await write_article(mona, title="My card was declined", answer="Try another.\n\nOr ask your bank.")
    hidden = await write_article(mona, title="A secret", published=False)
    page = await client.get("/help")
    assert "My card was declined" in page.text
    assert "A secret" not in page.text
    article = await client.get(f"/help/{shown['id']}")
    assert "Try another.\n\nOr ask your bank." in article.text
    assert facts(article)["me"] is None
    answer = await client.get(f"/help/{hidden['id']}", headers=BROWSER)
    assert answer.status_code == 404
    assert "We cannot find that page" in answer.text


async def test_the_search_is_a_form_like_any_other(client: AsyncClient, mona: Somebody) -> None:
    await write_article(mona, title="My card was declined")
    await write_article(mona, title="When is my parcel here?", answer="Soon.")
    page = await client.get("/help", params={"q": " the card "})
    assert "My card was declined" in page.text
    assert "parcel" not in page.text
    assert 'value="the card"' in page.text


async def test_who_finds_nothing_is_led_to_a_person(client: AsyncClient, ana: Somebody) -> None:
    nobody = await client.get("/help", params={"q": "<zebra>"})
    assert "Nothing found for “&lt;zebra&gt;”" in nobody.text
    assert "/signin?next=/my/tickets/new" in nobody.text
    await enter(client, ana)
    page = await client.get("/help", params={"q": "zebra"})
    assert 'href="/my/tickets/new"' in page.text
    assert 'href="/signin' not in page.text


async def test_an_agent_is_led_to_the_article_on_the_desk(client: AsyncClient, mona: Somebody, priya: Somebody) -> None:
    article = await write_article(mona)
    await enter(client, priya)
    assert f'href="/desk/knowledge/{article["id"]}"' in (await client.get(f"/help/{article['id']}")).text
    assert 'href="/desk/knowledge"' in (await client.get("/help")).text


async def test_what_an_admin_wrote_is_text_and_nothing_else(client: AsyncClient, mona: Somebody) -> None:
    article = await write_article(mona, title="<b>bold</b>", answer="<script>alert(1)</script>")
    for path in ("/help", f"/help/{article['id']}"):
        page = await client.get(path)
        assert "&lt;script&gt;alert(1)" in page.text
        assert "<b>bold" not in page.text
        assert "<script>alert" not in page.text


async def test_a_long_list_goes_on_without_scripts(client: AsyncClient, mona: Somebody) -> None:
    for number in range(21):
        await write_article(mona, title=f"Card number {number:02}")
    first = await client.get("/help", params={"q": "card"})
    more = first.text.partition('class="button wide" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = await client.get(more)
    titles = [f"Card number {number:02}" for number in range(21)]
    assert [(title in first.text) + (title in second.text) for title in titles] == [1] * 21
    assert "More articles" not in second.text


async def test_the_date_is_told_in_the_reader_s_language(client: AsyncClient, mona: Somebody) -> None:
    article = await write_article(mona)
    page = await client.get(f"/help/{article['id']}", headers={"Accept-Language": "de"})
    assert "Zuletzt geändert am " in page.text
    assert page.text.count("Noch Fragen?") == 2


async def test_an_article_that_is_not_there_has_no_page_on_the_desk(client: AsyncClient, priya: Somebody) -> None:
    await enter(client, priya)
    page = await client.get("/desk/knowledge/999", headers=BROWSER)
    assert page.status_code == 404
    assert "We cannot find that page" in page.text
