"""`make bench`: what each tool notices and costs, what a synthesis, writing a system, and operating services take."""

import argparse
import subprocess
import sys


def main() -> int:
    """Run all benchmarks, also when one finds something missed; exit 1 if one did."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under two minutes: fewer tools, sizes and repetitions")
    options = ["--quick"] if parser.parse_args().quick else []
    codes = [
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *options], check=False).returncode
        for name in ("coverage", "speed", "synth", "patterns", "operations")
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
