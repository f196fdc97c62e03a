"""Lines and columns, computed only for what is reported.

JSON is walked with the standard library's own scanner, which skips whole values at the speed of C. YAML is composed a
second time, with marks.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from roadworthy.template.document import Document
from roadworthy.template.node import Key

Position = tuple[int, int]  # line and column, both from 1

SCANS = 1_024  # that are kept: findings on one resource come together, and no parser goes deeper

_DECODE = json.JSONDecoder().raw_decode
_BLANKS = re.compile(r"[ \t\r\n]*")
_COLON = re.compile(r"[ \t\r\n]*:[ \t\r\n]*")
_ITEM = re.compile(r"[ \t\r\n,]*")
_NAME = re.compile(r'[ \t\r\n,]*("[^"\\]*(?:\\.[^"\\]*)*")[ \t\r\n]*:[ \t\r\n]*')


class Positions:
    """The places of one document's values."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._locate = _Json(document.text).offset if document.syntax == "json" else _Yaml(document.text).offset
        self._counted = (0, 0)  # an offset, and how many lines end before it

    def of(self, path: tuple[Key, ...]) -> Position:
        """Line and column of the value at `path`, or of the nearest one around it that the file has."""
        offset = self._locate(path)
        counted, lines = self._counted
        # Findings come more or less in the file's order: counting goes on from the last one, or back to the start.
        lines = (
            lines + self._text.count("\n", counted, offset) if offset >= counted else self._text.count("\n", 0, offset)
        )
        self._counted = (offset, lines)
        return lines + 1, offset - self._text.rfind("\n", 0, offset)


class _Json:
    def __init__(self, text: str) -> None:
        self._text = text
        # Offset of an object or list -> offsets of what is in it. `Resources`, which all ask for, stays in the cache.
        self._members = lru_cache(SCANS)(self._scan)
        self._top: dict[Key, int | None] = {}  # of the file's own members, those that are found without a scan

    def offset(self, path: tuple[Key, ...]) -> int:
        offset, keys = self._start(path)
        for key in keys:
            found = self._members(offset).get(key)
            if found is None:
                break
            offset = found
        return offset

    def _start(self, path: tuple[Key, ...]) -> tuple[int, tuple[Key, ...]]:
        """Where to begin, and the keys to follow from there."""
        only = self._only(path[0]) if path else None
        blanks = _BLANKS.match(self._text)
        return (blanks.end() if blanks else 0, path) if only is None else (only, path[1:])

    def _only(self, key: Key) -> int | None:
        """The member of the file, if the text has its name only once: `Resources` is not scanned to get past it."""
        if key not in self._top:
            name = f'"{key}"' if isinstance(key, str) and key.isalnum() else "\0"
            start = self._text.find(name)
            is_only = start >= 0 and self._text.find(name, start + 1) < 0
            colon = _COLON.match(self._text, start + len(name)) if is_only else None
            self._top[key] = colon.end() if colon else None
        return self._top[key]

    def _scan(self, offset: int) -> dict[Key, int]:
        if self._text[offset] == "{":
            return dict(self._of_object(offset + 1))
        return dict(self._of_list(offset + 1)) if self._text[offset] == "[" else {}

    def _of_object(self, offset: int) -> Iterator[tuple[Key, int]]:
        # Of a name that is written twice the last one counts, as for the parser.
        while name := _NAME.match(self._text, offset):
            yield (_DECODE(name[1])[0] if "\\" in name[1] else name[1][1:-1]), name.end()
            offset = _DECODE(self._text, name.end())[1]

    def _of_list(self, offset: int) -> Iterator[tuple[Key, int]]:
        index = 0
        while (item := _ITEM.match(self._text, offset)) and self._text[item.end()] != "]":
            yield index, item.end()
            offset = _DECODE(self._text, item.end())[1]
            index += 1


class _Yaml:
    def __init__(self, text: str) -> None:
        self._text = text
        self._root: Any = None

    def offset(self, path: tuple[Key, ...]) -> int:
        import yaml  # noqa: PLC0415 - JSON files never pay for it

        from roadworthy.template.yaml_tree import Loader, function_of  # noqa: PLC0415

        if self._root is None:
            self._root = yaml.compose(self._text, Loader)
        node = self._root
        for key in path:
            if node.tag.startswith("!") and function_of(node.tag) == key:
                continue  # the tag of a short intrinsic is a key of the tree, and no node of the file
            if isinstance(node, yaml.MappingNode):
                found = [value for name, value in node.value if name.value == key]
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
                found = node.value[key : key + 1]
            else:
                found = []
            if not found:
                break
            node = found[-1]
        return int(node.start_mark.index)
