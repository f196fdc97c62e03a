"""What a check answers."""

from typing import NamedTuple

from roadworthy.template.sources import Skipped

ERROR = "error"


class ReportedFinding(NamedTuple):
    """One finding, with all that a reader or a machine needs.

    Attributes:
        rule: the rule's id.
        severity: "error" or "warning".
        message: the fact, with its values.
        fix: what to do, one sentence.
        file: the file as it was given or found.
        line: from 1.
        column: from 1.
        resource: the logical id; None in raw ECS JSON.
        path: the construct path, where CDK made the resource.
        source: the page that states the fact.
        location: the property inside the resource, as CDK names it ("Properties.Image"); None in raw ECS JSON.
        created_at: "stacks/api.py:41", the line of the CDK app that made the resource; None where CDK recorded none.
    """

    rule: str
    severity: str
    message: str
    fix: str
    file: str
    line: int
    column: int
    resource: str | None
    path: str | None
    source: str
    location: str | None = None
    created_at: str | None = None

    @property
    def place(self) -> tuple[str, int, int]:
        """File, line and column to show in a pull request: the app's line where it is known, else the template's."""
        file, _, line = (self.created_at or "").rpartition(":")
        return (file, int(line), 1) if file else (self.file, self.line, self.column)


class Waived(NamedTuple):
    """A finding that someone accepted, with the reason."""

    finding: ReportedFinding
    reason: str


class BaselineUse(NamedTuple):
    """What a baseline did to a report.

    Attributes:
        known: how many findings it holds back.
        stale: what it lists and the check no longer finds, one line each.
    """

    known: int
    stale: list[str]


class Report(NamedTuple):
    """The answer of a check.

    Attributes:
        findings: errors and warnings; waived ones and those of the baseline are left out.
        files: the files that were checked.
        skipped: the files that were not, and why.
        waived: what was accepted.
        baseline: what the baseline held back; None without one.
    """

    findings: list[ReportedFinding]
    files: list[str]
    skipped: list[Skipped]
    waived: list[Waived]
    baseline: BaselineUse | None = None

    @property
    def errors(self) -> list[ReportedFinding]:
        """The findings that are errors."""
        return [finding for finding in self.findings if finding.severity == ERROR]
