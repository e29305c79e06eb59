"""FastAPI calls in a thread what is not async: a change of threads for each request, and a pool that can run out."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute

from tests.access.matrix import routes


def calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """The endpoint of a route, and all that it depends on."""
    if dependant.call:
        yield dependant.call
    for each in dependant.dependencies:
        yield from calls(each)


def is_async(call: Callable[..., Any]) -> bool:
    function = call if inspect.isroutine(call) else type(call).__call__
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


def test_no_route_and_no_dependency_of_one_needs_a_thread(app: FastAPI) -> None:
    asked = {
        call
        for route in routes(app)
        if isinstance(route, APIRoute | APIWebSocketRoute)
        for call in calls(route.dependant)
    }
    assert len(asked) > 100
    assert {call for call in asked if inspect.isclass(call) or not is_async(call)} == set()
