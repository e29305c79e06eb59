"""Lets `python -m csts` stand in for the installed command."""

from csts.cli import main

if __name__ == "__main__":
    main()
