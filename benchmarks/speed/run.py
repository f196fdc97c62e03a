"""Every tool on every size, in turns, so that a busy moment of the machine hits all alike."""

import json
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.peers.peer import Peer
from benchmarks.speed.generate import DEFECTS, template
from benchmarks.speed.measure import Cost, measure

BASE = "python that parses it"
_BASE_COMMAND = [sys.executable, "-c", "import json, sys; json.load(open(sys.argv[1]))"]
_ENOUGH = 10.0  # CPU seconds, after which a tool is not run again on a size


class Plan(NamedTuple):
    """How much is measured.

    Attributes:
        sizes: numbers of services, each ten times the one before.
        runs: at most so many of each tool on each size.
        limit: seconds; a tool that would need more for the next size, growing linearly, is not run on it.
    """

    sizes: tuple[int, ...]
    runs: int
    limit: float


FULL = Plan(sizes=(1, 10, 100, 1000), runs=5, limit=200)
QUICK = Plan(sizes=(1, 10, 100, 1000), runs=3, limit=12)
Costs = dict[tuple[str, int], Cost]  # tool and size -> medians; a size that a tool was not run on is missing


def run(tools: Sequence[Peer], plan: Plan, folder: Path) -> Costs:
    """Measure all; the templates are written into `folder`."""
    costs: Costs = {}
    folder.mkdir(parents=True, exist_ok=True)
    for size in plan.sizes:
        file = folder / f"{size}-services.json"
        file.write_text(json.dumps(template(size), indent=1), encoding="utf-8")
        commands = {BASE: [*_BASE_COMMAND, str(file)], **{tool.name: tool.command([file]) for tool in tools}}
        wanted = {name: command for name, command in commands.items() if _affordable(costs, name, size, plan)}
        for name, runs in _in_turns(wanted, plan).items():
            if runs:
                costs[name, size] = _median(runs)
    return costs


def caught(tool: Peer, folder: Path) -> list[str]:
    """Which of the five mistakes a tool notices, each alone in a template of one service, in a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {defect: folder / f"{defect}.json" for defect in ("none", *DEFECTS)}
    for defect, file in files.items():
        file.write_text(json.dumps(template(1, frozenset({defect})), indent=1), encoding="utf-8")
    found = tool.check(list(files.values()), processes=1)
    known = found.get(files["none"], set())
    return [defect for defect in DEFECTS if found.get(files[defect], set()) - known]


def _affordable(costs: Costs, name: str, size: int, plan: Plan) -> bool:
    smaller = costs.get((name, size // 10))
    return size == plan.sizes[0] or (smaller is not None and smaller.cpu * 10 <= plan.limit)


def _in_turns(commands: dict[str, list[str]], plan: Plan) -> dict[str, list[Cost]]:
    runs: dict[str, list[Cost]] = {name: [] for name in commands}
    over: set[str] = set()
    for _ in range(plan.runs):
        for name, command in commands.items():
            if name in over or sum(cost.cpu for cost in runs[name]) > _ENOUGH:
                continue
            cost = measure(command, 3 * plan.limit)
            if cost is None:
                over.add(name)
            else:
                runs[name].append(cost)
    return runs


def _median(runs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(run.cpu for run in runs), statistics.median(run.memory for run in runs))
