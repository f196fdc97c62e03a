"""How the `--help` of all verbs looks."""

import argparse
import os

WIDTH = 80  # where there is no terminal


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, descriptions with their own line breaks.

    argparse makes a formatter for every argument that is added. Left to find the width itself, it imports `shutil`
    with all its compressors: as much time as checking a template takes.
    """

    def __init__(self, prog: str) -> None:
        """Make one for the program `prog`."""
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size().columns or WIDTH
    except OSError:
        return WIDTH
