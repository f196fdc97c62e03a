"""What can be known of a template's value: the value itself, a reference, a partly known text, or nothing.

A text that is only partly known keeps its literal pieces: of `Fn::Sub: "${Repository}:latest"` the tag is known
although the repository is not. Rules read it as its `skeleton`, in which each gap is one HOLE character.
"""

from typing import TYPE_CHECKING, NamedTuple

from roadworthy.template.conditions import When
from roadworthy.template.pattern import Pattern

if TYPE_CHECKING:
    from roadworthy.template.document import Document

# U+FFFC OBJECT REPLACEMENT CHARACTER: "a placeholder in otherwise plain text". It may stand for any text, also none.
HOLE = "\ufffc"
# Longer ones are in no template, and Python refuses to read thousands of digits.
SHORT_NUMBER = Pattern(r"[0-9]{1,9}")


class Unknown:
    """A value that the template does not tell; it equals nothing, not even itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


class Reference(NamedTuple):
    """`Ref` (attribute "") or `Fn::GetAtt` of a resource, a parameter without default or a pseudo parameter."""

    document: "Document"
    name: str
    attribute: str = ""


class Text(NamedTuple):
    """A text with gaps: literal pieces, references and unknowns, in order."""

    parts: tuple[str | Reference | Unknown, ...]


Value = str | int | float | Reference | Text | Unknown


class Possible(NamedTuple):
    """One value that a property can have: what, under which conditions, assuming which parameters' defaults."""

    value: Value
    when: When
    assumed: frozenset[str] = frozenset()


def skeleton(value: Value) -> str:
    """The text of `value`, with HOLE for each gap; numbers and booleans as CloudFormation writes them."""
    if type(value) is str:  # nearly always
        return value
    if isinstance(value, Text):
        return "".join(part if isinstance(part, str) else HOLE for part in value.parts)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return HOLE


def readable(text: str) -> str:
    """A skeleton as people read it: `…:latest`."""
    return text.replace(HOLE, "…")


def known_text(value: Value) -> str | None:
    """The whole text of `value`, or None if any of it is unknown."""
    text = skeleton(value)
    return None if HOLE in text else text


def known_number(value: Value) -> int | None:
    """`value` as a whole number (ports are often written as strings), or None."""
    text = known_text(value)
    return int(text) if text is not None and SHORT_NUMBER.fullmatch(text) else None


def same(one: Value, other: Value) -> bool:
    """Whether two values are certainly equal: literally, or as the same references with the same text around them."""
    left, right = _parts(one), _parts(other)
    return left == right and not any(isinstance(part, Unknown) for part in left)


def identity(value: Value) -> tuple[str | Reference | Unknown, ...] | None:
    """What values that are `same` have in common, to look them up by; None where a part is unknown."""
    parts = _parts(value)
    return None if any(isinstance(part, Unknown) for part in parts) else parts


def expression(value: Value) -> str:
    """A value for messages, with its references as `Fn::Sub` writes them: `${Name}_URL`."""
    shown = [
        f"${{{'.'.join(filter(None, [part.name, part.attribute]))}}}" if isinstance(part, Reference) else part
        for part in _parts(value)
    ]
    return "".join(part if isinstance(part, str) else "…" for part in shown)


def joined(pieces: list[Value]) -> Value:
    """The pieces as one text; a plain `str` when all of it is known, the piece itself when it stands alone."""
    if len(pieces) == 1:
        return pieces[0]
    parts: list[str | Reference | Unknown] = []
    for part in (part for piece in pieces for part in _parts(piece)):
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    if all(isinstance(part, str) for part in parts):
        return "".join(part for part in parts if isinstance(part, str))
    return Text(tuple(parts))


def _parts(value: Value) -> tuple[str | Reference | Unknown, ...]:
    if isinstance(value, Text):
        return value.parts
    return (value,) if isinstance(value, Reference | Unknown) else (skeleton(value),)
