"""Policy documents, read as far as they are known: what is not known may allow anything.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from collections.abc import Iterator
from functools import cached_property

from roadworthy.template.node import Node
from roadworthy.template.resolve import DYNAMIC, resolve
from roadworthy.template.values import Value, known_text


class Statement:
    """A statement of a policy document; what is not known of it may be anything.

    Attributes:
        node: the statement.
        allows: False for `Effect: Deny`.
        conditional: whether it has a `Condition`.
    """

    def __init__(self, node: Node, *, known: bool = True) -> None:
        raw = node.raw if known else {}
        self.node, self._known = node, known
        self.allows = raw.get("Effect") != "Deny"
        self.conditional = "Condition" in raw

    @cached_property
    def actions(self) -> tuple[str, ...] | None:
        """Its patterns of actions, in lower case; None for any, as of `NotAction`."""
        texts = [known_text(value) for value in self._values("Action")]
        known = [text.lower() for text in texts if text is not None]
        return tuple(known) if known and len(known) == len(texts) else None

    @cached_property
    def resources(self) -> tuple[Value, ...] | None:
        """Its patterns of ARNs; None for any, as of `NotResource`."""
        return tuple(self._values("Resource")) or None

    @cached_property
    def principals(self) -> tuple[tuple[str, Value], ...] | None:
        """Kind (`Service`, `AWS` ...) and value of each principal; None for any."""
        return tuple(self._principals()) or None

    def _values(self, name: str) -> list[Value]:
        return _values(self.node, name) if self._known else []

    def _principals(self) -> Iterator[tuple[str, Value]]:
        for place in self.node.get("Principal") if self._known else ():
            if isinstance(place.raw, str):
                yield "AWS", place.raw
            elif isinstance(place.raw, dict):
                for kind in place.raw:
                    for value in _values(place, kind):
                        yield str(kind), value


def statements(policy: Node) -> Iterator[Statement]:
    """The statements of a policy document; one that allows anything for each part that is not known."""
    places = list(policy.get("Statement"))
    if not places:
        yield anything(policy)
    for place in places:
        for item in _items(place):
            yield Statement(item) if isinstance(item.raw, dict) and "Effect" in item.raw else anything(item)


def anything(at: Node) -> Statement:
    """What stands for a part of a policy, or for a whole one, that is not known."""
    return Statement(at, known=False)


def _values(node: Node, name: str) -> list[Value]:
    """Every value of a property that is one value or a list of them."""
    raw = node.raw.get(name) if isinstance(node.raw, dict) else None
    if isinstance(raw, str) and DYNAMIC not in raw:  # nearly always: nothing is left open
        return [raw]
    if isinstance(raw, list) and all(isinstance(item, str) and DYNAMIC not in item for item in raw):
        return list(raw)
    return [each.value for place in node.get(name) for item in _items(place) for each in resolve(item)]


def _items(place: Node) -> Iterator[Node]:
    return place.items() if isinstance(place.raw, list) else iter((place,))
