"""L1 Desk: tickets with screenshots, and a live chat room for each of them."""

__version__ = "0.1.0"
