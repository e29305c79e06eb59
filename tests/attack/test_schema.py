"""schemathesis: each operation of /openapi.json with what its schema allows and forbids, and it answers as it promises.

`--examples 200` tries more of each, and each as everybody; a gate has time for one, by somebody who may.
"""

import asyncio
import itertools
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.attack.doors import right_person
from tests.make import can_reply, open_ticket, write_article
from tests.people import Somebody
from tests.support.server import Server

pytestmark = [pytest.mark.sockets, pytest.mark.once]

NO_HTTP = b"Invalid HTTP request received."
Operation = APIOperation[Any, Any, Any, Any]
# What it promises: no fall, no answer that is not described, and each in the shape that is.
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.mark.timeout(3600)
async def test_every_operation_answers_as_it_promises(
    server: Server, ana: Somebody, priya: Somebody, mona: Somebody, pytestconfig: pytest.Config
) -> None:
    # Something to meet under the small numbers that examples begin with.
    for _ in range(3):
        await open_ticket(ana)
        await can_reply(priya)
        await write_article(mona)
    people = {"owner": ana.token, "agent": priya.token, "admin": mona.token}
    trial = Trial(server.url, pytestconfig.getoption("--examples") or 1)
    await asyncio.to_thread(trial.run, people)
    assert trial.broken == {}
    assert trial.asked > 100


class Trial:
    """One desk, and what it did not keep of its promises, by operation and person."""

    def __init__(self, url: str, examples: int) -> None:
        self.url = url
        self.examples = examples
        self.broken: dict[str, str] = {}
        self.asked = 0

    def run(self, people: dict[str, str]) -> None:
        schema = schemathesis.openapi.from_url(f"{self.url}/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
        # Last: to switch an account off or to give it another password ends the sessions of the tries.
        operations.sort(key=lambda operation: operation.path == "/agents/{agent_id}")
        for operation in operations:
            everybody = people if self.examples > 1 else [_who_may(operation)]
            for who, mode in itertools.product(everybody, GenerationMode):
                self._try(operation, mode, who, people[who])

    def _try(self, operation: Operation, mode: GenerationMode, who: str, token: str) -> None:
        @settings(
            max_examples=self.examples,
            derandomize=self.examples == 1,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case: Case[Any]) -> None:
            self.asked += 1
            answer = case.call(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
            # What is no HTTP does not come as far as the application.
            if answer.content != NO_HTTP:
                case.validate_response(answer, checks=PROMISES)

        try:
            ask()
        except Unsatisfiable:
            return  # nothing that this operation takes could be wrong
        except FailureGroup as failed:
            self.broken[f"{who} {mode.value} {operation.label}"] = "\n".join(str(each) for each in failed.exceptions)


def _who_may(operation: Operation) -> str:
    who = right_person((operation.method.upper(), operation.path))
    return who if who in {"owner", "agent", "admin"} else "owner"
