"""cdk-preflight: its rules for the resource types of a template, in the same engine as native code."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers import cloudformation_validate
from benchmarks.peers.peer import Peer


def _arguments(files: Sequence[Path]) -> list[str]:
    return [*cloudformation_validate.arguments([]), "--preflight", *map(str, files)]


PEER = Peer(
    "cdk-preflight 1.9.1",
    "cdk_preflight",
    "python",
    _arguments,
    cloudformation_validate.read,
    "its rules alone, in the native engine; it runs them as WebAssembly inside `cdk synth`",
)
