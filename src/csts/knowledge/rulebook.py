"""What changes rules: they stand in an order, and the first one that fits speaks."""

from http import HTTPStatus
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from csts.audit.actions import About, note
from csts.audit.models import Act
from csts.auth.actor import Actor
from csts.kit import clock
from csts.kit.errors import DomainError, NotFound
from csts.knowledge.models import RuleRevision, StoredRule
from csts.knowledge.queries import RULES_IN_ORDER
from csts.knowledge.schemas import NewRule, RuleChanges, RuleOut, shaped
from csts.knowledge.turns import take_turn
from csts.versions.actions import change, record, sign


class RuleChanged(DomainError):
    """`version` and `rule` are what is stored."""

    code = "rule_changed"
    status = HTTPStatus.CONFLICT
    detail = "Somebody has changed this rule in the meantime. Nothing was saved yet; please compare the two."


async def add_rule(session: AsyncSession, rule: NewRule, *, by: Actor | None) -> StoredRule:
    """A rule at its position, behind the last one at most, with its first revision; the others move on."""
    order = await _locked(session)
    given = rule.model_dump()
    added = StoredRule(**given, deleted=False, version=1, updated_at=clock.now())
    sign(added, by)
    order.insert(given["position"] - 1, added)
    _number(order)
    session.add(added)
    await session.flush()
    await record(session, RuleRevision, [added])
    note(session, by, Act.RULE_ADDED, _about(added))
    return added


async def change_rule(session: AsyncSession, rule_id: int, changes: RuleChanges, *, by: Actor | None) -> StoredRule:
    """Set the fields that are given: a revision, if anything is another. The others make room for a new position.

    Raises NotFound, RuleChanged.
    """
    order = await _locked(session)
    given: dict[str, Any] = changes.model_dump(exclude_unset=True)
    rule = _taken_out(order, rule_id, given.pop("version", None))
    order.insert(given.pop("position", rule.position) - 1, rule)
    if change(rule, {**given, "position": order.index(rule) + 1}, by):
        _number(order)
        await record(session, RuleRevision, [rule])
        note(session, by, Act.RULE_CHANGED, _about(rule), version=rule.version)
    return rule


async def delete_rule(session: AsyncSession, rule_id: int, *, version: int | None, by: Actor | None) -> None:
    """The rules behind it move up; what it said is kept with its history. Raises NotFound, RuleChanged."""
    order = await _locked(session)
    rule = _taken_out(order, rule_id, version)
    change(rule, {"deleted": True}, by)
    _number(order)
    await record(session, RuleRevision, [rule])
    note(session, by, Act.RULE_DELETED, _about(rule))


async def _locked(session: AsyncSession) -> list[StoredRule]:
    """All rules in order, for as long as this transaction lasts: two who move them would leave two at one place."""
    await take_turn(session)
    return list(await session.scalars(RULES_IN_ORDER.execution_options(populate_existing=True)))


def _taken_out(order: list[StoredRule], rule_id: int, version: int | None) -> StoredRule:
    """Of the version that was seen, if one is named."""
    rule = next((each for each in order if each.id == rule_id), None)
    if rule is None:
        raise NotFound
    if version is not None and version != rule.version:
        raise RuleChanged(version=rule.version, rule=shaped(rule, RuleOut))
    order.remove(rule)
    return rule


def _about(rule: StoredRule) -> About:
    return About("rule", rule.id, rule.name)


def _number(order: list[StoredRule]) -> None:
    for position, rule in enumerate(order, 1):
        rule.position = position
