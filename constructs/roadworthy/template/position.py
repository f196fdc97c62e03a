"""Lines and columns, computed only for what is reported.

JSON is walked with the standard library's own scanner, which skips whole values at the speed of C. YAML is composed a
second time, with marks.
"""

import json
import re
from typing import Any

from roadworthy.template.document import Document
from roadworthy.template.node import Key

Position = tuple[int, int]  # line and column, both from 1

_DECODE = json.JSONDecoder().raw_decode
_BLANKS = re.compile(r"[ \t\r\n]*")


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
        self._members: dict[int, dict[Key, int]] = {}  # offset of an object or list -> offsets of what is in it

    def offset(self, path: tuple[Key, ...]) -> int:
        offset = self._skip_blanks(0)
        for key in path:
            if offset not in self._members:
                self._members[offset] = self._scan(offset)
            found = self._members[offset].get(key)
            if found is None:
                break
            offset = found
        return offset

    def _scan(self, offset: int) -> dict[Key, int]:
        members: dict[Key, int] = {}
        opening = self._text[offset]
        if opening not in "{[":
            return members
        offset = self._skip_blanks(offset + 1)
        while self._text[offset] not in "}]":
            key: Key = len(members)
            if opening == "{":
                key, offset = _DECODE(self._text, offset)
                offset = self._skip_blanks(self._skip_blanks(offset) + 1)
            members[key] = offset  # of a name that is written twice the last one counts, as for the parser
            offset = self._skip_blanks(_DECODE(self._text, offset)[1])
            if self._text[offset] == ",":
                offset = self._skip_blanks(offset + 1)
        return members

    def _skip_blanks(self, offset: int) -> int:
        match = _BLANKS.match(self._text, offset)
        return match.end() if match else offset


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
