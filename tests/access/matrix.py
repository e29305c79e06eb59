"""Who may do what: one row for every door of the house, one column for everybody who may stand before it."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, APIWebSocketRoute

from tests.docs.tables import code, table

PEOPLE = ("nobody", "owner", "customer", "agent", "colleague", "admin")
HEADINGS = ("request", "nobody", "its customer", "another customer", "the agent who has it", "another agent", "admin")

DOORS = """
GET    /healthz                              200 200 200 200 200 200
GET    /readyz                               200 200 200 200 200 200
GET    /metrics                              200 200 200 200 200 200
GET    /docs                                 200 200 200 200 200 200
GET    /options                              200 200 200 200 200 200
POST   /connection/seen                      200 200 200 200 200 200
POST   /connection/upload                    200 200 200 200 200 200

POST   /user/register                        201 201 201 201 201 201
POST   /user/login                           200 200 200 200 200 200
POST   /agent/login                          200 200 200 200 200 200
POST   /user/refresh                         401 200 200 401 401 401
POST   /agent/refresh                        401 401 401 200 200 200
POST   /user/logout                          401 204 204 204 204 204
POST   /agent/logout                         401 204 204 204 204 204
PUT    /password                             401 204 204 204 204 204
GET    /sessions                             401 200 200 200 200 200
DELETE /sessions                             401 204 204 204 204 204
DELETE /sessions/{session_id}                401 204 404 404 404 404
POST   /user/password/reset-request          202 202 202 202 202 202
POST   /agent/password/reset-request         202 202 202 202 202 202
POST   /user/password/reset                  409 409 409 409 409 409
POST   /agent/password/reset                 409 409 409 409 409 409
GET    /email                                401 200 200 200 200 200
PUT    /email                                401 200 200 200 200 200
POST   /user/email/change                    409 409 409 409 409 409
POST   /agent/email/change                   409 409 409 409 409 409
POST   /user/email/confirm                   409 409 409 409 409 409
POST   /user/email/confirm-request           401 202 202 403 403 403
GET    /user/export                          401 200 200 403 403 403
GET    /customers/{customer_id}              401 403 403 403 403 200
POST   /customers/{customer_id}/erasure      401 403 403 403 403 202
GET    /customers/{customer_id}/export       401 403 403 403 403 200
GET    /user/me                              401 200 200 403 403 403
GET    /agent/me                             401 403 403 200 200 200
GET    /agents                               401 403 403 200 200 200
POST   /agents                               401 403 403 403 403 201
PUT    /agents/{agent_id}                    401 403 403 403 403 200
POST   /agent/factor                         401 403 403 201 201 201
POST   /agent/factor/confirm                 401 403 403 200 200 200
GET    /agent/factor                         401 403 403 200 200 200
POST   /agent/factor/codes                   401 403 403 200 200 200
POST   /agent/factor/off                     401 403 403 204 204 204
DELETE /agents/{agent_id}/factor             401 403 403 403 403 204

POST   /user/createticket                    401 201 201 403 403 403
GET    /tickets                              401 200 200 200 200 200
GET    /tickets/counts                       401 403 403 200 200 200
POST   /tickets/bulk                         401 403 403 200 200 200
POST   /tickets/bulk/undo                    401 403 403 200 200 200
GET    /ticket/{ticket_id}                   401 200 404 200 200 200
PUT    /tickets/{ticket_id}/status           401 200 404 200 200 200
PUT    /tickets/{ticket_id}/priority         401 403 403 200 200 200
POST   /tickets/{ticket_id}/claim            401 403 403 200 200 200
POST   /tickets/{ticket_id}/release          401 403 403 200 403 200
PUT    /tickets/{ticket_id}/assignee         401 403 403 200 200 200
PUT    /tickets/{ticket_id}/tags             401 403 403 200 200 200
PUT    /tickets/{ticket_id}/snooze           401 403 403 200 200 200
DELETE /tickets/{ticket_id}/snooze           401 403 403 200 200 200
POST   /tickets/{ticket_id}/merge            401 403 403 200 200 200
GET    /views                                401 403 403 200 200 200
POST   /views                                401 403 403 201 201 201
PUT    /views/{view_id}                      401 403 403 200 403 200
DELETE /views/{view_id}                      401 403 403 204 403 204
GET    /tags                                 401 403 403 200 200 200
GET    /tickets/{ticket_id}/events           401 200 404 200 200 200
GET    /tickets/{ticket_id}/messages         401 200 404 200 200 200
POST   /tickets/{ticket_id}/messages         401 201 404 201 201 201
POST   /tickets/{ticket_id}/answer           401 403 403 200 200 200
POST   /tickets/{ticket_id}/attachments      401 201 404 201 201 201
PUT    /tickets/{ticket_id}/rating            401 200 404 403 403 403
GET    /tickets/{ticket_id}/ratings           401 200 404 200 200 200
GET    /tickets/viewers                      401 403 403 200 200 200
PUT    /tickets/{ticket_id}/unread           401 200 404 200 200 200
GET    /drafts                               401 200 200 200 200 200
GET    /tickets/{ticket_id}/drafts           401 200 404 200 200 200
PUT    /tickets/{ticket_id}/drafts/{kind}    401 200 404 200 200 200
DELETE /tickets/{ticket_id}/drafts/{kind}    401 204 404 204 204 204
GET    /attachments/{attachment_id}          401 200 404 200 200 200

GET    /knowledge/articles                   401 403 403 200 200 200
POST   /knowledge/articles                   401 403 403 403 403 201
GET    /knowledge/articles/{article_id}      401 403 403 200 200 200
PUT    /knowledge/articles/{article_id}      401 403 403 403 403 200
GET    /knowledge/articles/{article_id}/history 401 403 403 200 200 200
GET    /knowledge/rules                      401 403 403 200 200 200
GET    /knowledge/rules/match                401 403 403 200 200 200
POST   /knowledge/rules                      401 403 403 403 403 201
PUT    /knowledge/rules/{rule_id}            401 403 403 403 403 200
DELETE /knowledge/rules/{rule_id}            401 403 403 403 403 204
GET    /knowledge/rules/{rule_id}/history    401 403 403 200 200 200
GET    /canned                               401 403 403 200 200 200
POST   /canned                               401 403 403 201 201 201
PUT    /canned/{canned_id}                   401 403 403 200 200 200
DELETE /canned/{canned_id}                   401 403 403 204 204 204
GET    /canned/{canned_id}/history           401 403 403 200 200 200
GET    /tasks/failed                         401 403 403 403 403 200
POST   /tasks/failed/{task_id}/retry         401 403 403 403 403 204
DELETE /tasks/failed/{task_id}               401 403 403 403 403 204
GET    /audit                                401 403 403 403 403 200
GET    /audit.csv                            401 403 403 403 403 200
GET    /help/articles                        200 200 200 200 200 200
GET    /help/articles/{article_id}           200 200 200 200 200 200

GET    /preferences                          401 200 200 200 200 200
PUT    /preferences                          401 200 200 200 200 200
PUT    /push/subscription                    401 204 204 204 204 204

POST   /assistant/ask                        401 200 200 200 200 200
GET    /tickets/{ticket_id}/assistant        401 200 404 200 200 200
POST   /tickets/{ticket_id}/assistant/suggestion 401 403 403 200 200 200
POST   /tickets/{ticket_id}/assistant/summary 401 403 403 200 200 200
PUT    /assistant/replies/{reply_id}/verdict 401 403 403 200 200 200
GET    /assistant/review                     401 403 403 403 403 200
DELETE /assistant/review/{reply_id}          401 403 403 403 403 204
GET    /assistant/figures                    401 403 403 200 200 200

GET    /                                     303 303 303 303 303 303
GET    /signin                               200 303 303 200 200 200
GET    /signup                               200 303 303 200 200 200
GET    /desk/signin                          200 200 200 303 303 303
GET    /forgot-password                      200 200 200 200 200 200
GET    /desk/forgot-password                 200 200 200 200 200 200
GET    /reset-password                       200 200 200 200 200 200
GET    /desk/reset-password                  200 200 200 200 200 200
GET    /confirm-email                        200 200 200 200 200 200
GET    /confirm-new-email                    200 200 200 200 200 200
GET    /desk/confirm-new-email               200 200 200 200 200 200
GET    /sw.js                                200 200 200 200 200 200
GET    /connection                           200 200 200 200 200 200
GET    /help                                 200 200 200 200 200 200
GET    /help/{article_id}                    200 200 200 200 200 200
GET    /tour                                 404 404 404 404 404 404
GET    /settings                             303 200 200 303 303 303
GET    /my/tickets                           303 200 200 303 303 303
GET    /my/tickets/new                       303 200 200 303 303 303
GET    /my/tickets/{ticket_id}               303 200 404 303 303 303
GET    /desk                                 303 303 303 200 200 200
GET    /desk/tickets/{ticket_id}             303 303 303 200 200 200
GET    /desk/settings                        303 303 303 200 200 200
GET    /desk/assistant                       303 303 303 200 200 200
GET    /desk/agents                          303 303 303 403 403 200
GET    /desk/customers/{customer_id}         303 303 303 403 403 200
GET    /desk/audit                           303 303 303 403 403 200
GET    /desk/knowledge                       303 303 303 200 200 200
GET    /desk/knowledge/new                   303 303 303 403 403 200
GET    /desk/knowledge/rules                 303 303 303 200 200 200
GET    /desk/replies                         303 303 303 200 200 200
GET    /desk/knowledge/{article_id}          303 303 303 200 200 200

POST   /user/erasure                         401 202 202 403 403 403

SOCKET /ws/tickets/{ticket_id}               4401 open 4404 open open open
SOCKET /ws/desk                              4401 4403 4403 open open open
SOCKET /ws/inbox                             4401 open open 4403 4403 4403
SOCKET /ws/echo                              open open open open open open
"""

Door = tuple[str, str]


def matrix() -> dict[Door, dict[str, str]]:
    """What each of the people is answered at each door: an HTTP status, a close code, or `open`."""
    rows = [line.split() for line in DOORS.splitlines() if line]
    return {(row[0], row[1]): dict(zip(PEOPLE, row[2:], strict=True)) for row in rows}


def doors(app: FastAPI) -> Iterator[Door]:
    """Every route that the application has; files of its own and /openapi.json are open to all."""
    for route in routes(app):
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                yield method, route.path
        elif isinstance(route, APIWebSocketRoute):
            yield "SOCKET", route.path


def routes(holder: Any) -> Iterator[Any]:
    """All of them, those of included routers too."""
    for route in holder.routes:
        if included := getattr(route, "original_router", None):
            yield from routes(included)
        else:
            yield route


def access_table() -> str:
    """The matrix as the reference shows it."""
    return table(list(HEADINGS), [[code(" ".join(door)), *cells.values()] for door, cells in matrix().items()])
