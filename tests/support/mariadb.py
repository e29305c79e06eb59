"""A MariaDB server of our own for one test run: on a free port, in a temporary folder, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

SEARCH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/lib/mysql/bin"))
START_SECONDS = 60
# The server reads one statement a line.
ACCOUNT = "CREATE USER IF NOT EXISTS csts@'%' IDENTIFIED BY 'csts';\nGRANT ALL ON *.* TO csts@'%';\n"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def command(name: str) -> str:
    found = shutil.which(name, path=SEARCH)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed; on Debian and Ubuntu: apt-get install mariadb-server")
    return found


class MariaDB:
    """Runs from `start` to `stop`, and may be killed and started again in between, on its rows and its port.

    `url` names the server without a schema. A `durable` one keeps what it has confirmed also when the power goes,
    at the price that a desk pays for it.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="csts-mariadb-"))
        self._data = self._folder / "data"
        self._port = free_port()
        self._durable = durable
        # A server that starts clears away what others have left in their common folder, and also what they still use.
        self._environment = {**os.environ, "TMPDIR": str(self._folder)}
        self._user = ["--user=root"] if os.getuid() == 0 else []
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"mysql+asyncmy://csts:csts@127.0.0.1:{self._port}"

    def start(self) -> None:
        """Returns when it answers."""
        if not self._data.exists():
            self._prepare()
        with (self._folder / "log").open("ab") as log:
            words = [command("mariadbd"), "--no-defaults", *self._user, f"--datadir={self._data}", *self._options()]
            self._process = subprocess.Popen(words, stdout=log, stderr=log, env=self._environment)
        self._wait()

    def kill(self) -> None:
        """SIGKILL: nothing is written back, nothing is said."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _prepare(self) -> None:
        where = ["--no-defaults", *self._user, f"--datadir={self._data}"]
        words = [command("mariadb-install-db"), *where, "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env=self._environment)
        (self._folder / "account.sql").write_text(ACCOUNT)

    def _options(self) -> list[str]:
        return [
            "--bind-address=127.0.0.1",
            f"--port={self._port}",
            f"--socket={self._folder / 'socket'}",
            f"--init-file={self._folder / 'account.sql'}",
            "--skip-name-resolve",
            "--max-connections=500",
            "--character-set-server=utf8mb4",
            # What is lost with the power may be lost in most tests: nobody pulls the plug on a temporary folder.
            f"--innodb-flush-log-at-trx-commit={1 if self._durable else 2}",
        ]

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self._folder / "log").read_text(errors="replace")[-2000:])
