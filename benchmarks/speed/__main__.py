"""Measure what each tool costs on templates of 1, 10, 100 and 1,000 services."""

import argparse
import sys

from benchmarks.peers import OURS, PEERS
from benchmarks.peers.environment import BENCH
from benchmarks.peers.peer import PeerError
from benchmarks.speed import table
from benchmarks.speed.run import FULL, QUICK, caught, run


def main() -> int:
    """Print the tables; no time is too long for exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"skip what takes a tool more than {QUICK.limit:.0f} s")
    parser.add_argument("--ours", action="store_true", help="Roadworthy alone")
    args = parser.parse_args()
    plan = QUICK if args.quick else FULL
    tools = [OURS] if args.ours else [OURS, *PEERS]
    for tool in tools:
        tool.install()
    folder = BENCH / "speed"
    noticed = {}
    for tool in tools:
        try:
            noticed[tool.name] = caught(tool, folder / "mistakes")
        except PeerError as error:
            print(f"left out: {error}", file=sys.stderr)
    working = [tool for tool in tools if tool.name in noticed]
    print(table.markdown(run(working, plan, folder), plan, working, noticed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
