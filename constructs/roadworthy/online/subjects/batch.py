"""Uses that one call can ask about together."""

from collections.abc import Iterable
from typing import Generic, NamedTuple, Protocol, TypeVar

from roadworthy.template.node import Node


class Named(Protocol):
    """A use of something that has a name in a region."""

    @property
    def name(self) -> str:
        """The name that AWS is asked about."""

    @property
    def region(self) -> str:
        """The region to ask in."""

    @property
    def place(self) -> Node:
        """Where it is written."""


Use = TypeVar("Use", bound=Named)


class Batch(NamedTuple, Generic[Use]):
    """All uses of a few names in one region, at most as many names as a call takes.

    Attributes:
        region: where to ask.
        uses: name -> its uses.
    """

    region: str
    uses: dict[str, list[Use]]

    @property
    def place(self) -> Node:
        """The first place."""
        return next(iter(self.uses.values()))[0].place


def batches(uses: Iterable[Use], size: int) -> list[Batch[Use]]:
    """The uses in batches of `size` names, by region; names that begin alike are together."""
    regions: dict[str, dict[str, list[Use]]] = {}
    for use in uses:
        regions.setdefault(use.region, {}).setdefault(use.name, []).append(use)
    found: list[Batch[Use]] = []
    for region, named in regions.items():
        names = sorted(named)
        chunks = [names[start : start + size] for start in range(0, len(names), size)]
        found.extend(Batch(region, {name: named[name] for name in chunk}) for chunk in chunks)
    return found
