"""Learns in a process of its own, `python -m csts.intents.apart [--quick] [FOLDER]`, that nobody waits for.

In comes a line of JSON with the topics. With the folder of a sentence model there follows the model that was stored
last: its vectors are used again. Out come a line with the version, and the bytes of a model.
A desk that runs learns nowhere else: it starts without scikit-learn, and answers while this one counts.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from csts.intents.encoder import NoEncoder, encoder_at
from csts.intents.memory import Memory
from csts.intents.storage import remembered, to_bytes
from csts.intents.topics import Topic
from csts.intents.training import train

# Behind everything that somebody waits for.
NICENESS = 10


def main() -> None:
    os.nice(NICENESS)
    words = argparse.ArgumentParser()
    words.add_argument("--quick", action="store_true")
    words.add_argument("folder", type=Path, nargs="?")
    asked = words.parse_args()
    topics = [Topic(**topic) for topic in json.loads(sys.stdin.buffer.readline())]
    memory = _memory(asked.folder, sys.stdin.buffer.read()) if asked.folder else None
    model = train(topics, quick=asked.quick, memory=memory)
    sys.stdout.buffer.write(model.version.encode() + b"\n" + to_bytes(model, memory))


def _memory(folder: Path, stored: bytes) -> Memory | None:
    """None, with a word about it, where the folder has gone since the desk began: better words alone than nothing."""
    try:
        encoder = encoder_at(folder)
    except NoEncoder as reason:
        print(reason, file=sys.stderr)  # noqa: T201 - told to the desk, which writes the log
        return None
    return Memory(encoder, remembered(stored, encoder.name))


if __name__ == "__main__":
    main()
