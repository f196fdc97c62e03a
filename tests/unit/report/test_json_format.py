import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from roadworthy.report.json_format import render
from roadworthy.report.report import BaselineUse, Report

MEMBERS = ["rule", "severity", "message", "fix", "file", "line", "column", "resource", "path", "source"]
SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "report.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_document_has_four_members_and_a_finding_ten(report):
    document = json.loads(render(report))
    assert list(document) == ["findings", "files", "skipped", "waived"]
    assert list(document["findings"][0]) == MEMBERS


def test_skipped_and_waived_carry_their_reasons(report):
    document = json.loads(render(report))
    assert document["skipped"] == [{"file": "package.json", "reason": "not a template"}]
    assert list(document["waived"][0]) == [*MEMBERS, "reason"]


def test_a_raw_finding_has_neither_resource_nor_path(report):
    raw = json.loads(render(report))["findings"][1]
    assert (raw["resource"], raw["path"]) == (None, None)


def test_a_finding_carries_the_apps_line_where_it_is_known(finding):
    document = json.loads(render(Report([finding(created_at="stacks/api.py:41")], [], [], [])))
    assert document["findings"][0]["created_at"] == "stacks/api.py:41"


def test_a_baseline_is_told_where_one_was_used(report):
    document = json.loads(render(report._replace(baseline=BaselineUse(12, ["x in y: z"]))))
    assert document["baseline"] == {"known": 12, "stale": ["x in y: z"]}


def test_the_schema_itself_is_valid():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ["report", "hostile"])
def test_every_report_follows_the_documented_schema(name, request):
    report = request.getfixturevalue(name)
    first = report.findings[0]._replace(created_at="app.py:1")
    full = report._replace(findings=[first, *report.findings], baseline=BaselineUse(0, []))
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(render(full)))] == []


@pytest.mark.parametrize("member", MEMBERS)
def test_the_schema_refuses_a_finding_without_a_member(report, member):
    document = json.loads(render(report))
    del document["findings"][0][member]
    assert not VALIDATOR.is_valid(document)
