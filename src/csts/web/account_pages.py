"""Pages for who cannot sign in yet: a forgotten password, and what the links in letters open.

They only show: a link is used up by what its reader sends, for programs open whatever stands in a letter.
"""

from typing import cast

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from csts.auth.actor import Actor, ActorKind
from csts.customers.models import User
from csts.kit.sessions import database_of
from csts.settings import Settings
from csts.web.shell import shell_of

router = APIRouter(include_in_schema=False)


@router.get("/forgot-password")
async def forgot_password_page(request: Request) -> Response:
    return _page(request, "forgot_password.html", "customer")


@router.get("/desk/forgot-password")
async def desk_forgot_password_page(request: Request) -> Response:
    return _page(request, "forgot_password.html", "agent")


@router.get("/reset-password")
async def reset_password_page(request: Request) -> Response:
    return _page(request, "reset_password.html", "customer")


@router.get("/desk/reset-password")
async def desk_reset_password_page(request: Request) -> Response:
    return _page(request, "reset_password.html", "agent")


@router.get("/confirm-email")
async def confirm_email_page(request: Request) -> Response:
    return _page(request, "confirm_email.html", "customer")


@router.get("/confirm-new-email")
async def confirm_new_email_page(request: Request) -> Response:
    return _page(request, "confirm_email.html", "customer", is_new=True)


@router.get("/desk/confirm-new-email")
async def desk_confirm_new_email_page(request: Request) -> Response:
    return _page(request, "confirm_email.html", "agent", is_new=True)


async def unconfirmed_address(request: Request, actor: Actor) -> str | None:
    """The address of a customer who has not confirmed it, on a desk that could ask him to."""
    if not _settings(request).sends_mail:
        return None
    async with database_of(request).read() as session:
        user = await session.get_one(User, actor.id)
    return None if user.email_confirmed_at else user.email


def _page(request: Request, template: str, kind: ActorKind, *, is_new: bool = False) -> Response:
    """For everybody, signed in or not: it is about an account that may be another one."""
    agent = kind == "agent"
    return shell_of(request).page(
        request,
        template,
        door="/agent" if agent else "/user",
        desk="/desk" if agent else "",
        sends_mail=_settings(request).sends_mail,
        is_new=is_new,
    )


def _settings(request: Request) -> Settings:
    return cast("Settings", request.app.state.settings)
