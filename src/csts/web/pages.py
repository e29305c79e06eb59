"""The addresses that people open: each is a frame that its scripts fill."""

import re
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, FastAPI, Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount

from csts.auth.actor import ActorKind
from csts.auth.guards import WrongRole
from csts.kit.columns import MAX_ID
from csts.kit.sessions import database_of
from csts.knowledge import queries as articles
from csts.knowledge.api import ArticleId
from csts.privacy.api import CustomerId
from csts.privacy.queries import customer_data
from csts.settings import Settings
from csts.tickets import queries as tickets
from csts.tickets.schemas import options_of
from csts.web import account_pages
from csts.web import help as public_help
from csts.web.account_pages import unconfirmed_address
from csts.web.errors import PageErrors
from csts.web.shell import Shell, shell_of
from csts.web.visitors import Visit, public_page, visit

router = APIRouter(include_in_schema=False)

HOME: dict[ActorKind, str] = {"customer": "/my/tickets", "agent": "/desk"}
DOOR: dict[ActorKind, str] = {"customer": "/signin", "agent": "/desk/signin"}
TicketId = Annotated[int, Path(ge=1, le=MAX_ID)]
# One of the demo's people, with whose login the form is filled in.
Filled = Annotated[str, Query(alias="as", max_length=40)]

# Two slashes, or a slash and a backslash, lead to another site.
_OWN_PATH = re.compile(r"/(?![/\\])[!-~]*")


def install(app: FastAPI, settings: Settings) -> None:
    """Give the app its pages, their files, and their way to tell errors."""
    shell = Shell(brand=settings.brand, options=msgspec.to_builtins(options_of(settings)))
    app.state.shell = shell
    app.state.languages = shell.languages
    app.include_router(router)
    app.include_router(public_help.router)
    app.include_router(account_pages.router)
    app.router.routes.append(Mount("/static", shell.assets))
    app.add_middleware(PageErrors, shell=shell)


@router.get("/")
async def home(request: Request) -> Response:
    for kind, path in HOME.items():
        if visitor := await visit(request, kind):
            return visitor.settle(_go(path), request.app.state.settings)
    return _go(DOOR["customer"])


@router.get("/sw.js")
async def service_worker(request: Request) -> Response:
    """At the root, for a service worker sees to the addresses below its own (Service Workers, 6.2)."""
    return shell_of(request).assets.file("js/sw.js")


@router.get("/signin")
async def sign_in_page(request: Request, next: str = "", who: Filled = "") -> Response:  # noqa: A002 - the name in the address
    return await _gate(request, "signin.html", "customer", wanted=next, who=who)


@router.get("/signup")
async def sign_up_page(request: Request, next: str = "") -> Response:  # noqa: A002
    return await _gate(request, "signup.html", "customer", wanted=next)


@router.get("/desk/signin")
async def desk_sign_in_page(request: Request, next: str = "", who: Filled = "") -> Response:  # noqa: A002
    return await _gate(request, "desk_signin.html", "agent", wanted=next, who=who)


@router.get("/connection")
async def connection_page(request: Request) -> Response:
    """For everybody: whoever cannot sign in may have come just for this."""
    return await public_page(request, "connection.html")


@router.get("/settings")
async def settings_page(request: Request) -> Response:
    return await _behind(request, "customer", "settings.html")


@router.get("/my/tickets")
async def my_tickets_page(request: Request) -> Response:
    return await _behind(request, "customer", "my_tickets.html", asks_confirmation=True)


@router.get("/my/tickets/new")
async def new_ticket_page(request: Request) -> Response:
    return await _behind(request, "customer", "new_ticket.html")


@router.get("/my/tickets/{ticket_id}")
async def my_ticket_page(request: Request, ticket_id: TicketId) -> Response:
    return await _behind(request, "customer", "my_ticket.html", ticket_id=ticket_id)


@router.get("/desk")
async def desk_page(request: Request) -> Response:
    return await _behind(request, "agent", "desk.html")


@router.get("/desk/tickets/{ticket_id}")
async def desk_ticket_page(request: Request, ticket_id: TicketId) -> Response:
    return await _behind(request, "agent", "desk.html", ticket_id=ticket_id)


@router.get("/desk/settings")
async def desk_settings_page(request: Request) -> Response:
    return await _behind(request, "agent", "settings.html")


@router.get("/desk/assistant")
async def assistant_page(request: Request) -> Response:
    return await _behind(request, "agent", "assistant.html")


@router.get("/desk/agents")
async def agents_page(request: Request) -> Response:
    return await _behind(request, "agent", "agents.html", role="admin")


@router.get("/desk/customers/{customer_id}")
async def customer_page(request: Request, customer_id: CustomerId) -> Response:
    visitor = await visit(request, "agent")
    if visitor is None or visitor.actor.role != "admin" or visitor.actor.owes_factor:
        return await _behind(request, "agent", "customer.html", role="admin")
    async with database_of(request).read() as session:
        customer = await customer_data(session, customer_id)
    page = shell_of(request).page(request, "customer.html", me=visitor.looker, customer=customer)
    return visitor.settle(page, request.app.state.settings)


@router.get("/desk/audit")
async def audit_page(request: Request) -> Response:
    return await _behind(request, "agent", "audit.html", role="admin")


@router.get("/desk/replies")
async def replies_page(request: Request) -> Response:
    return await _behind(request, "agent", "replies.html")


@router.get("/desk/knowledge")
async def knowledge_page(request: Request) -> Response:
    return await _behind(request, "agent", "knowledge.html")


@router.get("/desk/knowledge/new")
async def new_article_page(request: Request) -> Response:
    return await _behind(request, "agent", "article.html", role="admin")


@router.get("/desk/knowledge/rules")
async def rules_page(request: Request) -> Response:
    return await _behind(request, "agent", "rules.html")


@router.get("/desk/knowledge/{article_id}")
async def article_page(request: Request, article_id: ArticleId) -> Response:
    return await _behind(request, "agent", "article.html", article_id=article_id)


async def _gate(request: Request, template: str, kind: ActorKind, *, wanted: str, who: str = "") -> Response:
    """A page for who is not signed in; somebody who is goes on to what he wanted.

    On a desk with its demo the form is filled in for `who`, also where somebody else is signed in.
    """
    target = wanted if _OWN_PATH.fullmatch(wanted) else ""
    logins = await request.app.state.tour.logins()
    wished = logins.get(who)
    visitor = await visit(request, kind)
    if visitor and (wished is None or wished.name == visitor.actor.name):
        return visitor.settle(_go(target or HOME[kind]), request.app.state.settings)
    query = "?" + urlencode({"next": target}) if target else ""
    filled = wished.fields if wished else {}
    page = shell_of(request).page(
        request, template, next=target or HOME[kind], next_query=query, is_demo=bool(logins), filled=filled
    )
    return visitor.settle(page, request.app.state.settings) if visitor else page


async def _behind(
    request: Request,
    kind: ActorKind,
    template: str,
    *,
    role: str | None = None,
    asks_confirmation: bool = False,
    **facts: int,
) -> Response:
    """A page for who is signed in; anybody else is sent to the door, and from there back to it.

    `facts` name what the page is about, which must be there for the visitor. Raises WrongRole, NotFound.
    """
    visitor = await visit(request, kind)
    if visitor is None:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return _go(f"{DOOR[kind]}?{urlencode({'next': asked})}")
    if visitor.actor.owes_factor and template != "settings.html":
        return visitor.settle(_go("/desk/settings"), request.app.state.settings)
    if role and visitor.actor.role != role:
        raise WrongRole
    await _must_see(request, visitor, **facts)
    unconfirmed = await unconfirmed_address(request, visitor.actor) if asks_confirmation else None
    page = shell_of(request).page(request, template, me=visitor.looker, facts=facts, unconfirmed=unconfirmed)
    return visitor.settle(page, request.app.state.settings)


async def _must_see(
    request: Request, visitor: Visit, *, ticket_id: int | None = None, article_id: int | None = None
) -> None:
    if ticket_id is not None:
        async with database_of(request).read() as session:
            await tickets.get(session, visitor.actor, ticket_id)
    if article_id is not None:
        async with database_of(request).read() as session:
            await articles.get(session, article_id)


def _go(path: str) -> RedirectResponse:
    # Where it leads depends on who is signed in, so no cache may remember it.
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
