"""What lists have in common: one statement for all that are narrowed in the same way."""

from dataclasses import fields
from typing import Any

from csts.tickets.filters import Filters
from csts.tickets.status import Priority, Status
from tests.make import claim, open_ticket
from tests.people import Somebody


async def ids(who: Somebody, **query: Any) -> list[int]:
    answer = await who.get("/tickets", params=query)
    return [row["id"] for row in answer.json()["items"]]


async def test_one_statement_is_good_for_the_lists_of_many(
    ana: Somebody, ben: Somebody, priya: Somebody, sam: Somebody
) -> None:
    of_ana, of_ben = await open_ticket(ana), await open_ticket(ben)
    await claim(priya, of_ana["id"])
    await claim(sam, of_ben["id"])
    for name, others in (("assignee", (priya, sam)), ("customer", (ana, ben))):
        found = [await ids(priya, **{name: other.id}) for other in others]
        assert found == [[of_ana["id"]], [of_ben["id"]]]
    assert [await ids(person, assignee="me") for person in (priya, sam)] == [[of_ana["id"]], [of_ben["id"]]]
    assert [await ids(person) for person in (ana, ben)] == [[of_ana["id"]], [of_ben["id"]]]


def test_whatever_narrows_a_list_is_told_to_its_statement() -> None:
    """A filter that is forgotten would give one list for another."""
    narrowed = {
        "status": (Status.OPEN,),
        "priority": (Priority.LOW,),
        "issue_type": ("billing",),
        "assignee": 7,
        "customer": 7,
        "awaiting_reply": True,
        "tag": 7,
        "snoozed": True,
        "mentioned": True,
    }
    assert narrowed.keys() == {each.name for each in fields(Filters)}
    outlines = [Filters(**{name: value}).outline for name, value in narrowed.items()]  # type: ignore[arg-type]  # each
    assert len({Filters().outline, *outlines}) == 1 + len(narrowed)
    assert Filters(assignee=7).outline == Filters(assignee=8).outline
    assert Filters(assignee="me").outline != Filters(assignee="none").outline
