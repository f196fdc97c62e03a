"""The report as JSON. The schema is stable: members may be added, none is removed or changes its meaning.

    {"findings": [{"rule", "severity", "message", "fix", "file", "line", "column", "resource", "path", "source"}],
     "files": ["..."], "skipped": [{"file", "reason"}], "waived": [{... as a finding ..., "reason"}]}

`resource` (logical id) and `path` (construct path) are null where there is none. A finding has `created_at` where CDK
recorded the app's line, and the report has `baseline` (`{"known", "stale"}`) where one was used:
docs/report.schema.json.
"""

import json
from typing import Any

from roadworthy.report.report import Report, ReportedFinding

MEMBERS = ("rule", "severity", "message", "fix", "file", "line", "column", "resource", "path", "source")


def render(report: Report) -> str:
    """The report as a JSON text that ends without a line break."""
    document: dict[str, Any] = {
        "findings": [_members(finding) for finding in report.findings],
        "files": report.files,
        "skipped": [skipped._asdict() for skipped in report.skipped],
        "waived": [{**_members(waived.finding), "reason": waived.reason} for waived in report.waived],
    }
    if report.baseline:
        document["baseline"] = report.baseline._asdict()
    return json.dumps(document, indent=2)


def _members(finding: ReportedFinding) -> dict[str, Any]:
    members = {name: getattr(finding, name) for name in MEMBERS}
    return {**members, "created_at": finding.created_at} if finding.created_at else members
