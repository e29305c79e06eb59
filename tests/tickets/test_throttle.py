"""Too many tickets at once: the customer is told to wait, and for how long."""

import pytest
from httpx2 import Response

from tests.make import screenshots, ticket_form
from tests.people import Somebody

pytestmark = pytest.mark.once


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "CSTS_LIMIT_TICKETS": "2/hour"}


async def submit(customer: Somebody, **changes: str) -> Response:
    return await customer.post("/user/createticket", data=ticket_form(**changes), files=screenshots())


async def test_a_customer_waits_after_too_many_tickets(ana: Somebody, ben: Somebody) -> None:
    assert [(await submit(ana)).status_code for _ in range(2)] == [201, 201]
    refused = await submit(ana)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert (await submit(ben)).status_code == 201


async def test_a_form_with_a_mistake_is_not_counted(ana: Somebody) -> None:
    for _ in range(3):
        assert (await submit(ana, issue_type="plumbing")).status_code == 422
    assert (await submit(ana)).status_code == 201
