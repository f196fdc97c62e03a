"""Regular expressions that are compiled when they are first used.

A check uses few of the hundred patterns that its rules have; compiling all of them on import would cost more than
checking a template does.
"""

import re
from collections.abc import Iterator
from functools import cached_property


class Pattern:
    """What `re.compile` gives, later."""

    def __init__(self, source: str, flags: int = 0) -> None:
        self._source, self._flags = source, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self._source, self._flags)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """As `re.Pattern.match`."""
        return self.compiled.match(text, start)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.fullmatch`."""
        return self.compiled.fullmatch(text)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return self.compiled.search(text, start)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        return self.compiled.finditer(text)

    def findall(self, text: str) -> list[str]:
        """As `re.Pattern.findall`, for a pattern with one group at most."""
        return self.compiled.findall(text)

    def split(self, text: str) -> list[str]:
        """As `re.Pattern.split`, for a pattern whose groups always match."""
        return list(map(str, self.compiled.split(text)))

    def sub(self, replacement: str, text: str) -> str:
        """As `re.Pattern.sub`."""
        return self.compiled.sub(replacement, text)
