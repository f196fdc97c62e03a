"""Real files, which lie beside the repository and are never part of it."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from roadworthy import check

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no folder of real files beside the repository")
COLLISION = "env-secret-collision"


@pytest.fixture(scope="module")
def report():
    return check(CORPUS / "open")


def test_every_real_file_is_checked_or_named(report):
    files = len(report.files) + len(report.skipped)
    assert files >= 440
    assert len(report.files) >= 370


def test_no_rule_fails_on_a_real_file(report):
    assert [finding for finding in report.findings if finding.rule == "internal-error"] == []


def test_mistakes_are_as_frequent_as_a_reader_counted(report):
    found = Counter((finding.rule, finding.severity) for finding in report.findings)
    assert 80 <= found["latest-image-tag", "error"] <= 120
    assert 150 <= found["latest-image-tag", "warning"] <= 200
    assert found[COLLISION, "error"] == 0
    assert found["health-check-path-mismatch", "error"] == 0
    assert found["health-check-path-mismatch", "warning"] <= 5


def test_what_an_author_repaired_is_found_before_and_gone_after():
    rows = csv.DictReader((CORPUS / "fixpairs.tsv").open(encoding="utf-8"), delimiter="\t")
    (number,) = [row["n"] for row in rows if row["class"] == "env-secret-dup"]
    before, after = (next(CORPUS.glob(f"fixpairs/{number}-{when}.*")) for when in ("before", "after"))
    assert COLLISION in {finding.rule for finding in check(before).findings}
    assert COLLISION not in {finding.rule for finding in check(after).findings}


def test_no_repair_makes_a_file_worse():
    for before in sorted(CORPUS.glob("fixpairs/*-before.*")):
        after = before.with_name(before.name.replace("before", "after"))
        errors = [Counter(finding.rule for finding in check(path).errors) for path in (before, after)]
        assert errors[1] <= errors[0], before.name
