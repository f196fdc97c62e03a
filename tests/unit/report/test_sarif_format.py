"""SARIF against the standard's own schema: README.md says where it is from."""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from roadworthy.report import sarif_format
from roadworthy.report.report import Report, Waived

VALIDATOR = Draft4Validator(json.loads(Path(__file__).with_name("sarif-schema-2.1.0.json").read_text()))


def run_of(report):
    (run,) = json.loads(sarif_format.render(report))["runs"]
    return run


@pytest.mark.parametrize("name", ["report", "hostile"])
def test_a_report_follows_the_standards_schema(name, request):
    document = json.loads(sarif_format.render(request.getfixturevalue(name)))
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


def test_a_report_without_findings_follows_it_too():
    document = json.loads(sarif_format.render(Report([], ["t.yaml"], [], [])))
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    assert document["runs"][0]["results"] == []


def test_the_schema_refuses_what_is_no_sarif(report):
    document = json.loads(sarif_format.render(report))
    document["runs"][0]["results"][0]["level"] = "fatal"
    assert not VALIDATOR.is_valid(document)


def test_a_result_has_level_place_and_logical_location(report):
    first, second, _ = run_of(report)["results"]
    (location,) = first["locations"]
    assert (first["level"], second["level"]) == ("error", "warning")
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "t.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 7, "startColumn": 18},
    }
    assert location["logicalLocations"] == [
        {"name": "Task", "fullyQualifiedName": "Stack/Task/Resource", "kind": "resource"}
    ]
    assert "logicalLocations" not in second["locations"][0]


def test_what_is_waived_is_a_suppressed_result_with_its_reason(report):
    *reported, waived = run_of(report)["results"]
    assert waived["suppressions"] == [{"kind": "inSource", "status": "accepted", "justification": "a demo"}]
    assert not any("suppressions" in result for result in reported)


def test_the_same_fact_waived_and_reported_is_suppressed_once(finding):
    same = finding()
    results = run_of(Report([same], [], [], [Waived(same, "a demo")]))["results"]
    assert ["suppressions" in result for result in results] == [False, True]


def test_a_rule_has_its_page_and_the_address_of_its_source(report):
    rules = {rule["id"]: rule for rule in run_of(report)["tool"]["driver"]["rules"]}
    assert rules["latest-image-tag"]["helpUri"].startswith("https://docs.aws.amazon.com/")
    assert "## Why is this bad?" in rules["latest-image-tag"]["help"]["markdown"]
    assert rules["other"]["helpUri"] == "https://docs.aws.amazon.com/x"


def test_the_index_of_a_result_is_that_of_its_rule(report):
    run = run_of(report)
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_the_apps_line_is_the_place_and_the_templates_line_is_related(finding):
    (result,) = run_of(Report([finding(created_at="stacks/api.py:41")], [], [], []))["results"]
    place, template = result["locations"][0]["physicalLocation"], result["relatedLocations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("stacks/api.py", 41)
    assert (template["artifactLocation"]["uri"], template["region"]["startLine"]) == ("t.yaml", 7)


def test_a_fingerprint_outlives_moved_lines_and_tells_two_findings_apart(finding):
    def prints(*findings):
        results = run_of(Report(list(findings), [], [], []))["results"]
        return [result["partialFingerprints"]["roadworthyFinding/v1"] for result in results]

    assert prints(finding()) == prints(finding(line=99))
    assert len(set(prints(finding(), finding(line=9), finding(message="another")))) == 3


def test_a_file_below_the_working_directory_is_relative_and_another_absolute(finding, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    files = [os.path.join(tmp_path, "a b.yaml"), os.path.join(os.sep, "elsewhere", "é.yaml")]
    locations = [artifact["location"] for artifact in run_of(Report([], files, [], []))["artifacts"]]
    assert locations == [{"uri": "a%20b.yaml", "uriBaseId": "%SRCROOT%"}, {"uri": "file:///elsewhere/%C3%A9.yaml"}]


def test_results_beyond_what_github_takes_are_left_out_and_told(finding, monkeypatch):
    monkeypatch.setattr(sarif_format, "MOST_RESULTS", 2)
    run = run_of(Report([finding(severity="warning"), finding(), finding(line=9)], [], [], []))
    assert [result["level"] for result in run["results"]] == ["error", "error"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "1 result left out: GitHub takes 2 of a run"


def test_a_skipped_file_is_a_note_of_the_invocation(report):
    (note,) = run_of(report)["invocations"][0]["toolExecutionNotifications"]
    assert (note["level"], note["message"]["text"]) == ("note", "skipped: not a template")
