"""A line of the log is JSON whatever is in it: to write it down must never fail."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import structlog
from csts.kit.log import configure
configure("json")
structlog.get_logger().info("happened", told={told})
"""


@pytest.mark.parametrize(
    "told, written",
    [
        ("'half a \\ud800'", "half a \ud800"),
        ("10**100", 10**100),
        ("{'a': (1, None)}", {"a": [1, None]}),
        ("ValueError('no')", "ValueError('no')"),
        ("[object, 10**100]", ["<class 'object'>", 10**100]),
    ],
)
def test_whatever_is_told_is_written(told: str, written: object) -> None:
    program = PROGRAM.replace("{told}", told)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [line] = done.stderr.splitlines()
    assert {name: json.loads(line)[name] for name in ("event", "told")} == {"event": "happened", "told": written}
