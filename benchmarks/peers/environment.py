"""A virtual environment for each tool, under `.bench/`, from its locked and hashed requirements."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BENCH = ROOT / ".bench"
_STAMP = "installed.sha256"


def environment(module: str) -> Path:
    """The folder of a tool's environment; made when it is missing or when its requirements have changed.

    Raises:
        SystemExit: it could not be installed.
    """
    requirements = Path(__file__).with_name(f"{module}.txt")
    home = BENCH / "peers" / module
    locked = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = home / _STAMP
    if not stamp.is_file() or stamp.read_text() != locked:
        print(f"installing what {requirements.relative_to(ROOT)} locks ...", file=sys.stderr)
        _uv("venv", "--clear", "--python", sys.executable, str(home))
        # Peers start as fast as they can: with their byte code, as pip installs them.
        python = str(home / "bin" / "python")
        _uv("pip", "sync", "--compile-bytecode", "--require-hashes", "--python", python, str(requirements))
        stamp.write_text(locked)
    return home


def _uv(*arguments: str) -> None:
    uv = Path(sys.executable).with_name("uv")
    done = subprocess.run([str(uv), "--quiet", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench: uv {arguments[0]} failed: {done.stderr.strip()[-800:]}")
