"""The pages about operations say what the command does."""

import re
from pathlib import Path

from roadworthy.cli import VERBS
from roadworthy.cli.exit_codes import ExitCode
from roadworthy.operations.records.record import Record
from roadworthy.operations.records.status import Status
from roadworthy.operations.rollout.steps import STEP_OF_STAGE

DOCS = Path(__file__).parents[3] / "docs"
OPERATIONS = (DOCS / "operations.md").read_text()


def test_the_page_has_every_exit_code():
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", OPERATIONS, re.MULTILINE)}
    assert listed == {int(code) for code in ExitCode}


def test_the_page_has_every_verb_that_operates():
    verbs = {name for name, module in VERBS.items() if ".operate." in str(module)} | {"exit-codes"}
    table = OPERATIONS.partition("## Verbs")[2].partition("## Where")[0]
    assert verbs - set(re.findall(r"[a-z-]+", " ".join(re.findall(r"`([^`]+)`", table)))) == set()


def test_the_page_of_rollouts_has_the_step_of_every_stage():
    table = (DOCS / "rollouts.md").read_text()
    rows = dict(re.findall(r"^\| (\d) \| ([^|]+) \|", table, re.MULTILINE))
    assert {
        stage: int(step) for step, text in rows.items() for stage in re.findall(r"[A-Z_]{5,}", text)
    } == STEP_OF_STAGE


def test_the_page_of_records_has_every_attribute_and_status():
    page = (DOCS / "records.md").read_text()
    named = set(re.findall(r"`([a-z_]+)`", page)) | {"version", "log"}
    assert set(Record.__dataclass_fields__) - named == set()
    assert all(status.value in page for status in Status)
