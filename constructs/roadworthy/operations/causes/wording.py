"""How the texts of ECS are recognized: families of wordings, each with the cause that it means."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from roadworthy.operations.causes.cause import Cause

ANYTHING = r""  # the last wording of a family: whatever else it says


class Wording(NamedTuple):
    """A text and what it means.

    Attributes:
        kind: of the cause.
        pattern: a regular expression that the text holds; case does not matter. Its named groups are values too, as
            they stand.
        what, next_step: of the cause, with the names of `values_of` in braces.
    """

    kind: str
    pattern: str
    what: str
    next_step: str


class Family(NamedTuple):
    """Wordings that mean something only in texts that hold `gate`; the first that fits is meant."""

    gate: str
    wordings: tuple[Wording, ...]


def one_line(text: str) -> str:
    """The text without line breaks and without what a terminal could obey."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def has(pattern: str, text: str) -> re.Match[str] | None:
    """Where the text holds the pattern, whatever the case."""
    return re.search(pattern, text, re.IGNORECASE)


def cause_of_text(text: str, families: Iterable[Family], values: Mapping[str, str]) -> Cause | None:
    """What the first of the families' wordings that fits the text, one line, means; None when none does."""
    for family in families:
        if has(family.gate, text):
            for wording in family.wordings:
                if match := has(wording.pattern, text):
                    return _cause(wording, text, {**values, **_named(match)})
    return None


def _named(match: re.Match[str]) -> dict[str, str]:
    return {name: value for name, value in match.groupdict().items() if value}


def _cause(wording: Wording, text: str, values: Mapping[str, str]) -> Cause:
    return Cause(wording.kind, wording.what.format_map(values), wording.next_step.format_map(values), text)
