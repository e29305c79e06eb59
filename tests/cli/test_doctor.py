"""`csts check --url` names what a proxy breaks, and nothing where all is well."""

from pathlib import Path

import pytest

from tests.support.command import Done, run
from tests.support.mariadb import free_port
from tests.support.proxies import BROKEN, behind_nginx
from tests.support.server import Server

pytestmark = [pytest.mark.sockets, pytest.mark.once, pytest.mark.alone]


def check(url: str, *, silence: int = 1) -> Done:
    return run({}, "check", "--url", url, "--silence", str(silence))


def verdicts(done: Done) -> dict[str, str]:
    """What was said of each question: a verdict, and the name of a fault."""
    return {line.split()[0]: line.partition(":")[0].split(maxsplit=1)[1] for line in done.stdout.splitlines()}


def test_behind_the_documented_nginx_everything_is_well(server: Server, tmp_path: Path) -> None:
    with behind_nginx(server.port, tmp_path) as nginx:
        done = check(nginx.url)
    assert (done.returncode, done.stderr) == (0, "Listening to a silent socket for 1 s …\n")
    asked = ("desk", "encryption", "clock", "origin", "socket", "silence", "upload")
    assert verdicts(done) == dict.fromkeys(asked, "ok")


def test_four_classic_faults_are_named(server: Server, tmp_path: Path) -> None:
    found = {}
    for fault in BROKEN:
        with behind_nginx(server.port, tmp_path / fault, fault=fault) as nginx:
            done = check(nginx.url, silence=4 if fault == "idle_timeout" else 0)
        found[fault] = (done.returncode, {each for each in verdicts(done).values() if each != "ok"})
    assert found == {fault: (1, {f"FAULT {fault}"}) for fault in BROKEN}


def test_the_seconds_after_which_a_silent_socket_is_cut_are_told(server: Server, tmp_path: Path) -> None:
    with behind_nginx(server.port, tmp_path, fault="idle_timeout") as nginx:
        done = check(nginx.url, silence=10)
    assert "cut after 2 s. In nginx: proxy_read_timeout 90s;" in done.stdout


@pytest.mark.parametrize(
    "url, words",
    [
        ("desk.example.org", "an address such as https://desk.example.org is wanted"),
        ("https://desk.example.org/tickets", "without a path"),
        ("ftp://desk.example.org", "an address such as"),
    ],
)
def test_what_is_no_address_is_told_so(url: str, words: str) -> None:
    done = check(url)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr


def test_nobody_there_is_a_fault_of_its_own() -> None:
    done = check(f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 1
    assert verdicts(done) == {"desk": "FAULT unreachable"}
