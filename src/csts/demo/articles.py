"""Gives the demo's desk its knowledge: what a small shop is asked again and again."""

import tomllib
from datetime import timedelta
from importlib.resources import files

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.demo import people
from csts.kit import clock
from csts.knowledge import queries
from csts.knowledge.actions import import_articles
from csts.knowledge.models import Article
from csts.knowledge.rulebook import change_rule
from csts.knowledge.schemas import NewArticle, RuleChanges

EDITOR = "mona"
# Rules come first: with the words that suit every desk they would hide what this one knows better.
REPLIES = {"Opening hours": "opening_hours", "Password help": "password_reset"}


def articles() -> list[NewArticle]:
    told = tomllib.loads(files("csts.demo").joinpath("articles.toml").read_text("utf-8"))
    return [NewArticle(**each) for each in told["article"]]


async def write_articles(session: AsyncSession, by: Actor) -> bool:
    """In the editor's first week; false, and nothing is written, where an operator has imported his own already."""
    if await session.scalar(select(exists(select(Article.id)))):
        return False
    with clock.at(people.joined(EDITOR, clock.now()) + timedelta(days=5)):
        await import_articles(session, articles(), by=by)
        await _teach_rules(session, by)
    return True


async def _teach_rules(session: AsyncSession, by: Actor) -> None:
    answers = {article.topic: article.answer for article in articles()}
    for rule in await queries.rules(session):
        if topic := REPLIES.get(rule.name):
            await change_rule(session, rule.id, RuleChanges(reply=answers[topic]), by=by)
