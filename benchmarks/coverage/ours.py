"""Roadworthy over the variants, in one process."""

from pathlib import Path
from typing import NamedTuple

from benchmarks.coverage.variant import Variant
from roadworthy.checking import check
from roadworthy.report.report import ReportedFinding


class Outcome(NamedTuple):
    """What Roadworthy says of one variant.

    Attributes:
        variant: the case.
        findings: all of them.
    """

    variant: Variant
    findings: list[ReportedFinding]

    @property
    def caught(self) -> bool:
        """Whether the very rule speaks that is meant."""
        return any(finding.rule == self.variant.rule for finding in self.findings)

    @property
    def unexpected(self) -> list[ReportedFinding]:
        """False alarms: any finding in a trap; in a variant, errors by rules that have nothing to do with it."""
        if not self.variant.rule:
            return self.findings
        expected = {self.variant.rule, *self.variant.also}
        return [each for each in self.findings if each.severity == "error" and each.rule not in expected]


def outcome(variant: Variant, folder: Path) -> Outcome:
    """Write a variant's files below `folder` and check them together."""
    files = variant.write(folder)
    assembly = any(file.name == "manifest.json" for file in files)
    return Outcome(variant, check(*([files[0].parent] if assembly else files)).findings)
