"""The description of the API: complete, in our own error format, and served without any other host."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from csts.kit.problems import PROBLEM_SCHEMA
from tests.access.matrix import doors
from tests.docs import routes

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return routes.description()


@pytest.fixture(scope="module")
def operations(description: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


def is_for_programs(path: str) -> bool:
    return not re.fullmatch(
        r"/|/(connection|docs|metrics|settings|signin|signup|tour)"
        r"|/(forgot-password|reset-password|confirm-email|confirm-new-email)"
        r"|/(my|desk)(/.*)?|/help(/[^/]*_id})?|/sw\.js",
        path,
    )


async def test_the_description_is_served(client: AsyncClient, description: dict[str, Any]) -> None:
    answer = await client.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["paths"] == description["paths"]


def test_every_route_is_described(app: FastAPI, operations: dict[str, Any]) -> None:
    there = {f"{method} {path}" for method, path in doors(app) if method != "SOCKET" and is_for_programs(path)}
    assert set(operations) == there


def test_every_operation_says_what_it_does_and_answers(operations: dict[str, Any]) -> None:
    for name, operation in operations.items():
        assert operation["summary"], name
        assert any(status.startswith("2") for status in operation["responses"]), name


def test_errors_are_told_in_our_format(operations: dict[str, Any]) -> None:
    for name, operation in operations.items():
        for status, answer in operation["responses"].items():
            if status.startswith("4"):
                assert list(answer["content"]) == ["application/problem+json"], (name, status)
                assert re.search(r"`[a-z_]+`", answer["description"]), (name, status)


def test_what_needs_a_person_says_who_is_refused(operations: dict[str, Any]) -> None:
    for name, operation in operations.items():
        if "security" in operation:
            answers = operation["responses"]
            assert "`not_signed_in`" in answers["401"]["description"], name
            assert "`wrong_role`" in answers["403"]["description"], name
            if not name.startswith("GET"):
                assert "`cross_origin`" in answers["403"]["description"], name


def test_what_may_not_be_there_says_so(operations: dict[str, Any]) -> None:
    silent = [name for name, operation in operations.items() if "{" in name and "404" not in operation["responses"]]
    assert silent == []


@pytest.mark.parametrize(
    "name,codes",
    [
        ("POST /user/register", {"409 email_taken", "422 invalid_input", "429 too_many_requests"}),
        ("POST /user/login", {"401 bad_credentials", "429 too_many_requests", "403 cross_origin"}),
        ("POST /user/refresh", {"401 token_reused", "401 bad_token", "401 session_expired"}),
        ("POST /agents", {"409 username_taken", "422 invalid_input"}),
        ("PUT /agents/{agent_id}", {"409 last_admin", "409 username_taken", "404 not_found"}),
        (
            "POST /user/createticket",
            {
                "400 malformed",
                "413 file_too_large",
                "413 body_too_large",
                "415 unsupported_file",
                "422 too_many_files",
                "422 too_few_files",
                "422 invalid_input",
                "429 too_many_requests",
            },
        ),
        ("PUT /tickets/{ticket_id}/status", {"403 move_not_yours", "409 illegal_move", "404 not_found"}),
        ("POST /tickets/{ticket_id}/claim", {"409 already_claimed"}),
        ("POST /tickets/{ticket_id}/release", {"403 not_your_ticket", "409 not_claimed"}),
        ("PUT /tickets/{ticket_id}/assignee", {"422 unknown_agent", "422 invalid_input"}),
        (
            "POST /tickets/{ticket_id}/messages",
            {"409 ticket_closed", "422 unknown_attachment", "403 notes_are_for_agents", "429 too_many_requests"},
        ),
        (
            "POST /tickets/{ticket_id}/attachments",
            {"400 malformed", "413 file_too_large", "415 unsupported_file", "429 too_many_requests"},
        ),
    ],
)
def test_every_error_of_its_own_is_told(operations: dict[str, Any], name: str, codes: set[str]) -> None:
    told = {
        f"{status} {code}"
        for status, answer in operations[name]["responses"].items()
        for code in re.findall(r"`([a-z_]+)`", answer["description"])
    }
    assert codes - told == set()


def test_every_shape_that_is_named_is_there(description: dict[str, Any]) -> None:
    shapes = description["components"]["schemas"]
    named = set(re.findall(r"#/components/schemas/([^'\"]+)", str(description)))
    assert named - set(shapes) == set()
    assert shapes["Problem"] == PROBLEM_SCHEMA
    assert "HTTPValidationError" not in shapes


async def test_the_page_asks_no_other_host(client: AsyncClient) -> None:
    page = await client.get("/docs")
    files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(files) == 3
    assert "//" not in "".join(files)
    for file in files:
        assert (await client.get(file)).status_code == 200
    assert "<style" not in page.text
    assert re.search(r"<script[^>]*>[^<]", page.text) is None
