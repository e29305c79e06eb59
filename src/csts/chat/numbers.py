"""Which numbers of a thread a reader has: all up to one, and perhaps some behind a gap."""


class Received:
    """Numbers are taken in any order, each of them once. Nothing is kept of what has no gap before it."""

    def __init__(self) -> None:
        self.last = 0
        self._beyond: set[int] = set()

    def begin(self, last: int) -> None:
        """All up to here are there; what is held beyond is kept."""
        self.last = last
        self._beyond = {number for number in self._beyond if number > last}
        self._close_gap()

    def add(self, number: int) -> bool:
        """Take a number in; false if it was there."""
        if number <= self.last or number in self._beyond:
            return False
        self._beyond.add(number)
        self._close_gap()
        return True

    def _close_gap(self) -> None:
        while self.last + 1 in self._beyond:
            self.last += 1
            self._beyond.remove(self.last)
