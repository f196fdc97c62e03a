"""The report as Markdown, for the job summary of a pull request.

Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary
"""

import re

from roadworthy.report.report import ERROR, Report, ReportedFinding
from roadworthy.report.words import count, ordered, shown, summary

LARGEST = 900_000  # bytes; GitHub takes 1 MiB for a step
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~@])")
_ESCAPE = r"\\\1"


def render(report: Report) -> str:
    """A heading, a table of the findings and the line that sums up; ends without a line break."""
    parts = [f"### Roadworthy: {summary(report)}"]
    if report.findings:
        parts.append("\n".join(_table(report)))
    if report.skipped:
        named = [f"- {code(each.file)}: {escaped(each.reason)}" for each in report.skipped]
        parts.append(_folded(f"{count(len(named), 'file')} skipped", named))
    if report.waived:
        named = [
            f"- {code(each.finding.rule)} {_where(each.finding)}: {escaped(each.reason)}" for each in report.waived
        ]
        parts.append(_folded(f"{len(named)} waived", named))
    return "\n\n".join(parts)


def escaped(text: str) -> str:
    """A text as it is, whatever Markdown or HTML it looks like; what stands between backticks is code."""
    pieces = [_SPECIAL.sub(_ESCAPE, _html(shown(piece))) for piece in text.split("`")]
    if len(pieces) % 2 == 0:  # a backtick that closes nothing
        return "\\`".join(pieces)
    return "".join(f"<code>{piece}</code>" if index % 2 else piece for index, piece in enumerate(pieces))


def code(text: str) -> str:
    """A name as code."""
    return f"<code>{_SPECIAL.sub(_ESCAPE, _html(shown(text)))}</code>"


def _table(report: Report) -> list[str]:
    lines = ["| | finding | fix | where |", "|---|---|---|---|"]
    size = 0
    for index, finding in enumerate(ordered(report.findings)):
        row = _row(finding)
        size += len(row.encode("utf-8", "replace"))
        if size > LARGEST:
            return [*lines, "", f"... and {count(len(report.findings) - index, 'finding')} more."]
        lines.append(row)
    return lines


def _row(finding: ReportedFinding) -> str:
    mark = "&#10060;" if finding.severity == ERROR else "&#9888;&#65039;"
    rule = f"[{escaped(finding.rule)}]({_link(finding.source)})" if finding.source else escaped(finding.rule)
    cells = [f"{mark} {finding.severity}", f"{escaped(finding.message)}<br>{rule}", escaped(finding.fix)]
    return f"| {' | '.join([*cells, _where(finding)])} |"


def _where(finding: ReportedFinding) -> str:
    resource = finding.path or finding.resource
    places = [finding.created_at, f"{finding.file}:{finding.line}:{finding.column}"]
    return "<br>".join([*([code(resource)] if resource else []), *(code(place) for place in places if place)])


def _folded(title: str, lines: list[str]) -> str:
    rows: list[str] = []
    for line in lines:
        if sum(map(len, rows)) > LARGEST // 20:
            rows.append(f"- ... and {len(lines) - len(rows)} more")
            break
        rows.append(line)
    return f"<details><summary>{title}</summary>\n\n" + "\n".join(rows) + "\n\n</details>"


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _link(address: str) -> str:
    return re.sub(r"[\s()<>|\\]", "", address)
