"""What thirteen services in two environments cost against QueryServiceStack alone, and where the time goes."""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.speed.measure import Cost
from benchmarks.synth.measuring import ROOT, cost_of, median
from benchmarks.synth.steps import STEPS

SINGLE, MANY = "QueryServiceStack", "thirteen services in stage and prod"
FOLDERS = {SINGLE: ROOT, MANY: ROOT / "examples" / "optima"}
WHOLE = "whole"


def tables(runs: int) -> Iterator[str]:
    """The lines of both tables: the whole synthesis, and its steps."""
    with tempfile.TemporaryDirectory() as outputs:
        costs = measured(runs, Path(outputs))
        yield from (
            "| `roadworthy synth` of | stacks | resources | CPU seconds | ratio | MiB |",
            "|---|---|---|---|---|---|",
        )
        for name in FOLDERS:
            cost, (stacks, resources) = costs[name, WHOLE], size(Path(outputs) / name)
            ratio = cost.cpu / costs[SINGLE, WHOLE].cpu
            yield f"| {name} | {stacks} | {resources} | {cost.cpu:.1f} | {ratio:.2f} | {cost.memory:.0f} |"
    yield from ("", f"| CPU seconds of each step | {SINGLE} | {MANY} |", "|---|---|---|")
    before = dict.fromkeys(FOLDERS, 0.0)
    for step, words in STEPS.items():
        yield f"| {words} | " + " | ".join(f"{costs[name, step].cpu - before[name]:.1f}" for name in FOLDERS) + " |"
        before = {name: costs[name, step].cpu for name in FOLDERS}


def measured(runs: int, outputs: Path) -> dict[tuple[str, str], Cost]:
    """The medians of every app and step, measured in turns."""
    found: dict[tuple[str, str], list[Cost]] = {}
    for _ in range(runs):
        for name, folder in FOLDERS.items():
            for step in (WHOLE, *STEPS):
                command = whole(outputs / name) if step == WHOLE else until(step, folder)
                found.setdefault((name, step), []).append(cost_of(f"{name}, {step}", command, folder=folder))
    return {key: median(costs) for key, costs in found.items()}


def whole(output: Path) -> list[str]:
    """The synthesis as people run it."""
    roadworthy = str(Path(sys.executable).with_name("roadworthy"))
    return [roadworthy, "synth", "--app", f"{sys.executable} app.py", "--output", str(output)]


def until(step: str, folder: Path) -> list[str]:
    """The synthesis up to a step."""
    return [sys.executable, str(Path(__file__).with_name("steps.py")), str(folder), step]


def size(output: Path) -> tuple[int, int]:
    """How many stacks an assembly has, and how many resources.

    Raises:
        SystemExit: there is none, since the app failed.
    """
    templates = [json.loads(path.read_text()) for path in output.glob("*.template.json")]
    if not templates:
        sys.exit(f"{output.name}: no template; `roadworthy synth` says why")
    return len(templates), sum(len(template["Resources"]) for template in templates)
