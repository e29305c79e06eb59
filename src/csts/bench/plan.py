"""What is to be measured, as it was asked for."""

from collections.abc import Callable
from dataclasses import dataclass

Say = Callable[[str], None]

MESSAGE_BYTES = 120


class Unmeasured(Exception):
    """There is no figure, and this sentence says why."""


@dataclass(frozen=True)
class Plan:
    """A measurement. `rates` are messages per second, each for `seconds`.

    `idle` sockets are opened beforehand in rooms of their own. Those that disturb make each rate run twice, first
    without them: `frozen` sockets that never read, `logins` per second, `questions` to the assistant per second, which
    are taken from `asked`, and a storm in the middle, of `login_storm` logins at once or of all idle sockets that come
    back at once.
    """

    rates: tuple[int, ...] = (500,)
    tickets: int = 500
    seconds: float = 10
    limit: bool = False
    idle: int = 0
    frozen: int = 0
    logins: int = 0
    login_storm: int = 0
    reconnect_storm: bool = False
    questions: int = 0
    asked: tuple[str, ...] = ()
    # Cold caches and pools are met before anything is counted.
    warm_up_seconds: float = 2
    # After the last message: what has not come when nothing has come for so long is not coming.
    quiet_seconds: float = 3

    @property
    def disturbs(self) -> bool:
        return bool(self.frozen or self.logins or self.login_storm or self.reconnect_storm or self.questions)
