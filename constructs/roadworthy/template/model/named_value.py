"""The entries of a container's `environment` and `secrets`: lists of names with values.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KeyValuePair.html
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from roadworthy.template.conditions import When, possible
from roadworthy.template.model.properties import NOTHING, Known, contents, texts
from roadworthy.template.node import Node
from roadworthy.template.resolve import DYNAMIC
from roadworthy.template.values import Value, identity, known_text

VALUES = 16  # an entry for which conditions make more values has none that is looked at


class NamedValue(NamedTuple):
    """An entry; `name` is all known."""

    name: str
    node: Node
    when: When
    assumed: frozenset[str]


def named_values(container: Node, name: str) -> Iterator[NamedValue]:
    """The entries of the list `name` whose names are known."""
    key = container.document.spell("Name")
    for entry in container.all_items(name):
        written = entry.raw.get(key) if type(entry.raw) is dict else None
        if type(written) is str and written and DYNAMIC not in written:  # nearly always
            yield NamedValue(written, entry, entry.when, NOTHING)
            continue
        for known in texts(entry, "Name"):
            if known.value:
                yield NamedValue(known.value, entry, known.when, known.assumed)


def open_names(container: Node, name: str) -> Iterator[Known[Value]]:
    """The names in the list `name` that only the deployment tells, as references; `at` is the entry."""
    key = container.document.spell("Name")
    for entry in container.all_items(name):
        if isinstance(entry.raw, dict) and isinstance(entry.raw.get(key), dict):
            for known in contents(entry, "Name"):
                if known_text(known.value) is None and identity(known.value) is not None:
                    yield Known(known.value, entry, known.when, known.assumed)


def values_of(entries: Sequence[NamedValue]) -> Iterator[tuple[NamedValue, Known[Value]]]:
    """The entries, each with every `Value` that it can have."""
    key = entries[0].node.document.spell("Value") if entries else ""
    last: Node | None = None
    values: list[Known[Value]] = []
    for entry in entries:
        written = entry.node.raw.get(key)
        if type(written) is str and DYNAMIC not in written:  # nearly always
            yield entry, Known(written, entry.node.child(key), entry.node.when)
            continue
        if entry.node is not last:  # several names of one entry share its values
            last, values = entry.node, contents(entry.node, "Value")
        for known in values if len(values) <= VALUES else ():
            if known.when == entry.when or possible(known.when, entry.when):
                yield entry, known


def duplicates(entries: Sequence[NamedValue]) -> Iterator[tuple[NamedValue, NamedValue]]:
    """Each entry whose name an earlier one has under conditions that can hold together, with the earlier one."""
    if len(entries) == len({entry.name for entry in entries}):
        return
    before: dict[str, list[NamedValue]] = {}
    for entry in entries:
        earlier = before.setdefault(entry.name, [])
        rivals = (each for each in earlier if each.node is not entry.node and possible(each.when, entry.when))
        rival = next(rivals, None)
        if rival:
            yield rival, entry
        earlier.append(entry)
