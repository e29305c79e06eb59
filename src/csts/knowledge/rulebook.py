"""What changes rules: they stand in an order, and the first one that fits speaks."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from csts.kit.errors import NotFound
from csts.knowledge.actions import take_turn
from csts.knowledge.models import StoredRule
from csts.knowledge.schemas import NewRule, RuleChanges


async def add_rule(session: AsyncSession, rule: NewRule) -> StoredRule:
    """A rule at its position, behind the last one at most; the others move on."""
    order = await _locked(session)
    given = rule.model_dump()
    added = StoredRule(**given)
    order.insert(given["position"] - 1, added)
    _number(order)
    session.add(added)
    await session.flush()
    return added


async def change_rule(session: AsyncSession, rule_id: int, changes: RuleChanges) -> StoredRule:
    """Set the fields that are given; the others make room for a new position. Raises NotFound."""
    order = await _locked(session)
    rule = _taken_out(order, rule_id)
    given: dict[str, Any] = changes.model_dump(exclude_unset=True)
    order.insert(given.pop("position", rule.position) - 1, rule)
    for field, value in given.items():
        setattr(rule, field, value)
    _number(order)
    return rule


async def delete_rule(session: AsyncSession, rule_id: int) -> None:
    """The rules behind it move up. Raises NotFound."""
    order = await _locked(session)
    await session.delete(_taken_out(order, rule_id))
    _number(order)


async def _locked(session: AsyncSession) -> list[StoredRule]:
    """All rules in order, for as long as this transaction lasts: two who move them would leave two at one place."""
    await take_turn(session)
    return list(await session.scalars(select(StoredRule).order_by(StoredRule.position, StoredRule.id)))


def _taken_out(order: list[StoredRule], rule_id: int) -> StoredRule:
    rule = next((each for each in order if each.id == rule_id), None)
    if rule is None:
        raise NotFound
    order.remove(rule)
    return rule


def _number(order: list[StoredRule]) -> None:
    for position, rule in enumerate(order, 1):
        rule.position = position
