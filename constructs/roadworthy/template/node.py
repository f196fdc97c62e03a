"""A cursor in a document: a raw value, where it stands, and the conditions under which it exists.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from roadworthy.template.conditions import Literal, When, possible

if TYPE_CHECKING:
    from roadworthy.template.document import Document

Key = str | int
IF_ARGUMENTS = 3  # condition, value if true, value if false


class Node:
    """A value of a document. `get` and `items` walk through `Fn::If` by themselves, one node for each branch.

    Attributes:
        document: the document that it is part of.
        raw: the value as written, intrinsics unresolved.
        path: its keys from the document's top.
        when: the conditions under which it exists.
    """

    __slots__ = ("document", "path", "raw", "when")

    def __init__(self, document: "Document", raw: Any, path: tuple[Key, ...], when: When) -> None:
        self.document, self.raw, self.path, self.when = document, raw, path, when

    def child(self, key: Key) -> "Node":
        """The value under `key`, which must exist, exactly as it is written."""
        return Node(self.document, self.raw[key], (*self.path, key), self.when)

    def branches(self) -> "Iterable[Node]":
        """Each value that this place can have: the branches of an `Fn::If`, without those that are AWS::NoValue."""
        raw = self.raw
        if type(raw) is not dict or len(raw) != 1:  # nearly always: no function at all
            return (self,) if raw is not None else ()
        return self._branches()

    def _branches(self) -> Iterator["Node"]:
        pending = [self]
        while pending:
            node = pending.pop()
            choice = _if_arguments(node.raw)
            if choice is not None:
                pending.extend(reversed(list(node._choices(choice))))
            elif node.raw is not None and node.raw != {"Ref": "AWS::NoValue"}:
                yield node

    def gaps(self) -> Iterator[When]:
        """The conditions under which this place is empty: null, or AWS::NoValue in a branch of an `Fn::If`."""
        pending = [self]
        while pending:
            node = pending.pop()
            choice = _if_arguments(node.raw)
            if choice is not None:
                pending.extend(reversed(list(node._choices(choice))))
            elif node.raw is None or node.raw == {"Ref": "AWS::NoValue"}:
                yield node.when

    def _choices(self, choice: list[Any]) -> Iterator["Node"]:
        for index, holds in ((1, True), (2, False)):
            when = self.when | {Literal(self.document.conditions, choice[0], holds)}
            if possible(when):
                yield Node(self.document, choice[index], (*self.path, "Fn::If", index), when)

    def get(self, name: str) -> Iterator["Node"]:
        """Each value that the property `name` (in CloudFormation's spelling) can have; none when it is absent."""
        key = self.document.spell(name)
        for node in self.branches():
            if isinstance(node.raw, dict) and key in node.raw:
                yield from node.child(key).branches()

    def items(self) -> Iterator["Node"]:
        """Each item that the list can have, also of lists that are branches; none when this is not a list."""
        for node in self.branches():
            if isinstance(node.raw, list):
                for index in range(len(node.raw)):
                    yield from node.child(index).branches()

    def all_items(self, name: str) -> list["Node"]:
        """Each item that the list property `name` can have."""
        return [item for entries in self.get(name) for item in entries.items()]

    @property
    def resource(self) -> str | None:
        """The logical id of the resource that this is part of."""
        inside = len(self.path) > 1 and self.path[0] == "Resources"
        return str(self.path[1]) if inside else None


def _if_arguments(raw: Any) -> list[Any] | None:
    """The arguments of an `Fn::If`; None when `raw` is none, or a malformed one."""
    choice = raw.get("Fn::If") if isinstance(raw, dict) and len(raw) == 1 else None
    well_formed = isinstance(choice, list) and len(choice) == IF_ARGUMENTS and isinstance(choice[0], str)
    return choice if well_formed else None
