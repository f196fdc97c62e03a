"""trivy's misconfiguration scan. It is compared when the machine has it: no registry holds a build of its authors."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.peer import Findings, Peer


def _arguments(files: Sequence[Path]) -> list[str]:
    # It takes one path: the folder that holds them all.
    folder = files[0] if len(files) == 1 else Path(*_common([file.parts for file in files]))
    return ["config", "--quiet", "--format", "json", "--skip-check-update", str(folder)]


def _common(paths: Sequence[tuple[str, ...]]) -> list[str]:
    return [parts[0] for parts in zip(*paths, strict=False) if len(set(parts)) == 1]


def _read(text: str) -> Findings:
    findings: Findings = {}
    for result in json.loads(text).get("Results", []):
        for found in result.get("Misconfigurations", []):
            resource = found.get("CauseMetadata", {}).get("Resource", "")
            findings.setdefault(Path(result["Target"]), set()).add(f"{found['ID']} {resource}")
    return findings


PEER = Peer("trivy", "", shutil.which("trivy") or "trivy", _arguments, _read, "of this machine")
