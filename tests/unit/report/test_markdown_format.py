import re

from hypothesis import given
from hypothesis import strategies as st

from roadworthy.report import markdown_format
from roadworthy.report.markdown_format import escaped, render
from roadworthy.report.report import Report


def test_a_finding_is_a_row_with_its_values_as_code(finding):
    text = render(Report([finding(created_at="app.py:9")], ["t.yaml"], [], []))
    assert text.splitlines()[-1] == (
        "| &#10060; error | container <code>api</code> uses image <code>nginx</code> with no tag, which means "
        "<code>latest</code><br>[latest-image-tag](https://docs.aws.amazon.com/x) "
        "| Name the image by its commit-hash tag or its digest "
        "| <code>Stack/Task/Resource</code><br><code>app.py:9</code><br><code>t.yaml:7:18</code> |"
    )


def test_the_heading_sums_up_and_nothing_found_is_no_table():
    assert render(Report([], ["t.yaml"], [], [])) == "### Roadworthy: 1 file checked: 0 errors"


def test_waived_and_skipped_are_folded_away_with_their_reasons(report):
    text = render(report)
    assert "<summary>1 file skipped</summary>" in text
    assert "- <code>package.json</code>: not a template" in text
    assert "- <code>other</code> <code>Stack/Task/Resource</code><br><code>t.yaml:7:18</code>: a demo" in text


def test_a_summary_stays_below_githubs_limit(finding, monkeypatch):
    monkeypatch.setattr(markdown_format, "LARGEST", 1000)
    text = render(Report([finding(line=line) for line in range(1, 30)], [], [], []))
    assert len(text) < 1500
    assert re.search(r"\n\n\.\.\. and \d+ findings more\.$", text)


@given(text=st.text(st.characters(), max_size=30) | st.text("|`<>&\\[]\n\r*_~@", max_size=12))
def test_no_text_leaves_its_cell(text):
    written = escaped(text)
    assert "\n" not in written
    assert not re.search(r"(?<!\\)(\\\\)*[|`\[\]]", written)
    assert set(re.findall(r"<[^>]*>", written)) <= {"<code>", "</code>"}


def test_a_table_of_hostile_texts_has_four_cells_in_each_row(hostile):
    rows = [line for line in render(hostile).splitlines() if line.startswith("| ")]
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [5, 5, 5]
