"""Writing several files, or none."""

import contextlib
import os
import shutil
from pathlib import Path

from roadworthy.scaffold.plan import Plan


def write(plan: Plan) -> None:
    """Make the new files, then replace services.toml at once; what was made is removed when a step fails.

    Raises:
        OSError: a file cannot be written, or is there already.
    """
    made: list[Path] = []
    try:
        for path, text in plan.files.items():
            _make_folder(path.parent, made)
            with path.open("x", encoding="utf-8") as opened:
                made.append(path)
                opened.write(text)
        _replace(plan.catalogue, plan.text)
    except BaseException:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def _make_folder(folder: Path, made: list[Path]) -> None:
    if not folder.exists():
        folder.mkdir()
        made.append(folder)


def _replace(path: Path, text: str) -> None:
    """Another text, and the same permissions."""
    target = Path(os.path.realpath(path))
    beside = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(text.encode())
        shutil.copymode(target, beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
