"""Gives the demo's agents their canned replies: shared ones, two macros, and one that is somebody's own."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib.resources import files

from sqlalchemy.ext.asyncio import AsyncSession

from csts.auth.actor import Actor
from csts.canned.actions import add_reply
from csts.canned.schemas import NewReply
from csts.demo import people
from csts.demo.articles import EDITOR
from csts.kit import clock


def replies() -> Iterator[tuple[str | None, NewReply]]:
    """Each with whose own it is, or None where it is shared."""
    told = tomllib.loads(files("csts.demo").joinpath("replies.toml").read_text("utf-8"))
    for each in told["reply"]:
        owner = each.pop("of", None)
        yield owner, NewReply(**each, shared=owner is None)


async def write_replies(session: AsyncSession, cast: Mapping[str, Actor]) -> None:
    """In the editor's second week."""
    with clock.at(people.joined(EDITOR, clock.now()) + timedelta(days=9)):
        for owner, reply in replies():
            await add_reply(session, reply, by=cast[owner or EDITOR])
