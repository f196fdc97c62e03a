"""The report as JSON. The schema is stable: members may be added, none is removed or changes its meaning.

    {"findings": [{"rule", "severity", "message", "fix", "file", "line", "column", "resource", "path", "source"}],
     "files": ["..."], "skipped": [{"file", "reason"}], "waived": [{... as a finding ..., "reason"}]}

`resource` (logical id) and `path` (construct path) are null where there is none.
"""

import json
from typing import Any

from roadworthy.report.report import Report, ReportedFinding

MEMBERS = ("rule", "severity", "message", "fix", "file", "line", "column", "resource", "path", "source")


def render(report: Report) -> str:
    """The report as a JSON text that ends without a line break."""
    document = {
        "findings": [_members(finding) for finding in report.findings],
        "files": report.files,
        "skipped": [{"file": skipped.file, "reason": skipped.reason} for skipped in report.skipped],
        "waived": [{**_members(waived.finding), "reason": waived.reason} for waived in report.waived],
    }
    return json.dumps(document, indent=2)


def _members(finding: ReportedFinding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in MEMBERS}
