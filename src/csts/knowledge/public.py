"""Help over HTTP: what is published, for anybody; also what is offered while a customer writes his ticket."""

from typing import Annotated, cast

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from csts.kit.errors import InvalidInput, NotFound, TooManyRequests
from csts.kit.paging import Page, decode_cursor, encode_cursor
from csts.kit.problems import problems
from csts.kit.sessions import database_of
from csts.kit.throttle import client_address, throttle_of
from csts.kit.wire import answer, gives
from csts.knowledge import queries
from csts.knowledge.api import ArticleId
from csts.knowledge.schemas import HelpArticle, HelpRow, shaped
from csts.knowledge.shelf import Shelf

router = APIRouter(tags=["Help"])


@router.get(
    "/help/articles",
    responses={**gives(Page[HelpRow]), **problems(InvalidInput, TooManyRequests)},
    summary="Search the help",
)
async def search_help(
    request: Request,
    q: Annotated[str, Query(max_length=20_000)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Articles with any of the words of `q`, the best ones first; without `q` all of them by title."""
    return answer(await help_page(request, q, limit=limit, cursor=cursor))


@router.get(
    "/help/articles/{article_id}",
    responses={**gives(HelpArticle), **problems(NotFound, TooManyRequests)},
    summary="Read an article of the help",
)
async def show_help(request: Request, article_id: ArticleId) -> Response:
    return answer(await help_article(request, article_id))


async def help_page(request: Request, text: str, *, limit: int, cursor: str | None) -> Page[HelpRow]:
    """What is found for `text`, the best first, or everything by title. Raises TooManyRequests, InvalidInput."""
    await _count(request)
    index = await cast("Shelf", request.app.state.shelf).index(database_of(request))
    rows = index.found(text) if text.strip() else index.rows
    start = _start(rows, cursor) if cursor else 0
    shown = rows[start : start + limit]
    more = encode_cursor("help", [shown[-1].id]) if len(rows) > start + limit else None
    return Page(shown, more)


async def help_article(request: Request, article_id: int) -> HelpArticle:
    """Raises TooManyRequests, and NotFound for what is not published."""
    await _count(request)
    async with database_of(request).read() as session:
        return shaped(await queries.get(session, article_id, only_published=True), HelpArticle)


async def _count(request: Request) -> None:
    await throttle_of(request).hit(request.app.state.settings.limit_help, "help", client_address(request))


def _start(rows: list[HelpRow], cursor: str) -> int:
    """The place behind the article that the cursor names; the end, when that one is found no more."""
    (last_id,) = decode_cursor(cursor, "help", [int])
    return next((place for place, row in enumerate(rows, 1) if row.id == last_id), len(rows))
