"""trivy's misconfiguration scan. It is compared when the machine has it: no registry holds a build of its authors."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.peer import Findings, Peer


def _arguments(files: Sequence[Path]) -> list[str]:
    # It takes one path: the folder that holds them all.
    folder = os.path.commonpath(files)
    return ["config", "--quiet", "--format", "json", "--skip-check-update", folder]


def _read(text: str) -> Findings:
    findings: Findings = {}
    answer = json.loads(text)
    scanned = Path(answer["ArtifactName"])
    for result in answer.get("Results", []):
        file = scanned if scanned.name == result["Target"] else scanned / result["Target"]
        for found in result.get("Misconfigurations", []):
            resource = found.get("CauseMetadata", {}).get("Resource", "")
            # Where it knows no logical id it gives lines, which differ from variant to variant.
            findings.setdefault(file, set()).add(f"{found['ID']} {'' if ':' in resource else resource}")
    return findings


PEER = Peer(
    "trivy", "", shutil.which("trivy") or "trivy", _arguments, _read, "the one of this machine", scans_a_folder=True
)
