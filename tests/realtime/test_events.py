"""What an event shows to whom, and how often somebody may do something."""

from csts.realtime.events import Frames, same_for_all
from csts.realtime.people import Person
from csts.realtime.socket import Allowance
from csts.tickets.events import UnreadFrame

ANA, PRIYA = Person("customer", 1, "Ana"), Person("agent", 1, "Priya")


async def test_event_shows_each_reader_his_own_frame() -> None:
    note = Frames(staff=b"note")
    assert (note.frames(PRIYA), note.frames(ANA)) == ((b"note",), ())
    typing = same_for_all(UnreadFrame(1, 2), skip=Person("customer", 1, "Ana under another name"))
    assert (typing.frames(ANA), len(typing.frames(PRIYA))) == ((), 1)


def test_allowance_is_used_up_and_comes_back() -> None:
    moments = iter([0.0, 0.0, 0.0, 0.0, 0.05, 0.1, 0.1, 100.0, 100.0, 100.0])
    allowance = Allowance(per_second=10, burst=2, seconds=lambda: next(moments))
    assert [allowance.take() for _ in range(9)] == [True, True, False, False, True, False, True, True, False]
