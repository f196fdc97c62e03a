"""What a wrong `services.toml` raises."""

from roadworthy.errors import RoadworthyError


class CatalogueError(RoadworthyError):
    """`services.toml` does not say what it should, or does not know what it is asked for.

    The message is one line: the file, the line, the key with its value, and what to write instead.
    """
