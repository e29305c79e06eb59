"""The stories themselves: readable, believable in time, and drawn."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from csts.auth.passwords import check_new_password
from csts.demo import LOGINS, people
from csts.demo.pictures import KINDS, draw
from csts.demo.stories import ASSISTANT, stories
from csts.demo.telling import ACTS
from tests.attachments.files import opened

JUST_AFTER_MIDNIGHT = datetime(2026, 3, 1, 0, 0, tzinfo=UTC)
LATE = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize("now", [JUST_AFTER_MIDNIGHT, LATE])
def test_sixty_four_tickets_are_spread_over_four_weeks_and_none_is_in_the_future(now: datetime) -> None:
    told = stories(now)

    assert len(told) == 64
    assert all(story.ends < now for story in told)
    assert (now - told[0].opened).days >= 26
    assert [story.opened for story in told] == sorted(story.opened for story in told)


def test_everybody_in_the_stories_exists_and_joined_before() -> None:
    for story in stories(LATE):
        assert people.joined(story.by, LATE) < story.opened
        for step in story.steps:
            assert step.who in {story.by, *people.AGENTS, ASSISTANT}
            people_do = {*ACTS, "sets", "reads", "judges", "rates", "tags"}
            known = {"answers", "doubts", "hears"} if step.who == ASSISTANT else people_do
            assert step.text or step.act in known


def test_every_customer_and_agent_has_a_part() -> None:
    told = stories(LATE)
    busy = Counter(step.who for story in told for step in story.steps)

    assert {story.by for story in told} == set(people.CUSTOMERS)
    assert all(busy[agent] > 20 for agent in people.AGENTS)


def test_every_ticket_has_pictures_of_known_kinds_and_every_kind_is_used() -> None:
    told = [picture for story in stories(LATE) for picture in story.pictures]

    assert all(1 <= len(story.pictures) <= 3 for story in stories(LATE))
    assert {picture.partition("|")[0].strip() for picture in told} == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_picture_is_the_same_each_time_and_small(kind: str) -> None:
    told = next(
        picture for story in stories(LATE) for picture in story.pictures if picture.partition("|")[0].strip() == kind
    )

    canvas = draw(told)

    assert canvas.png() == draw(told).png()
    assert len(canvas.png()) < 60_000
    assert opened(canvas.png()).size == (canvas.width, canvas.height)


def test_dates_in_pictures_follow_the_ticket() -> None:
    (story,) = (story for story in stories(LATE) if story.subject.startswith("Charged twice"))

    assert "21 Nov = ORIEL COFFEE 20977" in story.pictures[0]


def test_the_passwords_keep_our_own_rules() -> None:
    for key, password in (
        ("ana", people.CUSTOMER_PASSWORD),
        ("priya", people.AGENT_PASSWORD),
        ("mona", people.ADMIN_PASSWORD),
    ):
        check_new_password(password, about=(key, people.email_of(key)))
        assert password in LOGINS
