"""The two Python interpreters of the local AWS: a bare one for Lambdas, the image's for the tasks."""

import hashlib
import importlib.metadata
import shutil
import sys
import venv
from collections.abc import Callable
from pathlib import Path

from roadworthy.local import isolation
from roadworthy.local.commands import Commands

# What AWS's Python image holds beside the standard library: boto3 and what it needs.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html#python-package
_LAMBDA_PACKAGES = ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3")


def lambda_python(folder: Path) -> Path:
    """Make, or find, an interpreter that holds boto3 and nothing else; nothing is downloaded.

    The packages are links to those of this environment, so they are the locked ones.
    """
    return _make(
        folder, mark=_digest(*(importlib.metadata.version(name) for name in _LAMBDA_PACKAGES)), fill=_link_boto3
    )


def task_python(folder: Path, requirements: Path, commands: Commands, *, log: Path) -> Path:
    """Make, or find, the interpreter of an image: what `requirements` locks with hashes, and nothing else.

    Raises:
        LocalError: a requirement could not be installed.
    """

    def install(python: Path) -> None:
        import uv  # noqa: PLC0415 - only when there is something to install

        command = [uv.find_uv_bin(), "pip", "install", "--quiet", "--no-progress", "--python", str(python)]
        command += ["--require-hashes", "--no-deps", "--requirements", str(requirements)]
        environment = isolation.clean(proxies=True)
        commands.run(command, cwd=requirements.parent, env=environment, log=log, what=f"installing {requirements}")

    return _make(folder, mark=_digest(requirements.read_text(encoding="utf-8")), fill=install)


def _make(folder: Path, *, mark: str, fill: Callable[[Path], None]) -> Path:
    """An environment in `folder`; made anew when `mark` is another than at its making, or its making was cut short."""
    python, stamp = folder / "bin" / "python", folder / "made-of"
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == mark:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    fill(python)
    stamp.write_text(mark, encoding="utf-8")
    return python


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join((sys.version, sys.prefix, *parts)).encode()).hexdigest()


def _link_boto3(python: Path) -> None:
    packages = next(python.parent.parent.glob("lib/python*/site-packages"))
    for name in _LAMBDA_PACKAGES:
        for file in importlib.metadata.files(name) or []:
            top = file.parts[0]
            target = Path(str(importlib.metadata.distribution(name).locate_file(top)))
            if top not in ("..", "__pycache__") and not (packages / top).exists():
                (packages / top).symlink_to(target)
