"""The wheel as an operator has it: built from the tree, installed on its own, and run far away from the tree."""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flit_core.buildapi import build_wheel

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 250
_ADDRESS = re.compile(r" is at (http://\S+)")


def build(folder: Path) -> Path:
    """The wheel of this tree, by what pyproject.toml names as its build back end; pip and uv call the same function."""
    with chdir(ROOT):
        name: str = build_wheel(str(folder))
        return folder / name


@dataclass(frozen=True)
class Installed:
    """A virtual environment with the wheel in it. Commands run in `folder`, which is empty at first."""

    python: Path
    folder: Path

    @classmethod
    def from_wheel(cls, wheel: Path, folder: Path) -> "Installed":
        """Borrows the libraries of the development environment, but not what is installed there as editable."""
        home = folder / "venv"
        venv.create(home, with_pip=False)
        python = home / "bin" / "python"
        # A plain line of a path file: the path files over there, of which one leads into the tree, are not read then.
        libraries = sysconfig.get_path("purelib")
        (purelib,) = home.glob("lib/*/site-packages")
        (purelib / "libraries.pth").write_text(f"{libraries}\n")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", str(python)]
        subprocess.run([*pip, "install", "--no-deps", "--no-index", str(wheel)], check=True, timeout=PATIENCE_SECONDS)
        place = folder / "place"
        place.mkdir()
        return cls(python, place)

    @property
    def command(self) -> str:
        return str(self.python.with_name("csts"))

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.command, *words],
            cwd=self.folder,
            env=_environment(settings),
            check=False,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )

    @contextmanager
    def serving(self, **settings: str) -> Iterator[str]:
        """`csts serve` on a free port until the block ends; gives its address when the desk has printed it."""
        log = self.folder / "serve.log"
        words = [self.command, "serve", "--port", "0"]
        with (
            log.open("w") as err,
            subprocess.Popen(
                words, cwd=self.folder, env=_environment(settings), stdout=subprocess.PIPE, stderr=err, text=True
            ) as process,
        ):
            assert process.stdout
            try:
                # The lines end with the process, should it not come so far.
                told = next((found[1] for found in map(_ADDRESS.search, process.stdout) if found), None)
                assert told, log.read_text()
                yield told
            finally:
                process.send_signal(signal.SIGTERM)
                assert process.wait(PATIENCE_SECONDS) == 0, log.read_text()


def _environment(settings: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CSTS_", "PYTHON"))}
    return {**kept, **settings}
