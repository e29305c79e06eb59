"""Reads the stories: what people reported, and step by step what was said and done about it."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any

# Who is nobody of the cast, and speaks by its own rules.
ASSISTANT = "assistant"
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_AGO = re.compile(r"(\d+)([mh])")
_DAYS_AGO = re.compile(r"(\d+)d (\d\d:\d\d)")
_SAYS, _DOES = r"(?: \((note|draft)\))?: (.+?)(?: \[\[(.+)\]\])?", r" (\w+)(?: (\w+))?(?: (\d+))?"
_STEP = re.compile(rf"\+(\d+)([mhd]) (\w+)(?:{_SAYS}|{_DOES})")
_DAY = re.compile(r"\{(-?\d+)\}")


@dataclass(frozen=True)
class Step:
    """What somebody said (`text`, perhaps with a `picture`, perhaps as a note) or did (`act`, perhaps `to` what).

    A draft is not said yet. `percent` is how sure the assistant was.
    """

    after: timedelta
    who: str
    text: str
    is_note: bool
    is_draft: bool
    picture: str
    act: str
    to: str
    percent: int


@dataclass(frozen=True)
class Story:
    """One ticket. `pictures` describe the screenshots for `pictures.draw`."""

    by: str
    subject: str
    text: str
    issue_type: str
    priority: str
    callback: str | None
    opened: datetime
    pictures: list[str]
    steps: list[Step]

    @property
    def ends(self) -> datetime:
        return self.opened + sum((step.after for step in self.steps), timedelta())

    @property
    def is_assisted(self) -> bool:
        return any(step.who == ASSISTANT for step in self.steps)

    @property
    def is_closed(self) -> bool:
        return bool(self.steps) and self.steps[-1].act == "closes"


def stories(now: datetime) -> list[Story]:
    """All stories with their times counted back from now, the oldest first."""
    found = [_story(told, now) for told in _told()]
    return sorted(found, key=lambda story: story.opened)


def _told() -> Iterator[dict[str, Any]]:
    for file in files("csts.demo").joinpath("stories").iterdir():
        if file.name.endswith(".toml"):
            yield from tomllib.loads(file.read_text("utf-8"))["ticket"]


def _story(told: dict[str, Any], now: datetime) -> Story:
    opened = _moment(told["opened"], now)
    return Story(
        by=told["by"],
        subject=told["subject"],
        text=told["text"].strip(),
        issue_type=told["type"],
        priority=told["priority"],
        callback=told.get("callback"),
        opened=opened,
        pictures=[_dated(each, opened) for each in told["pictures"]],
        steps=[_step(each) for each in told["steps"]],
    )


def _moment(opened: str, now: datetime) -> datetime:
    """`35m` and `3h` are ago; `12d 09:40` is that time of the day twelve days ago."""
    if ago := _AGO.fullmatch(opened):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    days, clock = _parsed(_DAYS_AGO, opened).groups()
    # By the clock, not by hours ago: whenever the demo is made, its desk sleeps at night.
    day = (now - timedelta(days=int(days))).date()
    return datetime.combine(day, time.fromisoformat(clock), now.tzinfo)


def _dated(picture: str, opened: datetime) -> str:
    """`{-2}` is the day that came two days before the ticket, as "19 Nov"."""

    def day(found: re.Match[str]) -> str:
        moment = opened + timedelta(days=int(found[1]))
        return f"{moment.day} {moment:%b}"

    return _DAY.sub(day, picture)


def _step(told: str) -> Step:
    """`+3m priya: text`, `+1m mona (note): text`, `+9m ana: text [[machine | red]]`, `+1m sam claims`.

    What waits to be said: `+1m sam (draft): text`. Of the assistant: `+0m assistant answers refund 91`.
    """
    count, unit, who, manner, text, picture, act, to, percent = _parsed(_STEP, told).groups("")
    after = timedelta(**{_UNITS[unit]: int(count)})
    return Step(after, who, text, manner == "note", manner == "draft", picture, act, to, int(percent or 0))


def _parsed(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError(f"not a line of a story: {text}")
    return found
