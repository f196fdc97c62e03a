"""The report as text for people: findings grouped by resource, then one line that sums up."""

from collections.abc import Iterable

from roadworthy.report.report import ERROR, Report, ReportedFinding

BOLD, RED, YELLOW, GREY, PLAIN = "\033[1m", "\033[31m", "\033[33m", "\033[90m", "\033[0m"
FEW = 5  # skipped files that are named one by one


def shown(text: str) -> str:
    """A text from a template, fit for a terminal and a CI log: control characters and line breaks are escaped."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def render(report: Report, *, colours: bool = False) -> str:
    """The report as text that ends without a line break."""
    paint = _Paint(colours)
    blocks = [_block(place, findings, paint) for place, findings in _grouped(report.findings)]
    return "\n\n".join([*blocks, "\n".join(_summary(report, paint))])


def _grouped(findings: Iterable[ReportedFinding]) -> Iterable[tuple[str, list[ReportedFinding]]]:
    groups: dict[str, list[ReportedFinding]] = {}
    for finding in sorted(findings, key=lambda finding: (finding.file, finding.line, finding.column, finding.rule)):
        names = [name for name in (finding.path, finding.resource) if name]
        place = f"{names[0]}  ({', '.join([*names[1:], finding.file])})" if names else finding.file
        groups.setdefault(shown(place), []).append(finding)
    return groups.items()


def _block(place: str, findings: list[ReportedFinding], paint: "_Paint") -> str:
    return "\n".join([paint(BOLD, place), *(line for finding in findings for line in _lines(finding, paint))])


def _lines(finding: ReportedFinding, paint: "_Paint") -> list[str]:
    severity = paint(RED if finding.severity == ERROR else YELLOW, finding.severity)
    where = f"{finding.line}:{finding.column}"
    return [
        f"  {where}  {severity}  {shown(finding.message)}  {paint(GREY, finding.rule)}",
        f"  {' ' * len(where)}  fix: {shown(finding.fix)}",
    ]


def _summary(report: Report, paint: "_Paint") -> list[str]:
    errors, warnings = len(report.errors), len(report.findings) - len(report.errors)
    named = report.skipped if len(report.skipped) <= FEW else []
    lines = [paint(GREY, f"skipped {skipped.file}: {skipped.reason}") for skipped in named]
    counts = [
        _count(errors, "error") if errors or not warnings else "",
        _count(warnings, "warning") if warnings else "",
        f"{len(report.waived)} waived" if report.waived else "",
        f"{_count(len(report.skipped), 'file')} skipped" if report.skipped else "",
    ]
    checked = _count(len(report.files), "file")
    return [*lines, f"{checked} checked: {', '.join(count for count in counts if count)}"]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


class _Paint:
    def __init__(self, colours: bool) -> None:
        self._colours = colours

    def __call__(self, colour: str, text: str) -> str:
        return f"{colour}{text}{PLAIN}" if self._colours else text
