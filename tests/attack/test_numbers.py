"""Numbers that no row has, that no column holds, or that are none: a clear refusal, and never a fall."""

import itertools
from typing import Any

import pytest

from tests.access.test_access import House
from tests.attack.doors import Described, body_shape, members, numbered, right_person
from tests.make import open_ticket
from tests.people import Somebody
from tests.support.chat import join

IDS = ["0", "-1", str(2**31), str(2**63), "9" * 40, "1e3", "0x1", "%31%00", "true", "null", "NaN", "1;--", "1'"]
INTEGERS: list[Any] = [-1, 2**31, 2**63, 10**40, -(10**40), 1.5, True, "1", "x", [], {}]
LIKE_SWITCHES: list[Any] = [0, 1, "true", "no", "off", "", []]
# Written by hand, for no honest client would send them.
WORDS = ["NaN", "Infinity", "-Infinity", "1e400", "-0", "1" * 5000]


async def test_no_door_falls_over_the_number_in_its_address(house: House, api: Described) -> None:
    wrong = {}
    for method, path in api:
        if "{" in path:
            who = house.people[right_person((method, path))]
            for number in IDS:
                options: dict[str, Any] = {"headers": {"Authorization": f"Bearer {who.token}"}} if who else {}
                answer = await house.client.request(method, numbered(path, number), **options)
                if answer.status_code not in {404, 422}:
                    wrong[method, path, number] = answer.status_code
    assert wrong == {}


async def test_no_door_falls_over_a_number_in_its_query(house: House, api: Described) -> None:
    wrong = {}
    for (method, path), operation in api.items():
        who = house.people[right_person((method, path))]
        headers = {"Authorization": f"Bearer {who.token}"} if who else {}
        names = [each["name"] for each in operation.get("parameters", []) if each["in"] == "query"]
        for name in names if method == "GET" else []:
            for number in IDS:
                answer = await house.client.get(numbered(path), params={name: number}, headers=headers)
                if answer.status_code >= 500:
                    wrong[path, name, number] = answer.status_code
    assert wrong == {}


async def test_no_door_takes_a_wrong_number_in_its_body(house: House, api: Described) -> None:
    taken = {}
    for door, operation in api.items():
        shape = body_shape(operation)
        for name, kinds in members(shape, operation["shapes"]) if shape else ():
            types = {str(kind.get("type")) for kind in kinds}
            if "integer" in types:
                path, options = await house.prepare(door, right_person(door))
                body = options.pop("json")
                for number in INTEGERS:
                    answer = await house.client.request(door[0], path, json={**body, name: number}, **options)
                    if answer.status_code not in {404, 422}:
                        taken[door, name, str(number)[:20]] = answer.status_code
    assert taken == {}


async def test_no_switch_is_turned_by_what_only_looks_like_one(house: House, api: Described) -> None:
    turned = {}
    for door, operation in api.items():
        shape = body_shape(operation)
        for name, kinds in members(shape, operation["shapes"]) if shape else ():
            if any(kind.get("type") == "boolean" for kind in kinds):
                path, options = await house.prepare(door, right_person(door))
                body = options.pop("json")
                for value in LIKE_SWITCHES:
                    answer = await house.client.request(door[0], path, json={**body, name: value}, **options)
                    if answer.status_code != 422:
                        turned[door, name, str(value)] = answer.status_code
    assert turned == {}


@pytest.mark.once
async def test_json_that_is_wider_than_json_is_no_json(priya: Somebody) -> None:
    headers = {"Content-Type": "application/json"}
    doors = {"/tickets/1/assignee": '{"agent_id": %s}', "/assistant/replies/1/verdict": '{"right": %s}'}
    for word, (path, body) in itertools.product(WORDS, doors.items()):
        answer = await priya.request("PUT", path, content=body % word, headers=headers)
        assert answer.status_code in {404, 422}, (path, word)


@pytest.mark.sockets
@pytest.mark.once
async def test_no_frame_and_no_address_of_a_socket_takes_a_wrong_number(sockets: str, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    for number in ["0", "-1", "9" * 40, "1e3", "٣", f"0{2**31}"]:
        async with join(sockets, number, ana.token) as outside:  # type: ignore[arg-type]  # that is the attack
            assert await outside.opening() == "4404", number
    async with join(sockets, ticket_id, ana.token) as room:
        await room.next("ready")
        for number in INTEGERS:
            await room.send("read", seq=number)
            assert (await room.next("error"))["code"] == "invalid_input", number
        for word in WORDS[:4]:
            await room.send_raw(f'{{"type": "read", "seq": {word}}}')
            assert (await room.next("error"))["code"] == "invalid_input", word
        await room.send("ping")
        await room.next("pong")
