"""Measuring a command in a folder; the medians of what was measured in turns."""

import contextlib
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.speed.measure import Cost, measure

ROOT = Path(__file__).parents[2]
LIMIT = 300.0  # seconds for one synthesis


def cost_of(name: str, command: Sequence[str], *, folder: Path = ROOT) -> Cost:
    """What a command costs.

    Raises:
        SystemExit: it took too long.
    """
    with contextlib.chdir(folder):
        cost = measure(command, LIMIT)
    if cost is None:
        sys.exit(f"{name}: killed")
    return cost


def median(costs: Sequence[Cost]) -> Cost:
    """The median of the CPU time, and the highest peak."""
    return Cost(statistics.median(cost.cpu for cost in costs), max(cost.memory for cost in costs))
