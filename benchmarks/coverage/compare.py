"""Which tool catches which variant: the right rule for Roadworthy, any new finding for the others."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.coverage import good
from benchmarks.coverage.ours import Outcome, outcome
from benchmarks.coverage.variant import Variant
from benchmarks.coverage.variants import BROKEN, TRAPS
from benchmarks.peers.peer import Findings, Peer, PeerError

RIGHT = [variant for variant in TRAPS if variant.name.startswith("the good ")]


class Row(NamedTuple):
    """One variant.

    Attributes:
        variant: the case.
        ours: what Roadworthy says.
        peers: name of the tool -> what it says that it does not say of what is right.
    """

    variant: Variant
    ours: Outcome
    peers: dict[str, list[str]]

    def caught_by(self, tool: str) -> bool:
        """Whether a tool notices it."""
        return self.ours.caught if tool == "roadworthy" else bool(self.peers[tool])


def compare(folder: Path, peers: Sequence[Peer]) -> list[Row]:
    """Run every tool over every variant and trap; `folder` is empty."""
    outcomes = [outcome(variant, folder) for variant in [*BROKEN, *TRAPS]]
    files = {each.variant.id: _checked(folder / each.variant.id) for each in outcomes}
    every = [file for group in files.values() for file in group]
    said = _said(peers, every)
    known = {name: _known(findings, files) for name, findings in said.items()}
    return [
        Row(each.variant, each, {name: _new(files[each.variant.id], said[name], known[name]) for name in said})
        for each in outcomes
    ]


def _said(peers: Sequence[Peer], files: Sequence[Path]) -> dict[str, Findings]:
    said = {}
    for peer in peers:
        try:
            said[peer.name] = peer.check(files)
        except PeerError as error:
            print(f"left out: {error}", file=sys.stderr)
    return said


def _checked(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.iterdir()) if file.name != "manifest.json"]


def _known(findings: Findings, files: Mapping[str, list[Path]]) -> set[str]:
    """What a tool says of what is right, template in JSON and YAML and raw definitions."""
    return {finding for variant in RIGHT for file in files[variant.id] for finding in findings.get(file, ())}


def _new(files: Sequence[Path], findings: Findings, known: set[str]) -> list[str]:
    """What is not said of the right template, nor said of every resource of the kind that a variant adds."""
    rules = {finding.partition(" ")[0] for finding in known}
    new = {finding for file in files for finding in findings.get(file, ())} - known
    return sorted(each for each in new if each.partition(" ")[0] not in rules or _is_old(each.partition(" ")[2]))


def _is_old(resource: str) -> bool:
    return resource in good.RESOURCES
