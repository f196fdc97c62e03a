import re

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.report.github_format import render
from roadworthy.report.report import Report, ReportedFinding

COMMAND = re.compile(r"::(?:error|warning) file=[^:,]*,line=\d+,col=\d+,title=[^:,]*::.*")


def test_a_finding_is_a_workflow_command_at_its_line(finding):
    command, summary = render(Report([finding()], ["t.yaml"], [], [])).splitlines()
    assert command == (
        "::error file=t.yaml,line=7,col=18,title=latest-image-tag::"
        "Stack/Task/Resource: container `api` uses image `nginx` with no tag, which means `latest`"
        "%0Afix: Name the image by its commit-hash tag or its digest%0Ahttps://docs.aws.amazon.com/x"
    )
    assert summary == "1 file checked: 1 error"


def test_the_errors_come_first_because_ten_are_shown(finding):
    lines = render(Report([finding(severity="warning"), finding(line=9)], [], [], [])).splitlines()
    assert [line.partition(" ")[0] for line in lines[:2]] == ["::error", "::warning"]


def test_an_annotation_stands_at_the_apps_line_where_it_is_known(finding):
    text = render(Report([finding(created_at="stacks/api.py:41")], [], [], []))
    assert text.startswith("::error file=stacks/api.py,line=41,col=1,")


def test_a_path_is_named_as_the_checkout_names_it(finding, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = ["./t.yaml", str(tmp_path / "t.yaml"), "../t.yaml", "/t.yaml", "<stdin>"]
    lines = render(Report([finding(file=file) for file in files], [], [], [])).splitlines()
    named = sorted(re.match("::error file=([^,]*)", line)[1] for line in lines[:-1])
    assert named == ["../t.yaml", "/t.yaml", "<stdin>", "t.yaml", "t.yaml"]


def test_properties_and_text_are_escaped_as_github_reads_them(finding):
    text = render(Report([finding(file="C:\\a,b%.yaml", message="100% x: y, z")], [], [], []))
    assert "file=C%3A\\a%2Cb%25.yaml," in text
    assert "100%25 x: y, z" in text


@given(text=st.text(st.characters(), max_size=30))
def test_any_text_stays_in_its_one_command(text):
    finding = ReportedFinding(text, "error", text, text, text, 1, 1, text, None, "")
    command, summary = render(Report([finding], [], [], [])).split("\n")
    assert COMMAND.fullmatch(command)
    assert not summary.startswith("::")
