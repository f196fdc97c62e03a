"""What is measured is what was meant to be."""

import json
import sys

import pytest

from benchmarks.peers import OURS
from benchmarks.speed.generate import DEFECTS, template
from benchmarks.speed.measure import Cost, measure
from benchmarks.speed.run import Plan, caught, run
from benchmarks.speed.table import markdown
from roadworthy.checking import check

PLAN = Plan(sizes=(1, 10), runs=1, limit=60)


def _rules(tmp_path, services, defects):
    file = tmp_path / "template.json"
    file.write_text(json.dumps(template(services, defects)))
    return [(finding.rule, finding.resource) for finding in check(file).findings]


def test_a_service_has_ten_resources_and_all_share_nine():
    assert [len(template(services)["Resources"]) for services in (1, 10, 100)] == [19, 109, 1009]


def test_only_every_tenth_service_has_mistakes(tmp_path):
    found = {resource.removesuffix("Task") for _, resource in _rules(tmp_path, 11, frozenset(DEFECTS))}
    assert found == {"Service0", "Service10"}


@pytest.mark.parametrize("defect", DEFECTS)
def test_each_mistake_is_found_by_the_rule_of_its_name(defect, tmp_path):
    assert {rule for rule, _ in _rules(tmp_path, 1, frozenset({defect}))} == {defect}


def test_services_without_mistakes_give_no_finding(tmp_path):
    assert _rules(tmp_path, 3, frozenset()) == []


def test_cpu_time_is_that_of_the_command_and_not_of_who_measures():
    cost = measure(
        [sys.executable, "-c", "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"],
        60,
    )
    assert cost is not None
    assert cost.cpu >= 0.3


def test_memory_is_that_of_the_command_and_not_of_who_measures():
    large = bytearray(150 * 1024 * 1024)
    cost = measure([sys.executable, "-S", "-c", "pass"], 60)
    assert cost is not None
    assert 1 < cost.memory < len(large) / 2**20


def test_a_command_that_takes_too_long_is_ended():
    assert measure([sys.executable, "-S", "-c", "import time; time.sleep(60)"], 1) is None


def test_the_table_has_every_size_of_every_tool(tmp_path):
    costs = run([OURS], PLAN, tmp_path)
    rows = markdown(costs, PLAN, [OURS], {OURS.name: caught(OURS, tmp_path)}).split("\n")
    cells = next(row for row in rows if row.startswith("| roadworthy |")).split(" | ")
    assert [float(cell) for cell in cells[1:3]] == [round(costs["roadworthy", size].cpu, 3) for size in (1, 10)]


def test_a_size_that_a_tool_cannot_afford_is_a_dash():
    costs = {("roadworthy", 1): Cost(1.0, 10)}
    assert "| roadworthy | 1.000 | - | - |" in markdown(costs, PLAN, [OURS], {})
