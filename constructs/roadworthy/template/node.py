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
        when: the conditions under which it exists.
    """

    __slots__ = ("_at", "_parent", "document", "raw", "when")

    def __init__(
        self, document: "Document", raw: Any, at: tuple[Key, ...] | Key, when: When, parent: "Node | None" = None
    ) -> None:
        """Make one at the path `at` from the document's top; or under the key `at` of `parent`, where there is one."""
        self.document, self.raw, self.when, self._parent = document, raw, when, parent
        self._at: Any = at

    @property
    def path(self) -> tuple[Key, ...]:
        """Its keys from the document's top. They are put together only for what is reported."""
        keys: list[Key] = []
        node = self
        while node._parent is not None:
            keys.append(node._at)
            node = node._parent
        return (*node._at, *reversed(keys))

    def child(self, key: Key) -> "Node":
        """The value under `key`, which must exist, exactly as it is written."""
        return Node(self.document, self.raw[key], key, self.when, self)

    def branches(self) -> "Iterable[Node]":
        """Each value that this place can have: the branches of an `Fn::If`, without those that are AWS::NoValue."""
        raw = self.raw
        if type(raw) is not dict or len(raw) != 1:  # nearly always: no function at all
            return (self,) if raw is not None else ()
        if "Fn::If" not in raw:
            return () if self._is_empty else (self,)
        return (leaf for leaf in self._leaves() if not leaf._is_empty)

    def gaps(self) -> Iterator[When]:
        """The conditions under which this place is empty: null, or AWS::NoValue in a branch of an `Fn::If`."""
        return (leaf.when for leaf in self._leaves() if leaf._is_empty)

    @property
    def _is_empty(self) -> bool:
        return self.raw is None or self.raw == {"Ref": "AWS::NoValue"}

    def _leaves(self) -> Iterator["Node"]:
        """Each branch of the `Fn::If`s, empty ones too; the place itself where it is none."""
        pending = [self]
        while pending:
            node = pending.pop()
            choice = _if_arguments(node.raw)
            if choice is not None:
                pending.extend(reversed(list(node._choices(choice))))
            else:
                yield node

    def _choices(self, choice: list[Any]) -> Iterator["Node"]:
        function = self.child("Fn::If")
        for index, holds in ((1, True), (2, False)):
            literal = Literal(self.document.conditions, choice[0], holds)
            when = self.when | {literal}
            # A condition that the place stands under already decides by itself: nothing to search for.
            if literal in self.when or (literal._replace(holds=not holds) not in self.when and possible(when)):
                yield Node(self.document, choice[index], index, when, function)

    def get(self, name: str) -> "Iterable[Node]":
        """Each value that the property `name` (in CloudFormation's spelling) can have; none when it is absent."""
        key = self.document.spell(name)
        raw = self.raw
        if type(raw) is dict and "Fn::If" not in raw:  # nearly always
            return self.child(key).branches() if key in raw else ()
        found = (node for node in self.branches() if isinstance(node.raw, dict) and key in node.raw)
        return (branch for node in found for branch in node.child(key).branches())

    def items(self) -> Iterator["Node"]:
        """Each item that the list can have, also of lists that are branches; none when this is not a list."""
        for node in (self,) if type(self.raw) is list else self.branches():
            if isinstance(node.raw, list):
                for index in range(len(node.raw)):
                    yield from node.child(index).branches()

    def all_items(self, name: str) -> list["Node"]:
        """Each item that the list property `name` can have."""
        return [item for entries in self.get(name) for item in entries.items()]

    @property
    def resource(self) -> str | None:
        """The logical id of the resource that this is part of."""
        node = self
        while node._parent is not None:
            node = node._parent
        path = node._at if len(node._at) > 1 else self.path
        return str(path[1]) if len(path) > 1 and path[0] == "Resources" else None


def _if_arguments(raw: Any) -> list[Any] | None:
    """The arguments of an `Fn::If`; None when `raw` is none, or a malformed one."""
    choice = raw.get("Fn::If") if isinstance(raw, dict) and len(raw) == 1 else None
    well_formed = isinstance(choice, list) and len(choice) == IF_ARGUMENTS and isinstance(choice[0], str)
    return choice if well_formed else None
