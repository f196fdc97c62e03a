"""checkov, its CloudFormation checks."""

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.peer import Findings, Peer


def _arguments(files: Sequence[Path]) -> list[str]:
    options = ["--framework", "cloudformation", "--output", "json", "--compact", "--quiet", "--skip-download"]
    return [*options, *(argument for file in files for argument in ("--file", str(file)))]


def _read(text: str) -> Findings:
    answer = json.loads(text)
    findings: Findings = {}
    for part in answer if isinstance(answer, list) else [answer]:
        for check in part.get("results", {}).get("failed_checks", []):
            resource = check["resource"].rpartition(".")[2]
            findings.setdefault(Path(check["file_abs_path"]), set()).add(f"{check['check_id']} {resource}")
    return findings


PEER = Peer("checkov 3.3.30", "checkov", "checkov", _arguments, _read)
