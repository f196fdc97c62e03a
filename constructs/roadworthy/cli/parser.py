"""The parser of a verb's arguments: a mistake is one line with the nearest option, not a page of usage."""

import argparse
from typing import Any, NoReturn

from roadworthy.cli.help import HelpFormatter
from roadworthy.errors import RoadworthyError
from roadworthy.nearest import hint

UNKNOWN = "unrecognized arguments: "  # argparse's words


class UsageError(RoadworthyError):
    """The arguments are wrong; the message says which, and where to look."""


class Parser(argparse.ArgumentParser):
    """argparse's, which raises instead of ending the process."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": HelpFormatter, **options})

    def error(self, message: str) -> NoReturn:
        """Refuse.

        Raises:
            UsageError: always.
        """
        verb = self.prog.removeprefix("roadworthy ")
        look = f"`{self.prog} --help` shows what there is"
        raise UsageError(f"{verb}: {message}{self._nearest(message, look)}")

    def _nearest(self, message: str, otherwise: str) -> str:
        unknown = message.removeprefix(UNKNOWN).split() if message.startswith(UNKNOWN) else []
        option = next((word.partition("=")[0] for word in unknown if word.startswith("--")), "")
        return hint(option, self._option_string_actions, otherwise=otherwise)
