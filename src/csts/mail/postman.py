"""Takes letters from the queue to their way out."""

from collections.abc import Callable
from email.message import EmailMessage

import msgspec
import structlog

from csts.kit import clock, tracing
from csts.kit.tasks import Hopeless, Later, Task, Work
from csts.kit.words import Languages
from csts.mail.letters import Letter
from csts.mail.printing import Printer
from csts.mail.transports import Transport, transport_of
from csts.settings import Settings

# A mail server that does not answer must not keep the whole queue waiting.
AT_ONCE = 3
# With pauses of five minutes at most, a day: so long may a mail server be away.
ATTEMPTS, FIRST_PAUSE_SECONDS = 300, 5.0

_log = structlog.get_logger()


def mail_work(settings: Settings, languages: Languages, key: str) -> Work:
    """How letters of the queue are sent by a desk with these settings."""
    printer = Printer(settings, languages, key)
    postman = Postman(transport_of(settings.smtp_url.get_secret_value()), printer.message)
    return Work(postman.deliver, most_attempts=ATTEMPTS, first_pause_seconds=FIRST_PAUSE_SECONDS)


class Postman:
    """`transport` is None where the desk sends no mail: then what was left by other settings is given up."""

    def __init__(self, transport: Transport | None, printed: Callable[[Letter], EmailMessage]) -> None:
        self._transport = transport
        self._printed = printed
        self._under_way = 0

    async def deliver(self, task: Task) -> None:
        """Raises Hopeless, Later, and whatever the transport meets."""
        letter = msgspec.convert(task.payload, Letter)
        if self._transport is None:
            raise Hopeless("this desk sends no mail: CSTS_SMTP_URL is empty")
        if letter.useful_until and letter.useful_until <= clock.now():
            raise Hopeless("its link has expired before it could be sent")
        if self._under_way >= AT_ONCE:
            raise Later(1)
        self._under_way += 1
        try:
            with tracing.span("send letter", {"csts.letter": letter.name, "csts.letter.id": letter.id}, kind="CLIENT"):
                await self._transport.send(self._printed(letter))
        except ValueError as reason:
            raise Hopeless(f"it cannot be addressed: {reason}") from reason
        finally:
            self._under_way -= 1
        _log.info("letter_sent", letter=letter.name, id=letter.id, attempt=task.attempt)
