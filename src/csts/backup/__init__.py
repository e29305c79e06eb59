"""The whole desk in one file: its rows, its files and its key; how it is written, and how it comes back."""
