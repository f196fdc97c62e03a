"""The lines on which the keys of a TOML text stand: tomllib tells what a text says, and not where.

The text is one that tomllib has read, so that nothing is checked again.
Source: https://toml.io/en/v1.0.0
"""

import bisect
import re
import tomllib
from itertools import accumulate

# A key's way from the top: the names of its tables, and the indices in their lists, down to its own name.
KeyPath = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")  # also comments
# The longer quotes first. Up to two quotes may stand just before the three that end a text of several lines.
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?""""{0,2}' + r"|'''.*?''''{0,2}" + r'|"(?:\\.|[^"\\\n])*"' + r"|'[^'\n]*'", re.DOTALL
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")  # numbers, dates (also with a space), true and false


def key_lines(text: str) -> dict[KeyPath, int]:
    """Where each key and each element of a list stands, from line 1 on.

    A table is where its own header is, or else where its name is first mentioned.

    Raises:
        RecursionError: lists are nested hundreds deep.
    """
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._ends = list(accumulate(len(line) + 1 for line in text.split("\n")))  # only \n ends a line of TOML
        self._lines: dict[KeyPath, int] = {}
        self._last: dict[KeyPath, int] = {}  # an array of tables -> the index of its last one

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._peek():
            if self._skip("["):
                table = self._header()
            else:
                self._pair(table)
        return self._lines

    def _header(self) -> KeyPath:
        """Read `[a.b]` or `[[a.b]]` behind its first bracket; its path."""
        line = self._line()
        several = self._skip("[")
        *parents, name = self._key()
        path: KeyPath = ()
        for parent in parents:
            path = (*path, parent)
            self._lines.setdefault(path, line)
            path = (*path, self._last[path]) if path in self._last else path
        path = (*path, name)
        if several:
            self._lines.setdefault(path, line)
            self._last[path] = self._last.get(path, -1) + 1
            path = (*path, self._last[path])
        self._lines[path] = line
        self._skip("]]" if several else "]")
        return path

    def _pair(self, table: KeyPath) -> None:
        """Read `a.b = value`."""
        self._peek()
        line, path = self._line(), table
        for name in self._key():
            path = (*path, name)
            self._lines.setdefault(path, line)
        self._skip("=")
        self._value(path)

    def _key(self) -> list[str]:
        names = [self._name()]
        while self._skip("."):
            names.append(self._name())
        return names

    def _name(self) -> str:
        if self._peek() in {'"', "'"}:
            quoted = self._take(_STRING)
            return str(tomllib.loads(f"key = {quoted}")["key"])  # undoes the escapes as tomllib does
        return self._take(_BARE_KEY)

    def _value(self, path: KeyPath) -> None:
        if self._skip("["):
            self._list(path)
        elif self._skip("{"):
            while not self._skip("}"):
                self._pair(path)
                self._skip(",")
        elif self._peek() in {'"', "'"}:
            self._take(_STRING)
        else:
            self._take(_BARE_VALUE)

    def _list(self, path: KeyPath) -> None:
        index = 0
        while not self._skip("]"):
            self._lines[*path, index] = self._line()
            self._value((*path, index))
            self._skip(",")
            index += 1

    def _peek(self) -> str:
        """The next character that is neither space nor comment; empty at the end."""
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
        return self._text[self._at : self._at + 1]

    def _skip(self, mark: str) -> bool:
        self._peek()
        found = self._text.startswith(mark, self._at)
        self._at += len(mark) if found else 0
        return found

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise ValueError(f"line {self._line()}: not TOML")
        self._at = found.end()
        return found.group()

    def _line(self) -> int:
        return bisect.bisect_right(self._ends, self._at) + 1
