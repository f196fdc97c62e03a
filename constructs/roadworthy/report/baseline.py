"""A baseline: the findings of an old code base on the day when the check was adopted. They are counted, not reported.

    {"version": 1, "findings": [{"rule", "file", "resource", "message", "count"}]}

Lines are left out, so that an entry holds while the file moves around it; a value in the message that changes makes a
new finding. Files are named relative to the baseline's folder. The text is sorted: a change is a readable diff.
"""

import json
import os
from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from roadworthy.errors import RoadworthyError
from roadworthy.report.fingerprint import relative
from roadworthy.report.report import BaselineUse, Report, ReportedFinding
from roadworthy.report.words import count

VERSION = 1


class BaselineError(RoadworthyError):
    """The baseline cannot be read; the message names the file and what is wrong."""


class Entry(NamedTuple):
    """What a finding is recognized by."""

    file: str
    rule: str
    resource: str | None
    message: str


def render(report: Report, file: str) -> str:
    """The baseline of a report, to be written to `file`."""
    counts = _counts(report.findings, os.path.dirname(os.path.abspath(file)))
    ordered = sorted(counts.items(), key=lambda item: [text or "" for text in item[0]])
    findings = [
        {"rule": entry.rule, "file": entry.file, "resource": entry.resource, "message": entry.message, "count": number}
        for entry, number in ordered
    ]
    return json.dumps({"version": VERSION, "findings": findings}, indent=2)


def apply(report: Report, file: str, *, rules: Collection[str]) -> Report:
    """`report` without the findings that the baseline `file` lists, and what it lists in vain.

    Args:
        report: the report.
        file: the baseline.
        rules: the ids of the rules that were checked: of others nothing is in vain.

    Raises:
        BaselineError: `file` is missing or malformed.
    """
    folder = os.path.dirname(os.path.abspath(file))
    left = load(file)
    fresh, known = [], 0
    for finding in report.findings:
        entry = _entry(finding, folder)
        if left.get(entry, 0) > 0:
            left[entry] -= 1
            known += 1
        else:
            fresh.append(finding)
    checked = {relative(each, folder) for each in report.files}
    gone = _missing_from(folder)
    stale = [
        _told(entry, number)
        for entry, number in left.items()
        if number and entry.rule in rules and (entry.file in checked or gone(entry.file))
    ]
    return report._replace(findings=fresh, baseline=BaselineUse(known, stale))


def load(file: str) -> dict[Entry, int]:
    """The entries of a baseline, and how often each was found.

    Raises:
        BaselineError: `file` is missing or malformed.
    """
    try:
        with open(file, encoding="utf-8-sig") as opened:
            document = json.load(opened)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BaselineError(f"{file}: {reason}: make the baseline with --write-baseline {file}") from None
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{file}: not a baseline: {error}") from None
    entries = document.get("findings") if isinstance(document, dict) and document.get("version") == VERSION else None
    if not isinstance(entries, list):
        raise BaselineError(f"{file}: not a baseline of version {VERSION}: write it anew with --write-baseline {file}")
    loaded: dict[Entry, int] = {}
    for index, entry in enumerate(entries):
        key, number = _parsed(entry, f"{file}: findings[{index}]")
        loaded[key] = loaded.get(key, 0) + number
    return loaded


def _parsed(entry: Any, where: str) -> tuple[Entry, int]:
    members = entry if isinstance(entry, dict) else {}
    file, rule, message = (members.get(name) for name in ("file", "rule", "message"))
    resource, number = members.get("resource"), members.get("count", 1)
    if not (isinstance(file, str) and isinstance(rule, str) and isinstance(message, str)):
        raise BaselineError(f"{where} is not a finding: it needs rule, file and message")
    if not (resource is None or isinstance(resource, str)) or type(number) is not int or number < 1:
        raise BaselineError(f"{where} is not a finding: resource is a text or null, count a number from 1")
    return Entry(file, rule, resource, message), number


def _counts(findings: list[ReportedFinding], folder: str) -> dict[Entry, int]:
    counts: dict[Entry, int] = {}
    for finding in findings:
        entry = _entry(finding, folder)
        counts[entry] = counts.get(entry, 0) + 1
    return counts


def _entry(finding: ReportedFinding, folder: str) -> Entry:
    return Entry(relative(finding.file, folder), finding.rule, finding.resource, finding.message)


def _missing_from(folder: str) -> Callable[[str], bool]:
    def gone(file: str) -> bool:
        try:
            return not file.startswith("<") and not os.path.exists(os.path.join(folder, file))
        except ValueError:  # a NUL
            return True

    return gone


def _told(entry: Entry, number: int) -> str:
    times = f" ({count(number, 'time')})" if number > 1 else ""
    return f"{entry.rule} in {entry.file}{times}: {entry.message}"
