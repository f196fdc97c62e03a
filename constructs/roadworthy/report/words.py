"""What every format says in the same words: texts made harmless, the line that sums up."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roadworthy.report.report import Report, ReportedFinding

ERROR = "error"


def shown(text: str) -> str:
    """A text from a template, fit for a terminal and a CI log: control characters and line breaks are escaped."""
    if text.isprintable():  # nearly always
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def count(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def ordered(findings: "list[ReportedFinding]") -> "list[ReportedFinding]":
    """The errors first, then as the files have them: where only so many are shown, the worst are."""
    return sorted(findings, key=lambda each: (each.severity != ERROR, each.file, each.line, each.column, each.rule))


def summary(report: "Report") -> str:
    """`2 files checked: 1 error, 1 warning, 3 waived, 12 in the baseline, 1 file skipped`."""
    errors, warnings = len(report.errors), len(report.findings) - len(report.errors)
    counts = [
        count(errors, "error") if errors or not warnings else "",
        count(warnings, "warning") if warnings else "",
        f"{len(report.waived)} waived" if report.waived else "",
        f"{report.baseline.known} in the baseline" if report.baseline else "",
        f"{count(len(report.skipped), 'file')} skipped" if report.skipped else "",
    ]
    return f"{count(len(report.files), 'file')} checked: {', '.join(each for each in counts if each)}"
