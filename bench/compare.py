"""Compares the desk with its references and with its bars, in one run, by turns, on one machine."""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import bars
from bench.bars import Run, Verdict
from bench.parties import House, channels_server, house, node_server

TITLES = {
    "P1": "MariaDB: 8,000/s, all committed before the acknowledgement, p99 <= 20 ms",
    "P1 Node": "limit >= 2 x Node ws + mysql2",
    "P1 Channels": "limit >= 8 x Django Channels",
    "P2": "1,000/s: p50 <= 2 x and p99 <= 3 x Node's",
    "P3": "SQLite: >= 6,000/s, p99 <= 30 ms",
    "P4": "an idle socket <= 40 KiB; with 10,000 of them chat p99 at 500/s <= 10 ms",
    "P5": "two workers with Redis: >= 6,000/s, p99 <= 25 ms",
    "P6 frozen": "one frozen reader: p99 <= 3 x the quiet run's",
    "P6 logins": "10 logins a second: p99 <= 3 x the quiet run's",
}
# Few rooms, so that each is busy enough to fill what stands between the desk and a reader that has stopped.
BUSY_ROOMS = 5

Server = Callable[[House], AbstractContextManager[str]]


class Comparison:
    """All runs by party and purpose, in the order in which they were made."""

    def __init__(self, there: House, options: argparse.Namespace) -> None:
        self._house = there
        self._options = options
        self.runs: dict[str, list[Run]] = {}

    def verdicts(self, wanted: str) -> list[Verdict]:
        return {"P1": self._p1, "P2": self._p2, "P3": self._p3, "P4": self._p4, "P5": self._p5, "P6": self._p6}[
            wanted
        ]()

    def _p1(self) -> list[Verdict]:
        self._side_by_side()
        limit = ["--limit", "--seconds", str(min(5, self._options.seconds))]
        ours = self._desk("limit", ["--rate", "2000", *limit])
        node = self._reference("node limit", node_server, ["--rate", "500", *limit])
        channels = self._reference("channels limit", channels_server, ["--rate", "125", *limit])
        return [
            bars.at_rate(_bar("P1"), self.runs["side by side"], 8000, 20),
            bars.limits(_bar("P1 Node"), ours, node, 2, "Node"),
            bars.limits(_bar("P1 Channels"), ours, channels, 8, "Channels"),
        ]

    def _p2(self) -> list[Verdict]:
        self._side_by_side()
        return [bars.beside(_bar("P2"), self.runs["side by side"], self.runs["node"], 1000)]

    def _p3(self) -> list[Verdict]:
        runs = [self._desk("sqlite", ["--rate", "6000"], on_mariadb=False) for _ in self._rounds]
        return [bars.at_rate(_bar("P3"), runs, 6000, 30)]

    def _p4(self) -> list[Verdict]:
        # Once: it takes a minute to open them all, and the chat beside them is slow.
        run = self._desk("idle", ["--rate", "500", "--idle", str(self._options.idle)])
        return [bars.idle(_bar("P4"), [run])]

    def _p5(self) -> list[Verdict]:
        workers = ["--workers", "2", "--redis", self._house.redis.url]
        runs = [self._desk("two workers", ["--rate", "6000", *workers]) for _ in self._rounds]
        return [bars.at_rate(_bar("P5"), runs, 6000, 25)]

    def _p6(self) -> list[Verdict]:
        frozen = ["--rate", "1000", "--tickets", str(BUSY_ROOMS), "--frozen", "1"]
        logins = ["--rate", "1000", "--logins", "10"]
        both = [(self._desk("frozen", frozen), self._desk("logins", logins)) for _ in self._rounds]
        return [
            bars.disturbed(_bar("P6 frozen"), [run for run, _ in both], 1000),
            bars.disturbed(_bar("P6 logins"), [run for _, run in both], 1000),
        ]

    @property
    def _rounds(self) -> range:
        return range(self._options.rounds)

    def _side_by_side(self) -> None:
        """The desk and Node by turns, so that what the machine does otherwise is borne by both."""
        if "side by side" not in self.runs:
            for _ in self._rounds:
                self._desk("side by side", ["--steps", "1000,8000"])
                self._reference("node", node_server, ["--rate", "1000"])

    def _desk(self, name: str, words: list[str], *, on_mariadb: bool = True) -> Run:
        if not on_mariadb:
            return self._run(name, words)
        with self._house.schema() as database:
            return self._run(name, ["--database", database, *words])

    def _reference(self, name: str, server: Server, words: list[str]) -> Run:
        with server(self._house) as url:
            return self._run(name, ["--url", url, "--plain", *words])

    def _run(self, name: str, words: list[str]) -> Run:
        common = ["--tickets", str(self._options.tickets), "--seconds", str(self._options.seconds)]
        # What is said last counts: a run may want fewer tickets than the others.
        run = measure([*common, *words])
        self.runs.setdefault(name, []).append(run)
        return run


def measure(words: list[str]) -> Run:
    """One `csts bench chat`, with its progress on the screen."""
    print(f"\n== csts bench chat {' '.join(words)}", flush=True)
    with TemporaryDirectory() as folder:
        file = Path(folder, "run.json")
        # Exit code 1 means lost or void, and the figures say so, too; without figures there is nothing to go on with.
        subprocess.run([sys.executable, "-m", "csts", "bench", "chat", *words, "--json", str(file)], check=False)
        if not file.exists():
            sys.exit("bench/compare: the run above has no figures.")
        run: Run = json.loads(file.read_text())
        return run


def _bar(name: str) -> tuple[str, str]:
    return name, TITLES[name]


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/compare", description=__doc__)
    parser.add_argument("--only", default="P1,P2,P3,P4,P5,P6", help="bars, a comma list")
    parser.add_argument("--rounds", type=int, default=3, help="each figure is the middle one of so many")
    parser.add_argument("--seconds", type=float, default=10, help="how long each rate is held")
    parser.add_argument("--tickets", type=int, default=500, help="tickets that talk, with two sockets each")
    parser.add_argument("--idle", type=int, default=10_000, help="idle sockets for P4")
    parser.add_argument("--json", type=Path, help="write the verdicts and all figures to this file")
    return parser.parse_args()


def _print(verdicts: list[Verdict]) -> None:
    rows = [("bar", "", "figure", "reference", "verdict")]
    rows += [(each.id, each.bar, each.figure, each.reference, each.verdict) for each in verdicts]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    print()
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def main() -> None:
    options = _read_options()
    with house() as there:
        comparison = Comparison(there, options)
        verdicts = [each for wanted in options.only.split(",") for each in comparison.verdicts(wanted)]
    _print(verdicts)
    if options.json:
        told = {"verdicts": [asdict(each) for each in verdicts], "runs": comparison.runs}
        options.json.write_text(json.dumps(told, indent=2) + "\n")
    sys.exit(any(each.verdict != "met" for each in verdicts))


if __name__ == "__main__":
    main()
