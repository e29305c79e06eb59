"""Knowledge over HTTP: every agent reads it, admins write it."""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from csts.auth.guards import AdminActor, AgentActor
from csts.kit.columns import MAX_ID
from csts.kit.errors import InvalidInput, NotFound
from csts.kit.paging import Page
from csts.kit.problems import problems
from csts.kit.sessions import Reading, Writing
from csts.kit.wire import answer, gives
from csts.knowledge import actions, queries, rulebook
from csts.knowledge.models import ArticleRevision, RuleRevision
from csts.knowledge.rules import match
from csts.knowledge.schemas import (
    ArticleChanges,
    ArticleOut,
    ArticleRow,
    HelpArticle,
    HelpRow,
    Matched,
    NewArticle,
    NewRule,
    RevisionOut,
    RuleChanges,
    RuleOut,
    RuleRevisionOut,
    shaped,
)
from csts.versions.queries import history

router = APIRouter(tags=["Knowledge"])

_log = structlog.get_logger()

ArticleId = Annotated[int, Path(ge=1, le=MAX_ID)]
RuleId = Annotated[int, Path(ge=1, le=MAX_ID)]
Limit = Annotated[int, Query(ge=1, le=100)]
Version = Annotated[int | None, Query(ge=1, le=MAX_ID)]
Cursor = Annotated[str | None, Query(max_length=2000)]


@router.get(
    "/knowledge/articles",
    responses={**gives(Page[ArticleRow]), **problems(InvalidInput)},
    summary="List articles",
)
async def list_articles(
    _actor: AgentActor,
    session: Reading,
    q: Annotated[str, Query(max_length=200)] = "",
    published: Annotated[bool | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """By title; `q` are words that all stand in topic, title or answer."""
    page = await queries.page(session, words=q.split(), is_published=published, limit=limit, cursor=cursor)
    return answer(page)


@router.post(
    "/knowledge/articles",
    status_code=201,
    responses={**gives(ArticleOut, 201, "The article"), **problems(actions.TopicTaken)},
    summary="Write an article",
)
async def create_article(article: NewArticle, actor: AdminActor, session: Writing) -> Response:
    added = await actions.add_article(session, article, by=actor)
    _log.info("article_made", id=added.id, by=actor.id, published=added.published)
    return answer(shaped(added, ArticleOut), 201)


@router.get(
    "/knowledge/articles/{article_id}",
    responses={**gives(ArticleOut), **problems(NotFound)},
    summary="Show an article",
)
async def show_article(article_id: ArticleId, _actor: AgentActor, session: Reading) -> Response:
    return answer(shaped(await queries.get(session, article_id), ArticleOut))


@router.put(
    "/knowledge/articles/{article_id}",
    responses={**gives(ArticleOut), **problems(NotFound, actions.TopicTaken, actions.ArticleChanged)},
    summary="Change an article",
)
async def put_article(article_id: ArticleId, changes: ArticleChanges, actor: AdminActor, session: Writing) -> Response:
    """Only the fields that are given change. With the `version` that was read, nobody else's change is written over."""
    article = await actions.change_article(session, article_id, changes, by=actor)
    _log.info("article_changed", id=article.id, by=actor.id, version=article.version, published=article.published)
    return answer(shaped(article, ArticleOut))


@router.get(
    "/knowledge/articles/{article_id}/history",
    responses={**gives(Page[RevisionOut]), **problems(NotFound, InvalidInput)},
    summary="Show what an article said",
)
async def list_revisions(
    article_id: ArticleId, _actor: AgentActor, session: Reading, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Every change with who made it (null for the command) and when; the newest first."""
    page = await history(session, ArticleRevision, article_id, RevisionOut, limit=limit, cursor=cursor)
    return answer(page)


@router.get("/knowledge/rules", responses=gives(Page[RuleOut]), summary="List rules")
async def list_rules(_actor: AgentActor, session: Reading) -> Response:
    """All of them, in the order in which they are tried."""
    return answer(Page(await queries.rules(session), None))


@router.get(
    "/knowledge/rules/match",
    responses={**gives(Matched), **problems(InvalidInput)},
    summary="Try the rules on a sentence",
)
async def match_rule(_actor: AgentActor, session: Reading, q: Annotated[str, Query(max_length=2000)] = "") -> Response:
    """The rule that would answer `q`, or null; nothing is said to anybody."""
    return answer(Matched(match(q, await queries.rules(session))))


@router.post("/knowledge/rules", status_code=201, responses=gives(RuleOut, 201, "The rule"), summary="Make a rule")
async def create_rule(rule: NewRule, actor: AdminActor, session: Writing) -> Response:
    added = await rulebook.add_rule(session, rule, by=actor)
    _log.info("rule_made", id=added.id, by=actor.id)
    return answer(shaped(added, RuleOut), 201)


@router.put(
    "/knowledge/rules/{rule_id}",
    responses={**gives(RuleOut), **problems(NotFound, rulebook.RuleChanged)},
    summary="Change a rule",
)
async def put_rule(rule_id: RuleId, changes: RuleChanges, actor: AdminActor, session: Writing) -> Response:
    """Only the fields that are given change; with a `position` the others make room. `version` as of an article."""
    rule = await rulebook.change_rule(session, rule_id, changes, by=actor)
    _log.info("rule_changed", id=rule.id, by=actor.id, fields=sorted(changes.model_fields_set), enabled=rule.enabled)
    return answer(shaped(rule, RuleOut))


@router.get(
    "/knowledge/rules/{rule_id}/history",
    responses={**gives(Page[RuleRevisionOut]), **problems(NotFound, InvalidInput)},
    summary="Show what a rule said",
)
async def list_rule_revisions(
    rule_id: RuleId, _actor: AgentActor, session: Reading, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Every change with who made it (null for what a desk begins with) and when; the newest first."""
    page = await history(session, RuleRevision, rule_id, RuleRevisionOut, limit=limit, cursor=cursor)
    return answer(page)


@router.delete(
    "/knowledge/rules/{rule_id}",
    status_code=204,
    response_class=Response,
    responses=problems(NotFound, rulebook.RuleChanged),
    summary="Delete a rule",
)
async def delete_rule(rule_id: RuleId, actor: AdminActor, session: Writing, version: Version = None) -> None:
    """With the `version` that was read, nothing that somebody has changed since is deleted. Its history stays."""
    await rulebook.delete_rule(session, rule_id, version=version, by=actor)
    _log.info("rule_deleted", id=rule_id, by=actor.id)


def api_types() -> list[Any]:
    """The shapes of this room for /openapi.json, those of the public help included."""
    return [
        Page[ArticleRow],
        ArticleOut,
        Page[RevisionOut],
        Page[RuleOut],
        Page[RuleRevisionOut],
        Matched,
        Page[HelpRow],
        HelpArticle,
    ]
