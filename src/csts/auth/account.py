"""An account of either kind, and what both have in common."""

from csts.agents.models import Agent
from csts.auth.actor import ActorKind
from csts.customers.models import User

Account = User | Agent


def kind_of(account: Account) -> ActorKind:
    return "agent" if isinstance(account, Agent) else "customer"


def login_of(account: Account) -> str:
    """What its owner signs in with."""
    return account.username if isinstance(account, Agent) else account.email


def words_about(account: Account) -> tuple[str, ...]:
    """What its owner must not take for a password."""
    login = login_of(account)
    return account.name, login, login.split("@")[0]
