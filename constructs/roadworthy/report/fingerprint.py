"""What makes a finding the same one when the lines around it move."""

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roadworthy.report.report import ReportedFinding


def relative(file: str, folder: str) -> str:
    """`file` (as the user gave it) as seen from `folder`, with slashes; unchanged where there is no such path."""
    if file.startswith("<"):  # standard input
        return file
    try:
        return os.path.relpath(file, folder).replace(os.sep, "/")
    except (OSError, ValueError):  # no working directory; another drive
        return file


def fingerprints(findings: "Iterable[ReportedFinding]", folder: str) -> Iterator[str]:
    """A hash for each finding, equal in two runs for the same fact at the same resource, different for a second one."""
    import hashlib  # noqa: PLC0415 - only the formats that need one pay for it

    seen: dict[tuple[str, ...], int] = {}
    for finding in findings:
        key = (finding.rule, relative(finding.file, folder), finding.resource or "", finding.message)
        seen[key] = seen.get(key, 0) + 1
        text = "\0".join([*key, str(seen[key])])
        yield hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32]
