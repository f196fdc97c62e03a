"""The report as JUnit XML: a test suite for each file, a test case for each finding, or one that passes.

A finding at the fail level is a failure; another one is a case that passes and says so in its output.
"""

from collections.abc import Collection, Iterator

from roadworthy.report.report import ERROR, Report, ReportedFinding, Waived
from roadworthy.report.words import shown

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def render(report: Report, *, failing: Collection[str] = (ERROR,)) -> str:
    """The report as XML that ends without a line break.

    Args:
        report: what to say.
        failing: the severities that fail the check.
    """
    files = _by_file(report)
    suites = [_suite(file, cases, failing) for file, cases in files.items()]
    suites += [_skipped_file(each.file, each.reason) for each in report.skipped]
    totals = _totals(
        sum(max(len(cases), 1) for cases in files.values()) + len(report.skipped),
        sum(finding.severity in failing for finding in report.findings),
        len(report.waived) + len(report.skipped),
    )
    opening = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="roadworthy" {totals}>']
    return "\n".join([*opening, *suites, "</testsuites>"])


def _by_file(report: Report) -> dict[str, list[ReportedFinding | Waived]]:
    cases: dict[str, list[ReportedFinding | Waived]] = {file: [] for file in report.files}
    for finding in report.findings:
        cases.setdefault(finding.file, []).append(finding)
    for waived in report.waived:
        cases.setdefault(waived.finding.file, []).append(waived)
    return cases


def _suite(file: str, cases: list[ReportedFinding | Waived], failing: Collection[str]) -> str:
    failures = sum(isinstance(case, ReportedFinding) and case.severity in failing for case in cases)
    totals = _totals(max(len(cases), 1), failures, sum(isinstance(case, Waived) for case in cases))
    opening = f"  <testsuite name={_quoted(file)} {totals}>"
    return "\n".join([opening, *_cases(file, cases, failing), "  </testsuite>"])


def _cases(file: str, cases: list[ReportedFinding | Waived], failing: Collection[str]) -> Iterator[str]:
    if not cases:
        yield f'    <testcase classname={_quoted(file)} name="roadworthy"/>'
    for case in cases:
        finding = case.finding if isinstance(case, Waived) else case
        opening = f"<testcase classname={_quoted(file)} name={_quoted(_name(finding))}>"
        yield f"    {opening}{_outcome(case, failing)}</testcase>"


def _name(finding: ReportedFinding) -> str:
    return f"{finding.rule}: {finding.path or finding.resource or finding.file}"


def _outcome(case: ReportedFinding | Waived, failing: Collection[str]) -> str:
    if isinstance(case, Waived):
        return f"<skipped message={_quoted(f'waived: {case.reason}')}/>"
    details = _text(_details(case))
    if case.severity not in failing:
        return f"<system-out>{details}</system-out>"
    return f"<failure type={_quoted(case.severity)} message={_quoted(case.message)}>{details}</failure>"


def _details(finding: ReportedFinding) -> str:
    lines = [f"{finding.file}:{finding.line}:{finding.column}: {finding.severity}: {finding.message}"]
    lines += [f"made at {finding.created_at}"] if finding.created_at else []
    return "\n".join(shown(line) for line in [*lines, f"fix: {finding.fix}", finding.source])


def _skipped_file(file: str, reason: str) -> str:
    case = f'<testcase classname={_quoted(file)} name="roadworthy"><skipped message={_quoted(reason)}/></testcase>'
    return f"  <testsuite name={_quoted(file)} {_totals(1, 0, 1)}>\n    {case}\n  </testsuite>"


def _totals(tests: int, failures: int, skipped: int) -> str:
    return f'tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}"'


def _quoted(text: str) -> str:
    return f'"{_text(shown(text))}"'


def _text(text: str) -> str:
    """`text`, in which XML's own characters are escaped; control characters have been before."""
    return "".join(_ENTITIES.get(each, each) for each in text)
