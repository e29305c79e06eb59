"""What a test does with sessions, in one line each."""

from httpx2 import AsyncClient, Response

from tests.people import Account, Somebody


async def enter(browser: AsyncClient, account: Account) -> Response:
    """Signs in as the pages do."""
    answer = await browser.post(f"{account.door}/login", json={**account.credentials, "session": "cookie"})
    assert answer.status_code == 200, answer.text
    return answer


async def refresh(who: Somebody, token: str | None = None) -> Response:
    return await who.client.post(f"{who.account.door}/refresh", json={"refresh_token": token or who.refresh_token})


async def is_signed_in(who: Somebody, token: str | None = None) -> bool:
    headers = {"Authorization": f"Bearer {token or who.token}"}
    answer = await who.client.get(f"{who.account.door}/me", headers=headers)
    assert answer.status_code in {200, 401}
    return answer.status_code == 200


def refusal(answer: Response) -> tuple[int, str]:
    """The status and the code of a problem document."""
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]
