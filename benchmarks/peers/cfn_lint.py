"""cfn-lint, with its default rules."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.peer import Findings, Peer


def _arguments(files: Sequence[Path]) -> list[str]:
    # No settings: this repository's own, in the working directory, waive two rules.
    # `--` ends the list of regions, which would take the files otherwise.
    return ["--config-file", os.devnull, "--format", "json", "--regions", "eu-west-1", "--", *map(str, files)]


def _read(text: str) -> Findings:
    findings: Findings = {}
    for match in json.loads(text):
        path = match["Location"]["Path"] or []
        resource = path[1] if len(path) > 1 and path[0] == "Resources" else ""
        findings.setdefault(Path(match["Filename"]), set()).add(f"{match['Rule']['Id']} {resource}")
    return findings


PEER = Peer("cfn-lint 1.58.0", "cfn_lint", "cfn-lint", _arguments, _read)
