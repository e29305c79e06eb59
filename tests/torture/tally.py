"""What happened in a run, counted as it happens, and told at its end."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """`problems` is what must stay empty; the rest says how hard the run has tried."""

    written: int = 0
    confirmed: int = 0
    posted: int = 0
    notes: int = 0
    joins: int = 0
    drops: int = 0
    resends: int = 0
    repeats: int = 0
    duplicates: int = 0
    gaps: int = 0
    doubles: int = 0
    frames: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    closes: Counter[int] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def told(self) -> str:
        """The lines that a reader of the run wants to see."""
        rows: dict[str, dict[str, int]] = {
            "messages": {"written": self.written, "acknowledged": self.confirmed, "by HTTP": self.posted},
            "among them": {"notes": self.notes},
            "kill -9": dict(self.kills),
            "lines": {"dropped": self.drops, "joins and reconnects": self.joins, "gaps": self.gaps},
            "closed with": {str(code): number for code, number in self.closes.items()},
            "sent again": {"unacknowledged": self.resends, "acknowledged": self.repeats},
            "twice at once": {"pairs over two processes": self.duplicates},
            "no answer yet": dict(self.refusals),
            "received": {"frames": self.frames, "told once more": self.doubles},
        }
        return "\n".join(f"  {name:14} {_counts(row)}" for name, row in rows.items())


def _counts(row: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in row.items()) or "none"
