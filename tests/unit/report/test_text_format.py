import pytest

from roadworthy.report.report import BaselineUse, Report
from roadworthy.report.text_format import render
from roadworthy.template.sources import Skipped


def test_findings_are_grouped_by_resource_with_place_severity_rule_and_fix(report):
    assert render(report) == (
        "Stack/Task/Resource  (Task, t.yaml)\n"
        "  7:18  error  container `api` uses image `nginx` with no tag, which means `latest`  latest-image-tag\n"
        "        fix: Name the image by its commit-hash tag or its digest\n"
        "\n"
        "task.json\n"
        "  2:18  warning  container `api` uses image `nginx` with no tag, which means `latest`  latest-image-tag\n"
        "        fix: Name the image by its commit-hash tag or its digest\n"
        "\n"
        "skipped package.json: not a template\n"
        "2 files checked: 1 error, 1 warning, 1 waived, 1 file skipped"
    )


def test_two_findings_of_a_resource_share_its_heading(finding):
    text = render(Report([finding(), finding(line=9)], ["t.yaml"], [], []))
    assert text.count("Stack/Task/Resource") == 1


def test_nothing_found_is_said_in_one_line():
    assert render(Report([], ["t.yaml"], [], [])) == "1 file checked: 0 errors"


def test_many_skipped_files_are_counted_and_not_listed():
    skipped = [Skipped(f"{number}.json", "not a template") for number in range(6)]
    assert render(Report([], [], skipped, [])) == "0 files checked: 0 errors, 6 files skipped"


def test_colours_are_only_there_when_asked_for(report):
    assert "\033[31merror\033[0m" in render(report, colours=True)
    assert "\033" not in render(report)


def test_control_characters_of_a_template_do_not_reach_the_terminal(finding):
    text = render(Report([finding(message="container `\x1b[31m\n::error::` is wrong")], [], [], []))
    assert "\\x1b[31m\\n::error::" in text
    assert "\x1b" not in text


def test_the_apps_line_stands_beside_the_resource(finding):
    heading = render(Report([finding(created_at="stacks/api.py:41")], [], [], [])).splitlines()[0]
    assert heading == "Stack/Task/Resource  (Task, t.yaml)  made at stacks/api.py:41"


def test_a_baseline_is_counted_and_what_it_lists_in_vain_is_named():
    text = render(Report([], ["t.yaml"], [], [], BaselineUse(12, ["x in t.yaml: y"])))
    assert text == (
        "no longer found, remove it from the baseline: x in t.yaml: y\n1 file checked: 0 errors, 12 in the baseline"
    )


def test_many_stale_entries_are_counted_and_not_listed():
    text = render(Report([], ["t.yaml"], [], [], BaselineUse(0, ["x"] * 6)))
    assert text.splitlines()[0] == "6 entries of the baseline are no longer found: write it anew"


@pytest.mark.parametrize("colours", [True, False])
def test_no_text_of_a_file_reaches_the_terminal_raw(hostile, colours):
    text = render(hostile._replace(baseline=BaselineUse(0, [hostile.files[0]])), colours=colours)
    plain = text.replace("\033[", "") if colours else text
    assert all(each.isprintable() for line in plain.split("\n") for each in line)
    assert not any(line.startswith("::") for line in text.splitlines())
