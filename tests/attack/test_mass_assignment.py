"""Fields that nobody may set: each body of each door gets them, and is refused as a whole."""

from typing import Any

import pytest

from tests.access.test_access import House
from tests.attack.doors import Described, body_shape, members, right_person
from tests.make import open_ticket, screenshots, ticket_form, upload
from tests.people import Somebody

pytestmark = pytest.mark.once

READ_ONLY: dict[str, Any] = {
    "id": 1,
    "owner_id": 1,
    "customer_id": 1,
    "user_id": 1,
    "is_admin": True,
    "password_hash": "x",
    "created_at": "2020-01-01T00:00:00Z",
    "ticket_no": "T-1",
    "seq": 1,
    "sender": {"kind": "agent", "id": 1, "name": "Mona"},
    "__proto__": {"role": "admin"},
}


async def test_no_body_takes_a_field_that_it_does_not_name(house: House, api: Described) -> None:
    taken = {}
    for door, operation in api.items():
        if shape := body_shape(operation):
            named = {name for name, _ in members(shape, operation["shapes"])}
            path, options = await house.prepare(door, right_person(door))
            body = options.pop("json")
            for name, value in READ_ONLY.items():
                if name not in named:
                    answer = await house.client.request(door[0], path, json={**body, name: value}, **options)
                    if answer.status_code != 422 or name not in answer.text:
                        taken[door, name] = answer.status_code
    assert taken == {}


async def test_no_object_within_a_body_takes_one_either(priya: Somebody, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    changes = {"priority": "high", "user_id": 2}
    for path, body in (
        ("/tickets/bulk", {"ids": [ticket_id], "change": changes}),
        ("/tickets/bulk/undo", {"items": [{"id": ticket_id, "before": changes, "after": changes}]}),
        ("/views", {"name": "Mine", "filters": {"owner_id": "1"}}),
        (f"/tickets/{ticket_id}/answer", {"message": {"client_id": "x", "content": "Hi", "sender": 1}}),
    ):
        answer = await priya.post(path, body)
        assert answer.status_code == 422, path
    assert (await priya.get(f"/ticket/{ticket_id}")).json()["priority"] == "medium"


async def test_no_form_takes_one(ana: Somebody, ben: Somebody) -> None:
    for name in ("user_id", "customer_id", "status", "agent_id", "id", "ticket_no"):
        form = ticket_form(**{name: str(ben.id)})
        answer = await ana.post("/user/createticket", data=form, files=screenshots())
        assert answer.status_code == 422, name
    ticket = await open_ticket(ana)
    assert (ticket["customer"]["id"], ticket["status"]) == (ana.id, "open")


async def test_an_uploaded_file_says_nothing_of_itself(ana: Somebody, ben: Somebody) -> None:
    """Whose it is and where it belongs comes from the door and the token alone."""
    ticket, other = await open_ticket(ana), await open_ticket(ben)
    file = await upload(ana, ticket["id"])
    form = {"ticket_id": str(other["id"]), "uploader_id": str(ben.id), "screenshot": "true"}
    picture = {"file": ("a.png", (await ana.get(file["url"])).content)}
    answer = await ana.post(f"/tickets/{ticket['id']}/attachments", data=form, files=picture)
    assert (await ben.get(answer.json()["url"])).status_code == 404


async def test_an_empty_change_changes_nobody(house: House) -> None:
    """Defaults of what is not given are never written: an admin stays one, and who was switched off stays so."""
    admin, agent = house.somebody("admin"), house.somebody("agent")
    await admin.put(f"/agents/{agent.id}", {"active": False})
    for person in (admin, agent):
        before = next(each for each in (await admin.get("/agents")).json() if each["id"] == person.id)
        assert (await admin.put(f"/agents/{person.id}", {})).json() == before
