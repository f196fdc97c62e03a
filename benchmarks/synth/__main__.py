"""Measure synthesis: `python -m benchmarks.synth [--quick]`. The templates must be the same to the byte."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.speed.measure import Cost
from benchmarks.speed.table import machine
from benchmarks.synth import services
from benchmarks.synth.measuring import ROOT, cost_of, median
from roadworthy.node import pinned_node

CLI = str(ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk")
STACK = "QueryServiceStack"
STOCK = "`cdk synth` as installed"


class Way(NamedTuple):
    """A way to synthesize: its name in the table, and its command with the output folder left out."""

    name: str
    command: list[str]


def ways() -> list[Way]:
    """Stock first; without a Node.js of the machine, it runs on the pinned one as well."""
    pinned = str(pinned_node())
    system = shutil.which("node") or pinned
    python = [sys.executable]
    stock_app = " ".join([*python, "-m", "benchmarks.synth.stock_app"])
    ours = " ".join([*python, "app.py"])
    return [
        Way(STOCK, ["env", f"JSII_NODE={system}", system, *_cdk(stock_app)]),
        Way("the same on Node.js 24", ["env", f"JSII_NODE={pinned}", pinned, *_cdk(stock_app)]),
        Way("`cdk synth`, app with `start_quickly` and `run_app`", ["env", *_advised(), pinned, *_cdk(ours)]),
        Way(
            "`roadworthy synth`",
            [str(Path(sys.executable).with_name("roadworthy")), "synth", "--app", ours, "--output"],
        ),
    ]


def _advised() -> list[str]:
    """What docs/synth.md advises for CI: a place for the CDK CLI's compiled code."""
    return [f"NODE_COMPILE_CACHE={ROOT / '.bench' / 'node-compile-cache'}"]


def _cdk(app: str) -> list[str]:
    return [CLI, "synth", "--quiet", "--app", app, "--output"]


def run(runs: int, folder: Path) -> dict[str, Cost]:
    """The medians of each way, measured in turns.

    Raises:
        SystemExit: a way failed, or made another template than stock CDK.
    """
    found: dict[str, list[Cost]] = {way.name: [] for way in ways()}
    for _ in range(runs):
        for index, way in enumerate(ways()):
            cost = cost_of(way.name, [*way.command, str(folder / str(index))])
            if not _template(folder, index).exists():
                sys.exit(f"{way.name}: no template")
            found[way.name].append(cost)
    different = [way.name for index, way in enumerate(ways()) if _bytes(folder, index) != _bytes(folder, 0)]
    if different:
        sys.exit(f"another template than stock CDK's: {', '.join(different)}")
    return {name: median(costs) for name, costs in found.items()}


def _template(folder: Path, index: int) -> Path:
    return folder / str(index) / f"{STACK}.template.json"


def _bytes(folder: Path, index: int) -> bytes:
    return _template(folder, index).read_bytes()


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.synth", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run of each instead of five")
    runs = 1 if parser.parse_args().quick else 5
    with tempfile.TemporaryDirectory() as folder:
        costs = run(runs, Path(folder))
    print(machine(), "", "| way | CPU seconds | share of stock | MiB |", "|---|---|---|---|", sep="\n")
    for name, cost in costs.items():
        print(f"| {name} | {cost.cpu:.1f} | {cost.cpu / costs[STOCK].cpu:.2f} | {cost.memory:.0f} |")
    print("", *services.tables(runs), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
