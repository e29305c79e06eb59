"""The `csts` command in a process of its own, forked from one that has read the libraries already."""

import multiprocessing
import os
import resource
import sys
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from csts.cli import main
from tests.support.skew import set_ahead

PATIENCE_SECONDS = 100

# To read the libraries takes longer than most tests do.
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["csts.cli"])


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Streams:
    """The files that stand for a terminal; output is added to what they hold."""

    stdin: Path
    stdout: Path
    stderr: Path
    # The folder in which the command is given; none for that of the tests.
    within: Path | None = None
    # The most bytes that it may write into any file: as a disk that is full.
    most_bytes: int = resource.RLIM_INFINITY


def start(
    environment: dict[str, str], words: tuple[str, ...], streams: Streams, *, ahead: timedelta = timedelta()
) -> ForkServerProcess:
    """The command with these streams; `ahead` is how far the clock of its machine is wrong."""
    process = _forks.Process(target=_be_csts, args=({**os.environ, **environment}, words, streams, ahead))
    process.start()
    return process


def run(environment: dict[str, str], *words: str, typed: str = "", within: Path | None = None) -> Done:
    """The command to its end, with this text on standard input, in this folder."""
    with TemporaryDirectory() as folder:
        streams = Streams(Path(folder, "in"), Path(folder, "out"), Path(folder, "err"), within)
        streams.stdin.write_text(typed)
        process = start(environment, words, streams)
        process.join(PATIENCE_SECONDS)
        assert process.exitcode is not None, f"csts {' '.join(words)} did not end"
        return Done(process.exitcode, streams.stdout.read_text(), streams.stderr.read_text())


def _be_csts(environment: dict[str, str], words: tuple[str, ...], streams: Streams, ahead: timedelta) -> None:
    set_ahead(ahead)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(streams.stdin, os.O_RDONLY), 0)
    sys.stdin = os.fdopen(0, closefd=False)
    for path, number in ((streams.stdout, 1), (streams.stderr, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), number)
    resource.setrlimit(resource.RLIMIT_FSIZE, (streams.most_bytes, resource.RLIM_INFINITY))
    if streams.within:
        os.chdir(streams.within)
    sys.argv = ["csts", *words]
    main()
