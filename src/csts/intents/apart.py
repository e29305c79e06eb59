"""Learns in a process of its own, `python -m csts.intents.apart [--quick]`: topics as JSON in; version and bytes out.

A desk that runs learns nowhere else: it starts without scikit-learn, and answers while this one counts.
"""

import json
import os
import sys

from csts.intents.storage import to_bytes
from csts.intents.topics import Topic
from csts.intents.training import train

# Behind everything that somebody waits for.
NICENESS = 10


def main() -> None:
    os.nice(NICENESS)
    topics = [Topic(**topic) for topic in json.load(sys.stdin)]
    model = train(topics, quick="--quick" in sys.argv)
    sys.stdout.buffer.write(model.version.encode() + b"\n" + to_bytes(model))


if __name__ == "__main__":
    main()
