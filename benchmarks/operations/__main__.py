"""Measure operating many services: `python -m benchmarks.operations [--quick]`."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.operations.compare import Task, listing, restarting
from benchmarks.operations.shop import LATENCY
from benchmarks.operations.starting import BARE, starts
from benchmarks.speed.measure import Cost
from benchmarks.speed.table import machine

SERVICES, FEW = 1000, 100
PARALLEL = 100


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.operations", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{FEW} services instead of {SERVICES}")
    quick = parser.parse_args().quick
    services = FEW if quick else SERVICES
    print(machine(), "", *_starts(starts(5 if quick else 21)), "", sep="\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        tasks = [listing(services, Path(folder)), restarting(services, PARALLEL, Path(folder))]
    print(f"{services} services, {LATENCY * 1000:.0f} ms for each call:", "", *_tasks(tasks), sep="\n")
    return 0


def _starts(costs: dict[str, Cost]) -> Iterator[str]:
    yield from ("| start of | CPU seconds | ratio |", "|---|---|---|")
    for name, cost in costs.items():
        yield f"| {name} | {cost.cpu:.3f} | {cost.cpu / costs[BARE].cpu:.2f} |"


def _tasks(tasks: Sequence[Task]) -> Iterator[str]:
    yield "| task | roadworthy, seconds | calls | plain script, seconds | calls | times as fast |"
    yield "|---|---|---|---|---|---|"
    for task in tasks:
        own, plain = task.ours, task.plain
        ratio = plain.seconds / own.seconds
        yield f"| {task.words} | {own.seconds:.1f} | {own.calls} | {plain.seconds:.1f} | {plain.calls} | {ratio:.0f} |"


if __name__ == "__main__":
    sys.exit(main())
