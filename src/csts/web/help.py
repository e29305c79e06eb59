"""The public help: for everybody, and whole without scripts, since who needs it may have trouble with just those."""

from typing import Annotated

from babel.dates import format_date
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from csts.kit.words import language_of
from csts.knowledge.api import ArticleId
from csts.knowledge.public import help_article, help_page
from csts.web.visitors import public_page

router = APIRouter(include_in_schema=False)

FOUND_AT_ONCE, LISTED_AT_ONCE = 20, 100


@router.get("/help")
async def search_page(
    request: Request,
    q: Annotated[str, Query(max_length=2000)] = "",
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    limit = FOUND_AT_ONCE if q.strip() else LISTED_AT_ONCE
    found = await help_page(request, q, limit=limit, cursor=cursor)
    return await public_page(request, "help.html", q=q.strip(), rows=found.items, cursor=found.next_cursor)


@router.get("/help/{article_id}")
async def help_article_page(request: Request, article_id: ArticleId) -> Response:
    article = await help_article(request, article_id)
    locale = language_of(request).code
    changed = format_date(article.updated_at, "long", locale=locale)
    return await public_page(request, "help_article.html", article=article, changed=changed)
