"""What was measured, as Markdown."""

import datetime
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.peers import OURS
from benchmarks.peers.peer import Peer
from benchmarks.speed.generate import DEFECTS
from benchmarks.speed.run import BASE, Costs, Plan

_PRECISE = 10  # below it a number has decimals


def markdown(costs: Costs, plan: Plan, tools: Sequence[Peer], caught: Mapping[str, list[str]]) -> str:
    """CPU time, memory and ratios; then which mistakes each tool notices."""
    names = [BASE, *(tool.name for tool in tools)]
    return "\n".join(
        [
            machine(),
            "",
            "CPU seconds of the whole process (and how many times Roadworthy's); growth from 100 to 1,000 services:",
            "",
            *_table([["tool", *map(_services, plan.sizes), "growth"], *(_times(name, costs, plan) for name in names)]),
            "",
            "Peak memory in MiB:",
            "",
            *_table([["tool", *map(_services, plan.sizes)], *(_memory(name, costs, plan) for name in names)]),
            "",
            f"- A dash: it would have needed more than {plan.limit:.0f} s, had it grown linearly, or it was killed.",
            *(f"- {tool.name}: {tool.note}." for tool in tools if tool.note),
            "",
            "Which of the five mistakes in every tenth service each notices:",
            "",
            *_table([["mistake", *caught], *(_noticed(defect, caught) for defect in DEFECTS)]),
        ]
    )


def machine() -> str:
    """Where and when: tables of different machines are not compared."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = (line for line in cpuinfo.read_text().splitlines() if line.startswith("model name"))
        model = next(lines, f": {model}").partition(":")[2].strip()
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    return f"{today}, {os.cpu_count()} x {model}, Python {platform.python_version()}"


def _times(name: str, costs: Costs, plan: Plan) -> list[str]:
    return [name, *(_time(name, size, costs) for size in plan.sizes), _growth(name, costs)]


def _time(name: str, size: int, costs: Costs) -> str:
    cost, ours = costs.get((name, size)), costs.get((OURS.name, size))
    if cost is None:
        return "-"
    if ours is None or name == OURS.name:
        return f"{cost.cpu:.3f}"
    return f"{cost.cpu:.3f} ({_number(cost.cpu / ours.cpu)})"


def _number(value: float) -> str:
    return f"{value:.2f}" if value < _PRECISE else f"{value:,.0f}"


def _growth(name: str, costs: Costs) -> str:
    small, large = costs.get((name, 100)), costs.get((name, 1000))
    return f"x {large.cpu / small.cpu:.1f}" if small and large else "-"


def _memory(name: str, costs: Costs, plan: Plan) -> list[str]:
    found = [costs.get((name, size)) for size in plan.sizes]
    return [name, *(f"{cost.memory:.0f}" if cost else "-" for cost in found)]


def _noticed(defect: str, caught: Mapping[str, list[str]]) -> list[str]:
    return [f"`{defect}`: {DEFECTS[defect]}", *("yes" if defect in found else "no" for found in caught.values())]


def _services(size: int) -> str:
    return f"{size:,} service{'s' * (size > 1)}"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    head, *body = rows
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *body)]
