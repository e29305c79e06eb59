"""The second factor over HTTP: everybody's own in his settings, and for admins the way out when a phone is lost."""

from typing import cast

import structlog
from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from csts.agents.actions import about
from csts.agents.models import Agent
from csts.audit.actions import note
from csts.audit.models import Act
from csts.auth.accounts import AgentId
from csts.auth.actions import WrongCode, end_other_sessions, end_sessions
from csts.auth.actor import Actor
from csts.auth.attempts import Attempt
from csts.auth.guards import AdminActor, BareAgentActor
from csts.auth.letters import tell_agent
from csts.factors import actions, queries, totp
from csts.factors.actions import FactorOff, FactorOn, FactorUnreadable
from csts.factors.schemas import Confirmation, FactorSetup, FactorState, FullProof, Proof, RecoveryCodes
from csts.kit.errors import DomainError, InvalidInput, NotFound, TooManyRequests
from csts.kit.problems import problems
from csts.kit.seal import Seal
from csts.kit.sessions import Reading, Writing, database_of
from csts.settings import Settings

router = APIRouter(tags=["Second factor"])

_log = structlog.get_logger()

PROVEN = (InvalidInput, TooManyRequests, FactorUnreadable)


class OwnFactor(DomainError):
    # Whoever sits down at an admin's open desk must not get rid of it without the password.
    code = "own_second_factor"
    status = FactorOff.status
    detail = "This is your own second factor. Turn it off in your settings, with your password and a code."


@router.get("/agent/factor", summary="Show one's own second factor")
async def show_factor(request: Request, actor: BareAgentActor, session: Reading) -> FactorState:
    settings = cast("Settings", request.app.state.settings)
    factor = await queries.confirmed(session, actor.id)
    return FactorState(
        on=factor is not None,
        since=factor and factor.confirmed_at,
        recovery_codes_left=await queries.codes_left(session, actor.id),
        required=settings.agent_second_factor == "required",
    )


@router.post(
    "/agent/factor",
    status_code=201,
    responses=problems(InvalidInput, TooManyRequests, FactorOn),
    summary="Begin to set up a second factor",
)
async def begin_factor(request: Request, proof: Proof, actor: BareAgentActor) -> FactorSetup:
    """Nothing is asked for at the next sign-in before a code has confirmed it."""
    settings = cast("Settings", request.app.state.settings)
    attempt = await _attempt(request, actor)
    await attempt.prove(proof.password)
    async with database_of(request).write() as session:
        secret = await actions.begin(session, actor.id, _seal(request))
    uri = totp.key_uri(secret, username=attempt.name, issuer=settings.brand)
    return FactorSetup(secret=totp.typed_secret(secret), uri=uri, qr=totp.picture(uri))


@router.post(
    "/agent/factor/confirm", responses=problems(*PROVEN, FactorOn, FactorOff), summary="Turn one's second factor on"
)
async def confirm_factor(request: Request, body: Confirmation, actor: BareAgentActor) -> RecoveryCodes:
    """By a code of the app. All other sessions end, for they began without it."""
    attempt = await _attempt(request, actor)
    await attempt.count_code()
    async with database_of(request).write() as session:
        codes = await actions.confirm(session, actor.id, body.code, _seal(request))
        if codes is None:
            raise _wrong_code()
        note(session, actor, Act.FACTOR_ON)
        await end_other_sessions(
            session, actor.kind, actor.id, keep=actor.session, reason="a second factor was turned on"
        )
    _log.info("second_factor_on", agent=actor.id)
    return RecoveryCodes(recovery_codes=codes)


@router.post("/agent/factor/codes", responses=problems(*PROVEN, FactorOff), summary="Make new recovery codes")
async def renew_codes(request: Request, proof: FullProof, actor: BareAgentActor) -> RecoveryCodes:
    """The old ones are worth nothing any more."""
    await _prove_fully(request, actor, proof)
    async with database_of(request).write() as session:
        await _use_code(request, session, actor, proof.code)
        codes = await actions.renew_codes(session, actor.id)
        note(session, actor, Act.RECOVERY_CODES_RENEWED)
    _log.info("recovery_codes_renewed", agent=actor.id)
    return RecoveryCodes(recovery_codes=codes)


@router.post(
    "/agent/factor/off",
    status_code=204,
    response_class=Response,
    responses=problems(*PROVEN, FactorOff),
    summary="Turn one's second factor off",
)
async def turn_off(request: Request, proof: FullProof, actor: BareAgentActor) -> None:
    await _prove_fully(request, actor, proof)
    async with database_of(request).write() as session:
        await _use_code(request, session, actor, proof.code)
        await actions.take_away(session, actor.id)
        note(session, actor, Act.FACTOR_OFF)
    _log.info("second_factor_off", agent=actor.id)


@router.delete(
    "/agents/{agent_id}/factor",
    status_code=204,
    response_class=Response,
    responses=problems(NotFound, FactorOff, OwnFactor),
    summary="Reset the second factor of an agent",
)
async def reset_factor(request: Request, agent_id: AgentId, actor: AdminActor, session: Writing) -> None:
    """For a lost phone: signing in asks for the password alone again, and all his sessions end."""
    if agent_id == actor.id:
        raise OwnFactor
    agent = await session.get(Agent, agent_id)
    if agent is None:
        raise NotFound
    await actions.take_away(session, agent_id)
    note(session, actor, Act.FACTOR_RESET, about(agent))
    await end_sessions(session, "agent", agent_id, reason="the second factor was reset by an admin")
    await tell_agent(request, session, agent, "factor_reset")
    _log.info("second_factor_reset", agent=agent_id, by=actor.id)


async def _attempt(request: Request, actor: Actor) -> Attempt:
    """Guesses count as those at the door do."""
    async with database_of(request).read() as session:
        agent = await session.get_one(Agent, actor.id)
    return Attempt(request, "agent", agent.username, agent, place="settings")


async def _prove_fully(request: Request, actor: Actor, proof: FullProof) -> None:
    """The password here, the code in the transaction that uses it up. Raises InvalidInput, TooManyRequests."""
    attempt = await _attempt(request, actor)
    await attempt.prove(proof.password)
    await attempt.count_code()


async def _use_code(request: Request, session: AsyncSession, actor: Actor, code: str) -> None:
    """Raises InvalidInput, FactorOff, FactorUnreadable."""
    if not await actions.accepts(session, actor.id, code, _seal(request)):
        raise _wrong_code()


def _wrong_code() -> InvalidInput:
    return InvalidInput.of("code", WrongCode.detail)


def _seal(request: Request) -> Seal:
    return cast("Seal", request.app.state.factor_seal)
