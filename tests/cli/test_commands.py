"""The `csts` command, as an operator runs it: in a process of its own, with its exit code and its sentences."""

import json
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.intents.sentence_model import model_folder
from tests.support.command import Done, run
from tests.support.redis import Redis

Environment = dict[str, str]


def empty(environment: Environment, folder: Path) -> Environment:
    """The settings of a test, but with a database that nobody has migrated."""
    return {**environment, "CSTS_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'new' / 'csts.db'}"}


def lines(done: Done) -> dict[str, str]:
    """What `check` says, by part."""
    return dict(line.split(maxsplit=1) for line in done.stdout.splitlines())


def refused(done: Done) -> str:
    """The one sentence of a refusal; a traceback would be more."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.startswith("csts: ")
    assert "Traceback" not in done.stderr
    return done.stderr


NOTHING = {"mail": "none is sent: CSTS_SMTP_URL is empty", "tasks": "none has failed for good"}


def test_check_names_each_part(environment: Environment) -> None:
    done = run(environment, "check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert lines(done) == {"settings": "ok", "database": "ok", "broker": "ok", "uploads": "ok", **NOTHING}


def test_check_says_what_to_run_on_an_old_schema(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    done = run(empty(environment, tmp_path), "check")
    assert done.returncode == 1
    assert "csts migrate" in lines(done)["database"]
    assert lines(done)["uploads"] == "ok"


@pytest.mark.parametrize(
    "url", ["mysql+asyncmy://somebody:hush@127.0.0.1:1/csts", "sqlite+aiosqlite:////nowhere/at/all.db"]
)
def test_check_says_that_a_database_is_away(environment: Environment, url: str) -> None:
    done = run({**environment, "CSTS_DATABASE_URL": url}, "check")
    assert done.returncode == 1
    assert lines(done)["database"] != "ok"
    assert "hush" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_check_says_that_uploads_cannot_be_kept(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    done = run({**environment, "CSTS_UPLOADS": str(tmp_path / "a-file")}, "check")
    assert done.returncode == 1
    assert lines(done)["database"] == "ok"
    assert lines(done)["uploads"] != "ok"
    assert "Traceback" not in done.stderr


def test_check_says_whether_the_sentence_model_can_be_read(environment: Environment, tmp_path: Path) -> None:
    done = run({**environment, "CSTS_ASSISTANT_SEMANTIC": str(model_folder())}, "check")
    assert lines(done)["semantic"] == "ok"
    done = run({**environment, "CSTS_ASSISTANT_SEMANTIC": str(tmp_path / "gone")}, "check")
    assert done.returncode == 1
    assert "gone is no sentence model: config.json is missing" in lines(done)["semantic"]


def test_check_asks_the_mail_server_and_sends_nothing(environment: Environment, tmp_path: Path) -> None:
    mail = {**environment, "CSTS_SMTP_URL": f"file://{tmp_path}/mail"}
    assert lines(run(mail, "check"))["mail"] == "ok"
    assert list((tmp_path / "mail").iterdir()) == []
    done = run({**environment, "CSTS_SMTP_URL": "smtp://desk:hush@127.0.0.1:1"}, "check")
    assert done.returncode == 1
    assert "127.0.0.1 says" in lines(done)["mail"]
    assert "hush" not in done.stdout + done.stderr


def test_migrate_makes_the_schema_and_may_be_repeated(environment: Environment, tmp_path: Path) -> None:
    new = empty(environment, tmp_path)
    for _ in range(2):
        done = run(new, "migrate")
        assert done.returncode == 0, done.stderr
    assert run(new, "check").returncode == 0


def test_migrate_says_that_a_database_is_away(environment: Environment) -> None:
    done = run({**environment, "CSTS_DATABASE_URL": "mysql+asyncmy://somebody:hush@127.0.0.1:1/csts"}, "migrate")
    assert "database" in refused(done)
    assert "hush" not in done.stderr


def test_an_agent_needs_a_migrated_database(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    done = run(empty(environment, tmp_path), "agent", "add", "zoe", "--name", "Zoe", typed="four brown owls\n")
    assert "csts migrate" in refused(done)


def test_openapi_prints_the_description(environment: Environment) -> None:
    done = run(environment, "openapi")
    assert done.returncode == 0, done.stderr
    assert "/user/createticket" in json.loads(done.stdout)["paths"]


@pytest.mark.parametrize(
    "name,value",
    [
        ("CSTS_PORT", "eighty"),
        ("CSTS_LIMIT_LOGIN", "often"),
        ("CSTS_MIN_SCREENSHOTS", "4"),
        ("CSTS_ISSUE_TYPES", "billing,,technical"),
        ("CSTS_ACCESS_TOKEN_SECONDS", "0"),
    ],
)
def test_a_wrong_setting_is_named(environment: Environment, name: str, value: str) -> None:
    assert name in refused(run({**environment, name: value}, "check"))


def test_a_setting_that_does_not_exist_is_named_with_the_nearest(environment: Environment) -> None:
    done = run({**environment, "CSTS_DATBASE_URL": "sqlite+aiosqlite:///x.db", "CSTS_COLOUR": "blue"}, "check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no setting CSTS_DATBASE_URL, so it does nothing. Did you mean CSTS_DATABASE_URL?" in done.stderr
    assert "no setting CSTS_COLOUR" in done.stderr
    assert "no setting CSTS_TEST_" not in done.stderr


def test_a_typo_in_a_file_of_settings_is_named_as_well(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CSTS_MIN_SCREENSHOT=2\nCSTS_ISSUE_TYPES=billing,,technical\nOTHER=1\n")
    told = {name: value for name, value in environment.items() if name != "CSTS_ISSUE_TYPES"}
    done = run(told, "check", within=tmp_path)
    assert "CSTS_MIN_SCREENSHOT, so it does nothing. Did you mean CSTS_MIN_SCREENSHOTS?" in done.stderr
    assert "CSTS_ISSUE_TYPES" in done.stderr
    assert "a comma list" in done.stderr
    assert "OTHER" not in done.stderr
    assert done.returncode == 1


def test_serve_names_a_port_that_is_taken(environment: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"127.0.0.1:{port}" in refused(run(environment, "serve", "--port", port))


def test_serve_runs_one_process_without_redis_and_says_why(environment: Environment) -> None:
    sentence = refused(run(environment, "serve", "--port", "0", "--workers", "2"))
    assert "CSTS_REDIS_URL" in sentence
    assert "--workers 1" in sentence


def test_check_says_that_redis_is_away(environment: Environment) -> None:
    done = run({**environment, "CSTS_REDIS_URL": "redis://:hush@127.0.0.1:1/0"}, "check")
    assert done.returncode == 1
    assert "127.0.0.1:1" in lines(done)["broker"]
    assert lines(done)["database"] == "ok"
    assert "hush" not in done.stdout + done.stderr


def test_check_says_that_redis_wants_a_password(environment: Environment) -> None:
    redis = Redis()
    redis.start()
    try:
        assert lines(run({**environment, "CSTS_REDIS_URL": redis.url}, "check"))["broker"] == "ok"
        redis.ask("CONFIG", "SET", "requirepass", "hush")
        done = run({**environment, "CSTS_REDIS_URL": redis.url}, "check")
    finally:
        redis.stop()
    assert done.returncode == 1
    assert "Authentication required" in lines(done)["broker"]


@pytest.mark.parametrize(
    "url", ["http://:hush@cache.test", "redis://:hu/sh@cache.test", "redis://:hush@cache.test?a=b"]
)
def test_a_wrong_address_of_redis_is_named_without_its_password(environment: Environment, url: str) -> None:
    sentence = refused(run({**environment, "CSTS_REDIS_URL": url}, "check"))
    assert "CSTS_REDIS_URL" in sentence
    assert "hu" not in sentence.replace("such as redis://:password@127.0.0.1:6379/0", "")


def test_serve_refuses_an_empty_key(environment: Environment, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "secret.key").touch()
    done = run({**environment, "CSTS_SECRET_KEY": ""}, "serve", "--port", "0")
    assert done.returncode != 0
    assert "secret.key" in done.stderr


def test_without_words_it_says_what_it_can_do(environment: Environment) -> None:
    done = run(environment)
    for command in ("serve", "migrate", "demo", "agent", "check", "openapi"):
        assert command in done.stdout + done.stderr


def test_serve_says_that_uploads_cannot_be_kept(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    place = str(tmp_path / "a-file" / "uploads")
    sentence = refused(run({**environment, "CSTS_UPLOADS": place}, "serve", "--port", "0"))
    assert place in sentence
    assert "CSTS_UPLOADS" in sentence


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("migrate",), ("agent", "add", "zoe", "--name", "Zoe")])
def test_a_schema_of_a_later_release_is_named(environment: Environment, tmp_path: Path, words: tuple[str, ...]) -> None:
    later = _with_schema(environment, tmp_path, "UPDATE alembic_version SET version_num = '9999'")
    sentence = refused(run(later, *words, typed="four brown owls\n"))
    assert "9999" in sentence
    assert "later" in sentence
    assert "9999" in lines(run(later, "check"))["database"]


def test_a_restore_that_was_broken_off_is_named(environment: Environment, tmp_path: Path) -> None:
    half = _with_schema(environment, tmp_path, "DELETE FROM alembic_version")
    assert "--force" in refused(run(half, "serve", "--port", "0"))


def _with_schema(environment: Environment, folder: Path, statement: str) -> Environment:
    changed = empty(environment, folder)
    assert run(changed, "migrate").returncode == 0
    with closing(sqlite3.connect(folder / "new" / "csts.db")) as connection:
        connection.execute(statement)
        connection.commit()
    return changed
