"""One of several processes behind a listener that their parent holds; `csts serve --workers` starts them."""

import os
import signal
import socket
import sys
import threading

from csts.cli.serve import answer
from csts.cli.terminal import read_settings
from csts.kit.log import configure


def main() -> None:
    settings = read_settings()
    configure(settings.log_format)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    answer(settings, socket.socket(fileno=int(sys.argv[1])))


def _end_with_parent() -> None:
    # Past Python's own buffer, whose lock this thread would hold when the interpreter ends.
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
