"""The wire shapes of preferences: all of them as they hold, and those that somebody changes."""

from typing import Literal

import msgspec
from pydantic import BaseModel, ConfigDict

from csts.kit.fields import Switch

Theme = Literal["system", "light", "dark"]
About = Literal["mine", "unassigned", "all"]


class Preferences(msgspec.Struct, frozen=True):
    """All that a person may choose, with what holds for whoever has not chosen.

    `notify_about` and `shortcuts` are for agents: which tickets are worth a notice (`unassigned` has one's own among
    them), and whether single keys do anything. `notifications` are those of the browser, `notification_text` whether
    they quote. A `theme` of null is whatever the browser at hand remembers.
    """

    sound: bool = True
    notifications: bool = False
    notification_text: bool = True
    notify_about: About = "unassigned"
    shortcuts: bool = True
    theme: Theme | None = None


class PreferenceChanges(BaseModel):
    """What to change; a field that is not given stays as it is."""

    model_config = ConfigDict(extra="forbid")

    # The defaults are never written: only what was given counts. None would make null a value that a client may send.
    sound: Switch = True
    notifications: Switch = False
    notification_text: Switch = True
    notify_about: About = "unassigned"
    shortcuts: Switch = True
    theme: Theme | None = None
