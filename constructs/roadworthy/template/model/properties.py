"""Reading properties: only what is known, each value with its place and the conditions under which it holds.

    for cpu, memory in jointly(texts(node, "Cpu"), texts(node, "Memory")):
        ...  # cpu.value, cpu.at; only pairs that one deployment can have

A property that the template leaves open (a parameter without default, an import, an unknown function) yields nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from roadworthy.template.conditions import ALWAYS, When, possible
from roadworthy.template.node import Node
from roadworthy.template.pattern import Pattern
from roadworthy.template.resolve import DYNAMIC, resolve
from roadworthy.template.values import Reference, Value, known_text

T = TypeVar("T")
NOTHING: frozenset[str] = frozenset()  # no default is assumed
INTEGER = Pattern(r"-?[0-9]{1,10}")
FLAGS = {"true": True, "false": False}
PLAIN = {str, int, bool}
# A whole value that a pipeline has yet to put in: ${VAR}, $VAR, <NAME>, %VAR%, __VAR__, #{VAR}#, @VAR@, [NAME].
PLACEHOLDER = Pattern(r"\$\{\w+\}|\$\w+|<[^<>]+>|%\w+%|__\w+__|#\{\w+\}#?|@@?\w+@@?|\[[A-Z_ ]+\]")
PLACEHOLDER_STARTS = frozenset("$<%_#@[")


class Known(NamedTuple, Generic[T]):
    """A known value of a property.

    Attributes:
        value: the value.
        at: where it is written; of a default, what lacks the property.
        when: the conditions under which the property has this value.
        assumed: the parameters whose defaults it rests on.
        written: False for a default that AWS puts in.
    """

    value: T
    at: Node
    when: When
    assumed: frozenset[str] = NOTHING
    written: bool = True


def texts(node: Node, name: str, default: str | None = None) -> list[Known[str]]:
    """The texts that the property can have; numbers and flags as CloudFormation writes them."""
    return _read(node, name, default, known_text)


def numbers(node: Node, name: str, default: int | None = None) -> list[Known[int]]:
    """The whole numbers that the property can have, written as numbers or as texts."""
    return _read(node, name, default, number)


def flags(node: Node, name: str, default: bool | None = None) -> list[Known[bool]]:
    """The truth values that the property can have, written as such or as texts."""
    return _read(node, name, default, _flag)


def contents(node: Node, name: str) -> list[Known[Value]]:
    """Every value that the property can have, as far as it can be told: also references and unknowns."""
    key = node.document.spell(name)
    raw = node.raw
    if type(raw) is dict and key not in raw and "Fn::If" not in raw:
        return []
    return [Known(each.value, place, each.when, each.assumed) for place in node.get(name) for each in resolve(place)]


def references(node: Node, name: str, *types: str) -> list[Known[Reference]]:
    """The resources of the given CloudFormation types to which the property, or an item of its list, can refer."""
    found = []
    for place in node.get(name):
        for item in place.items() if isinstance(place.raw, list) else (place,):
            for each in resolve(item):
                value = each.value
                if isinstance(value, Reference) and value.document.type_of(value.name) in types:
                    found.append(Known(value, item, each.when, each.assumed))
    return found


def absent(node: Node, name: str) -> list[When]:
    """The conditions under which the property is certainly absent: one entry for each way, none if it never is."""
    key = node.document.spell(name)
    raw = node.raw
    if _is_plain(raw):
        if key not in raw:
            return [] if "Fn::Transform" in raw else [node.when]
        if type(raw[key]) is not dict:
            return [node.when] if raw[key] is None else []
    return [when for place in node.branches() for when in _absent_in(place, key)]


def _is_plain(raw: Any) -> bool:
    """Whether it is a mapping of properties, not an intrinsic function in place of one."""
    return type(raw) is dict and (len(raw) != 1 or not str(next(iter(raw))).startswith(("Fn::", "Ref")))


def _absent_in(place: Node, key: str) -> Iterator[When]:
    if not isinstance(place.raw, dict) or "Fn::Transform" in place.raw:
        return
    if key in place.raw:
        yield from place.child(key).gaps()
    elif _is_plain(place.raw):
        yield place.when


def jointly(*choices: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """The combinations (one of each) whose conditions one deployment can meet. Anything with `when` can be combined."""
    combinations: list[tuple[tuple[Any, ...], When]] = [((), ALWAYS)]
    for values in choices:
        options = list(values)
        combinations = [
            ((*chosen, option), when | option.when if option.when else when)
            for chosen, when in combinations
            for option in options
            if when == option.when or possible(when, option.when)
        ]
    return (chosen for chosen, _ in combinations)


def assumed(*knowns: Any) -> frozenset[str]:
    """The parameters whose defaults any of the values rests on; for `Finding.assumed`."""
    return NOTHING.union(*(known.assumed for known in knowns))


def number(value: Value) -> int | None:
    """A value as a whole number; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    text = known_text(value)
    return int(text) if text is not None and INTEGER.fullmatch(text) else None


def _flag(value: Value) -> bool | None:
    return value if isinstance(value, bool) else FLAGS.get((known_text(value) or "").lower())


def _read(node: Node, name: str, default: T | None, convert: "Callable[[Any], T | None]") -> list[Known[T]]:
    raw = node.raw
    if _is_plain(raw):  # nearly always: the rest is for conditions
        key = node.document.spell(name)
        written = raw.get(key)
        if written is None and "Fn::Transform" not in raw:
            return [] if default is None else [Known(default, node, node.when, NOTHING, written=False)]
        if type(written) is str and written[:1] in PLACEHOLDER_STARTS and PLACEHOLDER.fullmatch(written):
            return []
        if type(written) in PLAIN and not (type(written) is str and DYNAMIC in written):
            value = convert(written)
            return [] if value is None else [Known(value, node.child(key), node.when)]
    found = []
    for place in node.get(name):
        for each in resolve(place):
            value = convert(each.value)
            if value is not None:
                found.append(Known(value, place, each.when, each.assumed))
    if default is not None:
        found += [Known(default, node, when, NOTHING, written=False) for when in absent(node, name)]
    return found
