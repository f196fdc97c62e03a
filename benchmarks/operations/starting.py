"""What starting the command costs, against Python that does nothing."""

import subprocess
import sys
from pathlib import Path

from benchmarks.speed.measure import Cost
from benchmarks.synth.measuring import cost_of, median

BARE = "`python -c pass`"


def commands() -> dict[str, list[str]]:
    """What is started, the bare interpreter first."""
    roadworthy = str(Path(sys.executable).with_name("roadworthy"))
    return {
        BARE: [sys.executable, "-c", "pass"],
        "`roadworthy --help`": [roadworthy, "--help"],
        "`roadworthy restart --help`": [roadworthy, "restart", "--help"],
    }


def starts(runs: int) -> dict[str, Cost]:
    """The medians of each, measured in turns, with byte code as pip installs it."""
    compiled = [sys.executable, "-m", "compileall", "-q", "constructs/roadworthy"]
    subprocess.run(compiled, check=True, cwd=Path(__file__).parents[2])
    found: dict[str, list[Cost]] = {name: [] for name in commands()}
    for _ in range(runs):
        for name, command in commands().items():
            found[name].append(cost_of(name, command))
    return {name: median(costs) for name, costs in found.items()}
