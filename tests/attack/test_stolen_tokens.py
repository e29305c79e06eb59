"""Tokens that are forged, confused, borrowed or replayed; what tests/auth has is not repeated here."""

import base64
import hmac
import json

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from httpx2 import AsyncClient

from tests.auth.sessions import is_signed_in, refresh, refusal
from tests.make import open_ticket
from tests.people import PASSWORD, PRIYA, Somebody, sign_in
from tests.support.chat import join

pytestmark = pytest.mark.once


def part(content: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def pretended(who: Somebody) -> dict[str, str]:
    """Tokens that a careless reader would take, by the trick that they play."""
    head, claims, signature = who.token.split(".")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    said = jwt.decode(who.token, options={"verify_signature": False})
    return {
        "another algorithm": jwt.encode(said, key, "RS256"),
        "a key in the head": jwt.encode(said, "attacker" * 8, "HS256", headers={"jwk": {"kty": "oct", "k": "YQ"}}),
        "a key elsewhere": jwt.encode(said, "attacker" * 8, "HS256", headers={"jku": "https://evil.test/keys"}),
        "a key from a file": _signed_with(b"", said, kid="/dev/null"),
        "the public key as the secret": _signed_with(public, said),
        "no algorithm": f"{part({'alg': 'None'})}.{claims}.",
        "no algorithm, signed": f"{part({'alg': 'none', 'typ': 'JWT'})}.{claims}.{signature}",
        "no signature": f"{head}.{claims}.",
        "critical words": f"{part({'alg': 'HS256', 'crit': ['exp'], 'b64': False})}.{claims}.{signature}",
        "other claims": f"{head}.{part({**said, 'aud': 'agent', 'sub': '1'})}.{signature}",
        "twice": f"{who.token}.{who.token}",
        "encrypted": f"{head}.{claims}.{signature}.x.y",
    }


def _signed_with(secret: bytes, claims: dict[str, object], **more: str) -> str:
    # By hand: the library refuses to sign with nothing, or with what is the public half of a pair.
    signed = f"{part({'alg': 'HS256', 'typ': 'JWT', **more})}.{part(claims)}"
    mac = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


async def test_no_pretended_token_opens_a_door(ana: Somebody) -> None:
    for trick, token in pretended(ana).items():
        ana.token = token
        assert refusal(await ana.get("/user/me")) == (401, "not_signed_in"), trick


@pytest.mark.sockets
async def test_nor_a_socket(sockets: str, ana: Somebody) -> None:
    ticket_id = (await open_ticket(ana))["id"]
    for trick, token in pretended(ana).items():
        async with join(sockets, ticket_id, token) as room:
            assert await room.opening() == "4401", trick


async def test_a_token_in_the_address_or_the_body_is_none(client: AsyncClient, ana: Somebody) -> None:
    for name in ("access_token", "token", "authorization", "bearer"):
        assert (await client.get("/user/me", params={name: ana.token})).status_code == 401
        assert (await client.get("/user/me", headers={"Cookie": f"{name}={ana.token}"})).status_code == 401
    assert (await client.get("/user/me", headers={"X-Authorization": f"Bearer {ana.token}"})).status_code == 401


async def test_one_kind_of_token_is_not_the_other(client: AsyncClient, ana: Somebody) -> None:
    ana.token, ana.refresh_token = ana.refresh_token, ana.token
    assert (await ana.get("/user/me")).status_code == 401
    assert (await refresh(ana)).status_code in {401, 422}


async def test_a_thief_who_renews_first_is_thrown_out_when_the_owner_does(ana: Somebody) -> None:
    thief = Somebody(ana.account, ana.id, ana.token, ana.refresh_token, ana.client)
    thief.token = (await refresh(thief)).json()["access_token"]
    assert await is_signed_in(thief)
    assert refusal(await refresh(ana)) == (401, "token_reused")
    assert not await is_signed_in(thief)


async def test_a_new_password_ends_what_the_old_one_opened(
    client: AsyncClient, priya: Somebody, mona: Somebody
) -> None:
    thief = await sign_in(client, PRIYA)
    await mona.put(f"/agents/{priya.id}", {"password": "a wholly different sentence"})
    for session in (thief, priya):
        assert not await is_signed_in(session)
        assert (await refresh(session)).status_code == 401
    assert (await client.post("/agent/login", json={"username": "priya", "password": PASSWORD})).status_code == 401


async def test_each_session_has_its_own_tokens(client: AsyncClient, priya: Somebody) -> None:
    """Signing in never goes on with a session that somebody else may have put there (fixation)."""
    again = await sign_in(client, PRIYA)
    assert {again.token, again.refresh_token}.isdisjoint({priya.token, priya.refresh_token})
    await client.post("/agent/logout", json={"refresh_token": again.refresh_token})
    assert await is_signed_in(priya)
