"""Policy documents, read as far as they are known: what is not known may allow anything.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve
from roadworthy.template.values import Value, known_text


class Statement(NamedTuple):
    """A statement of a policy document.

    Attributes:
        node: the statement.
        allows: False for `Effect: Deny`.
        actions: its patterns, in lower case; None for any action, as of `NotAction` or of what is not known.
        resources: its patterns; None for any resource, as of `NotResource`.
        conditional: whether it has a `Condition`.
        principals: kind (`Service`, `AWS` ...) and value of each principal; None for any.
    """

    node: Node
    allows: bool
    actions: tuple[str, ...] | None
    resources: tuple[Value, ...] | None
    conditional: bool
    principals: tuple[tuple[str, Value], ...] | None


def statements(policy: Node) -> Iterator[Statement]:
    """The statements of a policy document; one that allows anything for each part that is not known."""
    places = list(policy.get("Statement"))
    if not places:
        yield anything(policy)
    for place in places:
        items = list(place.items()) if isinstance(place.raw, list) else [place]
        for item in items:
            known = isinstance(item.raw, dict) and "Effect" in item.raw
            yield _statement(item) if known else anything(item)


def anything(at: Node) -> Statement:
    """What stands for a part of a policy, or for a whole one, that is not known."""
    return Statement(at, True, None, None, False, None)


def _statement(node: Node) -> Statement:
    actions = [known_text(value) for value in _values(node, "Action")]
    known = [action.lower() for action in actions if action is not None]
    return Statement(
        node,
        allows=node.raw["Effect"] != "Deny",
        actions=tuple(known) if known and len(known) == len(actions) else None,
        resources=tuple(_values(node, "Resource")) or None,
        conditional="Condition" in node.raw,
        principals=tuple(_principals(node)) or None,
    )


def _principals(node: Node) -> Iterator[tuple[str, Value]]:
    for place in node.get("Principal"):
        if isinstance(place.raw, str):
            yield "AWS", place.raw
        elif isinstance(place.raw, dict):
            for kind in place.raw:
                for value in _values(place, kind):
                    yield str(kind), value


def _values(node: Node, name: str) -> list[Value]:
    """Every value of a property that is one value or a list of them."""
    return [each.value for place in node.get(name) for item in _items(place) for each in resolve(item)]


def _items(place: Node) -> Iterator[Node]:
    return place.items() if isinstance(place.raw, list) else iter((place,))
