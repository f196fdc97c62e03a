"""The numbers of a service that hang together: CPU with memory, and how many tasks."""

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import NamedTuple

from roadworthy.rules.facts.fargate_sizes import SIZES

DEFAULT_CPU = 256
Numbers = Mapping[str, int]


class Size(NamedTuple):
    """CPU units and MiB of a task; default: 256, and the least memory that goes with the CPU."""

    cpu: int
    memory: int

    @classmethod
    def of(cls, numbers: Numbers) -> "Size":
        """The size that is given in part."""
        cpu = numbers.get("cpu", DEFAULT_CPU)
        return cls(cpu, numbers.get("memory", SIZES[cpu][0]))

    @property
    def wrong(self) -> str | None:
        """What is wrong with it."""
        if self.memory in SIZES[self.cpu]:
            return None
        sizes = ", ".join(map(str, SIZES[self.cpu]))
        return f"Fargate has no size of cpu = {self.cpu} with memory = {self.memory}; with that cpu: {sizes}"


class Tasks(NamedTuple):
    """How many tasks a service starts with, and the fewest and the most; default: `usual`, without scaling."""

    desired: int
    min: int
    max: int

    @classmethod
    def of(cls, numbers: Numbers, usual: int) -> "Tasks":
        """The counts that are given in part."""
        desired = numbers.get("desired", numbers.get("min", min(usual, numbers.get("max", usual))))
        fewest = numbers.get("min", desired)
        return cls(desired, fewest, numbers.get("max", max(desired, fewest)))

    @property
    def wrong(self) -> str | None:
        """What is wrong with them."""
        if self.min <= self.desired <= self.max:
            return None
        counts = ", ".join(f"{name} = {value}" for name, value in self._asdict().items())
        return f"{counts}: it must be min <= desired <= max"


def agreeing(said: Numbers, defaults: Numbers, wrong: Callable[[Numbers], str | None]) -> Numbers:
    """What is said, with as many of the defaults as do not contradict it."""
    free = [(key, value) for key, value in defaults.items() if key not in said]
    for count in range(len(free), -1, -1):
        for kept in combinations(free, count):
            if wrong(numbers := {**said, **dict(kept)}) is None:
                return numbers
    return said
