"""How the benchmark of the patterns counts, what it demands of each app, and what stands in the docs."""

import pytest

from benchmarks.patterns import table
from benchmarks.patterns.__main__ import APPS, PAGE, source
from benchmarks.patterns.features import FEATURES, missing
from benchmarks.patterns.findings import Findings, Said
from benchmarks.patterns.lines import Length, length
from benchmarks.patterns.table import BEGIN, END, Row, markdown, written

NOTHING = Findings(Said(), Said(), Said(), Said(), Said(), {})


@pytest.mark.parametrize(
    ("source", "counted"),
    [
        ("", Length(0, 0)),
        ("# a comment\n\n", Length(0, 0)),
        ('"""A module."""\n', Length(0, 0)),
        ('x = 1  # why\n\n\ny = """\ntext\n"""\n', Length(4, 2)),
        ("f(\n    1,\n    # why\n\n    2,\n)\n", Length(4, 1)),
        ('class A:\n    """A class.\n\n    Of some lines.\n    """\n\n    x = 1\n', Length(2, 2)),
        ('def f() -> None:\n    """A function."""\n    "no docstring"\n', Length(2, 2)),
        ("if x: y = 1\n", Length(1, 1)),
    ],
)
def test_what_is_no_code_is_not_counted(source, counted):
    assert length(source) == counted


def test_a_template_without_the_system_lacks_every_feature():
    assert missing({}) == list(FEATURES)


def test_the_section_between_the_marks_is_replaced():
    assert written(f"a\n{BEGIN}\n\nold\n\n{END}\nb", "new") == f"a\n{BEGIN}\n\nnew\n\n{END}\nb"


@pytest.mark.parametrize("page", ["", BEGIN, END, END + BEGIN])
def test_a_page_without_the_marks_is_refused(page):
    with pytest.raises(ValueError, match="there is no <!-- written by"):
        written(page, "new")


def test_findings_and_waivers_are_named_with_their_numbers():
    waivers = {("/A/One", "AwsSolutions-S1"): "logs", ("/A/Two", "AwsSolutions-S1"): "logs"}
    said = NOTHING._replace(warnings=Said({"latest-image-tag": 2}), lint=Said({"W3010": 1}), waivers=waivers)
    shown = markdown({"ours": Row(Length(5, 3), said, 1)})
    assert "| ours | 5 | 3 | 0 | 0 errors, 2 warnings | 0 | 1 | 2, 1 in the app |" in shown
    assert "- ours, Roadworthy: `latest-image-tag` x 2\n- ours, cfn-lint: `W3010`\n" in shown
    assert "- ours, waived:\n  - `AwsSolutions-S1` x 2: logs" in shown


@pytest.mark.parametrize(("name", "app"), APPS.items())
def test_the_lengths_in_the_docs_are_those_of_the_apps(name, app):
    counted = length(source(app).read_text())
    assert f"| {name} | {counted.code} | {counted.logical} |" in PAGE.read_text()


def test_the_features_in_the_docs_are_those_that_are_demanded():
    section = PAGE.read_text().partition(table.BEGIN)[2]
    assert f"Each makes: {'; '.join(FEATURES)}." in section
