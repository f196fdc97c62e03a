"""Break one right service in every catalogued way and print which tool notices."""

import argparse
import json
import shutil
import sys
from pathlib import Path

from benchmarks.coverage import table
from benchmarks.coverage.compare import compare
from benchmarks.peers import PEERS
from benchmarks.peers.environment import BENCH

SLOW = ("cfn-lint", "checkov")


def main() -> int:
    """Exit 0 when Roadworthy catches every variant and stays silent on every trap, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"leave out the slow ones: {', '.join(SLOW)}")
    parser.add_argument("--summary", action="store_true", help="no row for each rule")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every answer to FILE")
    args = parser.parse_args()
    peers = [peer for peer in PEERS if not (args.quick and peer.name.startswith(SLOW))]
    for peer in peers:
        peer.install()
    folder = BENCH / "coverage"
    shutil.rmtree(folder, ignore_errors=True)
    rows = compare(folder, peers)
    print(table.markdown(rows, ["roadworthy", *rows[0].peers], rules=not args.summary))
    if args.json:
        args.json.write_text(json.dumps(table.as_json(rows), indent=2), encoding="utf-8")
    return int(any((row.variant.rule and not row.ours.caught) or row.ours.unexpected for row in rows))


if __name__ == "__main__":
    sys.exit(main())
