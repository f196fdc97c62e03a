"""Roadworthy itself, by its command line."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.peer import Findings, Peer


def _arguments(files: Sequence[Path]) -> list[str]:
    return ["check", "--format", "json", "--fail-on", "never", *map(str, files)]


def _read(text: str) -> Findings:
    findings: Findings = {}
    for finding in json.loads(text)["findings"]:
        found = findings.setdefault(Path(finding["file"]), set())
        found.add(f"{finding['rule']} {finding['resource'] or ''}")
    return findings


PEER = Peer("roadworthy", "", str(Path(sys.executable).with_name("roadworthy")), _arguments, _read)
