"""The report as text for people: findings grouped by resource, then one line that sums up."""

from collections.abc import Iterable

from roadworthy.report.report import ERROR, Report, ReportedFinding
from roadworthy.report.words import shown, summary

BOLD, RED, YELLOW, GREY, PLAIN = "\033[1m", "\033[31m", "\033[33m", "\033[90m", "\033[0m"
FEW = 5  # skipped files and stale entries of the baseline that are named one by one


def render(report: Report, *, colours: bool = False) -> str:
    """The report as text that ends without a line break."""
    paint = Paint(colours)
    blocks = [_block(place, findings, paint) for place, findings in _grouped(report.findings)]
    return "\n\n".join([*blocks, "\n".join([*_remarks(report, paint), summary(report)])])


class Paint:
    """Colours a text, or leaves it as it is."""

    def __init__(self, colours: bool) -> None:
        self._colours = colours

    def __call__(self, colour: str, text: str) -> str:
        """`text` in `colour`."""
        return f"{colour}{text}{PLAIN}" if self._colours else text


def _grouped(findings: Iterable[ReportedFinding]) -> Iterable[tuple[str, list[ReportedFinding]]]:
    groups: dict[str, list[ReportedFinding]] = {}
    for finding in sorted(findings, key=lambda finding: (finding.file, finding.line, finding.column, finding.rule)):
        groups.setdefault(_heading(finding), []).append(finding)
    return groups.items()


def _heading(finding: ReportedFinding) -> str:
    names = [name for name in (finding.path, finding.resource) if name]
    place = f"{names[0]}  ({', '.join([*names[1:], finding.file])})" if names else finding.file
    return shown(f"{place}  made at {finding.created_at}" if finding.created_at else place)


def _block(place: str, findings: list[ReportedFinding], paint: Paint) -> str:
    return "\n".join([paint(BOLD, place), *(line for finding in findings for line in _lines(finding, paint))])


def _lines(finding: ReportedFinding, paint: Paint) -> list[str]:
    severity = paint(RED if finding.severity == ERROR else YELLOW, finding.severity)
    where = f"{finding.line}:{finding.column}"
    return [
        f"  {where}  {severity}  {shown(finding.message)}  {paint(GREY, finding.rule)}",
        f"  {' ' * len(where)}  fix: {shown(finding.fix)}",
    ]


def _remarks(report: Report, paint: Paint) -> Iterable[str]:
    stale = report.baseline.stale if report.baseline else []
    skipped = [f"skipped {each.file}: {each.reason}" for each in report.skipped]
    outdated = [f"no longer found, remove it from the baseline: {each}" for each in stale]
    if len(outdated) > FEW:
        outdated = [f"{len(outdated)} entries of the baseline are no longer found: write it anew"]
    for remark in [*(skipped if len(skipped) <= FEW else []), *outdated]:
        yield paint(GREY, shown(remark))
