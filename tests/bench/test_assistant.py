"""`csts bench assistant`, as an operator runs it."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from csts.cli import app
from tests.intents.articles import STRANGE
from tests.intents.crowd import crowd
from tests.intents.sentence_model import model_folder

pytestmark = pytest.mark.once


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    file = tmp_path / "labelled.csv"
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("text", "category"))
        writer.writerows((example, topic.topic) for topic in crowd() for example in topic.examples[:40])
    return file


def test_figures_come_with_the_split_that_they_are_of(labelled: Path, tmp_path: Path) -> None:
    outside, figures = tmp_path / "outside.txt", tmp_path / "figures.json"
    outside.write_text("\n".join(STRANGE) + "\n\n")
    options = ["--out-of-scope", str(outside), "--examples", "10", "--seed", "3", "--json", str(figures)]
    done = CliRunner().invoke(app, ["bench", "assistant", str(labelled), *options])
    assert done.exit_code == 0, done.output
    assert "seed 3, 20% held out" in done.output
    assert "80 examples learnt (at most 10 a topic), 64 questions asked, 7 out of scope" in done.output
    found = json.loads(figures.read_text())
    assert found["exam"]["seed"] == 3
    assert found["figures"]["accuracy"] > 0.9
    assert found["figures"]["at_default"]["outside"] == 0


def test_as_many_are_asked_of_each_topic_as_is_wished(labelled: Path) -> None:
    done = CliRunner().invoke(app, ["bench", "assistant", str(labelled), "--quick", "--per-topic", "5"])
    assert done.exit_code == 0, done.output
    assert "5 of each topic held out" in done.output
    assert "280 examples learnt (all), 40 questions asked" in done.output


def test_a_topic_of_which_all_would_be_asked_is_named(labelled: Path) -> None:
    done = CliRunner().invoke(app, ["bench", "assistant", str(labelled), "--quick", "--per-topic", "40"])
    assert done.exit_code == 1
    assert "nothing is left to learn of" in done.stderr
    assert "which has 40 questions" in done.stderr


def test_strangers_are_asked_only_where_there_are_some(labelled: Path) -> None:
    done = CliRunner().invoke(app, ["bench", "assistant", str(labelled), "--quick", "--holdout", "0.5"])
    assert done.exit_code == 0, done.output
    assert "0 out of scope" in done.output


def test_a_sentence_model_is_named_with_its_figures(labelled: Path) -> None:
    options = ["--examples", "3", "--holdout", "0.1", "--semantic", str(model_folder())]
    done = CliRunner().invoke(app, ["bench", "assistant", str(labelled), *options])
    assert done.exit_code == 0, done.output
    assert "24 of 24 texts are encoded" in done.stderr
    assert f"Meaning by {model_folder()}." in done.stdout


def test_a_folder_without_a_sentence_model_is_refused(labelled: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["bench", "assistant", str(labelled), "--semantic", str(tmp_path)])
    assert done.exit_code == 1
    assert "config.json is missing" in done.stderr


@pytest.mark.parametrize(
    "content, complaint",
    [
        ("question,topic\na,b\n", "line 1: the columns are to be text,category"),
        ("text,category\nwhere,late\nwhere is it\n", "line 3: a question and its topic"),
        ("text,category\n,late\n", "line 2: a question and its topic"),
        ('text,category\n"where"x,late\n', "line 2"),
        ("text,category\n", "nothing is left"),
        ("text,category\nwhere,late\n", "nothing is left"),
        (b"text,category\n\xff,late\n", "cannot be read"),
    ],
)
def test_a_bad_line_is_named(content: str | bytes, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "labelled.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = CliRunner().invoke(app, ["bench", "assistant", str(file)])
    assert done.exit_code == 1
    assert complaint in done.stderr


def test_a_file_that_is_not_there_is_named(labelled: Path, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    for words in ([missing], [str(labelled), "--out-of-scope", missing]):
        done = CliRunner().invoke(app, ["bench", "assistant", *words])
        assert done.exit_code == 1
        assert "missing cannot be read" in done.stderr
