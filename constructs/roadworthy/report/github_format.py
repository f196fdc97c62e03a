"""The report as GitHub workflow commands: annotations of the files in a pull request.

GitHub shows ten errors and ten warnings of a step, so the errors come first and the job summary (`--format markdown`)
tells all. Source: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

import os

from roadworthy.report.fingerprint import relative
from roadworthy.report.report import Report, ReportedFinding
from roadworthy.report.words import ordered, shown, summary


def render(report: Report) -> str:
    """One line for each finding, then the line that sums up."""
    return "\n".join([*map(_command, ordered(report.findings)), summary(report)])


def _command(finding: ReportedFinding) -> str:
    file, line, column = finding.place
    properties = {"file": _from_here(file), "line": line, "col": column, "title": finding.rule}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    lines = [_located(finding), f"fix: {finding.fix}", finding.source]
    return f"::{finding.severity} {written}::{_data(chr(10).join(shown(line) for line in lines))}"


def _from_here(file: str) -> str:
    """The path as GitHub knows it: without `./` before it, or the checkout's folder."""
    path = relative(file, os.curdir)
    return file if path.startswith("../") else path


def _located(finding: ReportedFinding) -> str:
    resource = finding.path or finding.resource
    return f"{resource}: {finding.message}" if resource else finding.message


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(shown(text)).replace(":", "%3A").replace(",", "%2C")
