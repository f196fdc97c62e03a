"""A table of a TOML file that knows where it stands: values are read with their type, mistakes told with their line."""

import re
import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from roadworthy.catalogue.error import CatalogueError
from roadworthy.nearest import hint

_BARE = r"[A-Za-z0-9_-]+"
_LONGEST_SHOWN = 80  # characters of a value in a message


class Table:
    """One table of a file.

    Patterns are texts: `re` compiles them when they are first used, and most commands use few.

    Attributes:
        file: the file, as messages name it.
        text: the whole file.
        path: the names on the way to the table; empty: the file itself.
        values: what it holds.
    """

    def __init__(self, file: str, text: str, path: tuple[str, ...], values: dict[str, Any]) -> None:
        self.file, self.text, self.path, self.values = file, text, path, values

    @classmethod
    def read(cls, path: Path) -> "Table":
        """The file itself, as a table.

        Raises:
            CatalogueError: the file is missing, cannot be read, or is not TOML.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")  # some editors begin the file with a byte order mark
            return cls(str(path), text, (), tomllib.loads(text))
        except FileNotFoundError:
            raise CatalogueError(f"{path} does not exist: run from the folder that holds it") from None
        except OSError as error:
            raise CatalogueError(f"{path} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise CatalogueError(f"{path}:{line}: byte {error.object[error.start]:#04x} is no UTF-8") from None
        except ValueError as error:  # tomllib's own, or one of too many digits
            raise CatalogueError(f"{path} is not TOML: {error}") from None
        except RecursionError:
            raise CatalogueError(f"{path} is not TOML that can be read: it is nested too deeply") from None

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def table(self, key: str) -> "Table":
        """The table under `key`."""
        value = self.values[key]
        path = (*self.path, key)
        if not isinstance(value, dict):
            raise self.error(key, f"{_header(path)} is {shown(value)}: it must be a table", header=False)
        return Table(self.file, self.text, path, value)

    def error(self, key: str | None, message: str, *, header: bool = True) -> CatalogueError:
        """`FILE:LINE: [TABLE] MESSAGE`, with the line of `key`, or of the table where it has none."""
        table = f"{_header(self.path)} " if header and self.path else ""
        return CatalogueError(f"{self.file}{self._line(key)}: {table}{message}")

    def wrong(self, key: str, message: str) -> CatalogueError:
        """`FILE:LINE: [TABLE] KEY = VALUEMESSAGE`."""
        return self.error(key, f"{spell(key)} = {shown(self.values[key])}{message}")

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Refuse the first key that is not among the known ones."""
        for key in self.values:
            if key not in known:
                raise self.error(key, f"unknown key `{spell(key)}`{hint(key, known)}")

    def require(self, *keys: str) -> None:
        """Refuse a table without these keys."""
        for key in keys:
            if key not in self.values:
                raise self.error(None, f"`{key}` is missing")

    def text_of(self, key: str, pattern: str, expected: str) -> str:
        """A text that matches the whole pattern; `expected` says in words what that is."""
        value = self.values[key]
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise self.wrong(key, f" does not look like one: expected {expected}")
        return value

    def one_of(self, key: str, known: Iterable[str]) -> str:
        """One of the texts that are known."""
        value = self.values[key]
        if not isinstance(value, str) or value not in known:
            raise self.wrong(key, hint(str(value), known) if isinstance(value, str) else ": it must be a text")
        return value

    def integer(self, key: str, low: int, high: int | None = None) -> int:
        """A whole number in a range, both ends included."""
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(key, ": it must be a whole number, without quotes")
        if value < low or (high is not None and value > high):
            raise self.wrong(key, f" is not in {low}..{high}" if high is not None else f" is less than {low}")
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.values[key]
        if not isinstance(value, bool):
            raise self.wrong(key, ": it must be true or false")
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        value = self.values[key]
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.wrong(key, ": it must be a list of texts")
        return value

    def _line(self, key: str | None) -> str:
        from roadworthy.catalogue.key_lines import key_lines  # noqa: PLC0415 - only who makes a mistake pays for it

        try:
            lines = key_lines(self.text)
        except RecursionError:
            return ""
        line = lines.get(self.path if key is None else (*self.path, key)) or lines.get(self.path)
        return f":{line}" if line else ""


def spell(name: str) -> str:
    """A name as TOML writes a key: bare, or else in quotes and on one line."""
    if re.fullmatch(_BARE, name):
        return name
    import json  # noqa: PLC0415 - its escapes are TOML's; few names need them

    return json.dumps(name)


def shown(value: object) -> str:
    """A value for a message: on one line, and not longer than one."""
    try:
        text = repr(value)
    except ValueError:  # thousands of digits
        return "a huge number"
    except RecursionError:
        return "a list in a list in a list..."
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _header(path: tuple[str, ...]) -> str:
    return f"[{'.'.join(map(spell, path))}]"
