import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.report import baseline
from roadworthy.report.baseline import BaselineError
from roadworthy.report.report import Report, ReportedFinding

RULES = ["latest-image-tag"]


@pytest.fixture
def listed(tmp_path, monkeypatch):
    """Write a baseline of some findings, in a folder below the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ci").mkdir()
    (tmp_path / "t.yaml").touch()

    def write(*findings):
        file = "ci/baseline.json"
        (tmp_path / file).write_text(baseline.render(Report(list(findings), [], [], []), file))
        return file

    return write


def test_a_known_finding_is_counted_and_not_reported_wherever_its_line_has_moved(listed, finding):
    report = Report([finding(line=99, column=1), finding(resource="New")], ["t.yaml"], [], [])
    applied = baseline.apply(report, listed(finding()), rules=RULES)
    assert [each.resource for each in applied.findings] == ["New"]
    assert applied.baseline == (1, [])


def test_a_second_equal_finding_is_new(listed, finding):
    file = listed(finding())
    applied = baseline.apply(Report([finding(), finding(line=9)], ["t.yaml"], [], []), file, rules=RULES)
    assert [each.line for each in applied.findings] == [9]


def test_another_value_in_the_message_is_a_new_finding(listed, finding):
    other = finding(message="another image")
    applied = baseline.apply(Report([other], ["t.yaml"], [], []), listed(finding()), rules=RULES)
    assert applied.findings == [other]


def test_an_entry_that_is_no_longer_found_is_told(listed, finding):
    applied = baseline.apply(Report([], ["t.yaml"], [], []), listed(finding(), finding()), rules=RULES)
    assert applied.baseline.stale == [f"latest-image-tag in ../t.yaml (2 times): {finding().message}"]


@pytest.mark.parametrize(("files", "rules"), [(["other.yaml"], RULES), (["t.yaml"], ["other"])])
def test_what_was_not_checked_is_not_called_stale(listed, finding, files, rules):
    applied = baseline.apply(Report([], files, [], []), listed(finding()), rules=rules)
    assert applied.baseline == (0, [])


def test_an_entry_of_a_file_that_is_gone_is_stale(listed, finding):
    applied = baseline.apply(Report([], [], [], []), listed(finding(file="gone.yaml")), rules=RULES)
    assert len(applied.baseline.stale) == 1


def test_the_file_is_the_same_whatever_the_order_of_the_findings(finding):
    findings = [finding(), finding(resource=None), finding(rule="a"), finding()]
    texts = {baseline.render(Report(list(each), [], [], []), "b.json") for each in (findings, reversed(findings))}
    (text,) = texts
    entries = json.loads(text)["findings"]
    assert [(entry["rule"], entry["resource"], entry["count"]) for entry in entries] == [
        ("a", "Task", 1),
        ("latest-image-tag", None, 1),
        ("latest-image-tag", "Task", 2),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not a baseline"),
        ("[]", "not a baseline of version 1"),
        ('{"version": 2, "findings": []}', "not a baseline of version 1"),
        ('{"version": 1, "findings": [3]}', r"findings\[0\] is not a finding: it needs rule, file and message"),
        ('{"version": 1, "findings": [{"rule": "a", "file": "b", "message": "c", "count": 0}]}', "a number from 1"),
        ('{"version": 1, "findings": [{"rule": "a", "file": "b", "message": "c", "count": true}]}', "a number from 1"),
        ('{"version": 1, "findings": [{"rule": "a", "file": "b", "message": "c", "resource": 1}]}', "a text or null"),
    ],
)
def test_a_malformed_baseline_is_told_in_one_line(tmp_path, text, message):
    file = tmp_path / "b.json"
    file.write_text(text)
    with pytest.raises(BaselineError, match=message) as told:
        baseline.load(str(file))
    assert "\n" not in str(told.value)


def test_a_missing_baseline_says_how_to_make_one():
    with pytest.raises(
        BaselineError, match="no such file or directory: make the baseline with --write-baseline absent"
    ):
        baseline.load("absent")


@given(rule=st.text(), file=st.text(min_size=1), resource=st.none() | st.text(), message=st.text())
def test_what_is_written_is_recognized_again(tmp_path_factory, rule, file, resource, message):
    finding = ReportedFinding(rule, "error", message, "", file, 1, 1, resource, None, "")
    report = Report([finding, finding], [file], [], [])
    path = tmp_path_factory.getbasetemp() / "round.json"
    path.write_bytes(baseline.render(report, str(path)).encode())
    assert baseline.apply(report, str(path), rules=[rule])[0] == []
