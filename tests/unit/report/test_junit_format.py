from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.report.junit_format import render
from roadworthy.report.report import Report, ReportedFinding


def parsed(report, **options):
    return ElementTree.fromstring(render(report, **options).encode())  # noqa: S314 - our own text


def test_a_finding_at_the_fail_level_is_a_failure_and_another_passes_with_its_text(report):
    suites = {suite.get("name"): suite for suite in parsed(report)}
    error = suites["t.yaml"].find("testcase[@name='latest-image-tag: Stack/Task/Resource']/failure")
    warning = suites["task.json"].find("testcase[@name='latest-image-tag: task.json']")
    assert error.get("type") == "error"
    assert "t.yaml:7:18" in error.text
    assert warning.find("failure") is None
    assert "task.json:2:18: warning" in warning.find("system-out").text


def test_the_fail_level_decides_what_a_failure_is(report):
    assert parsed(report, failing=("error", "warning")).get("failures") == "2"
    assert parsed(report, failing=()).get("failures") == "0"


def test_a_file_without_findings_is_a_test_that_passes():
    root = parsed(Report([], ["t.yaml"], [], []))
    (case,) = root.iter("testcase")
    assert (case.get("classname"), list(case)) == ("t.yaml", [])
    assert (root.get("tests"), root.get("failures")) == ("1", "0")


def test_waived_and_skipped_say_why(report):
    messages = [skipped.get("message") for skipped in parsed(report).iter("skipped")]
    assert messages == ["waived: a demo", "not a template"]


def test_the_totals_are_those_of_the_cases(report, hostile):
    for root in (parsed(report), parsed(hostile)):
        cases = list(root.iter("testcase"))
        assert root.get("tests") == str(len(cases))
        assert root.get("failures") == str(len(list(root.iter("failure"))))
        assert root.get("skipped") == str(len(list(root.iter("skipped"))))


@given(text=st.text(st.characters(), max_size=30))
def test_any_text_makes_well_formed_xml(text):
    finding = ReportedFinding(text, "error", text, text, text, 1, 1, text, None, text)
    (failure,) = parsed(Report([finding], [text], [], [])).iter("failure")
    if text.isprintable():
        assert failure.get("message") == text
