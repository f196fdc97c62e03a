"""Why a file was not checked."""

from roadworthy.errors import RoadworthyError


class UnreadableError(RoadworthyError):
    """A file that was to be checked cannot be read; the message is one line: file, place, what is wrong."""


class NotATemplate(Exception):  # noqa: N818 - not an error: such files are named and skipped
    """A file that is readable but holds nothing that Roadworthy checks; the message says what it is."""
