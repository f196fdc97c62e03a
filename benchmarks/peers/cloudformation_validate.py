"""cloudformation-validate, the engine inside `cdk synth`, as native code and in the version that aws-cdk-lib holds."""

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.peer import Findings, Peer

_RUNNER = Path(__file__).with_name("engine_runner.py")


def arguments(files: Sequence[Path]) -> list[str]:
    """What the engine's own Python runs."""
    # -P: this folder holds a module of the name that the runner imports.
    return ["-P", str(_RUNNER), *map(str, files)]


def read(text: str) -> Findings:
    """The runner's JSON."""
    return {Path(file): set(found) for file, found in json.loads(text).items()}


PEER = Peer(
    "cloudformation-validate 1.12.1",
    "cloudformation_validate",
    "python",
    arguments,
    read,
    "the engine of `cdk synth`, native; findings from WARN on, as CDK shows them",
)
