"""Lambda bundles made locally: the package and its locked dependencies, without Docker.

`uv` resolves nothing here: it installs exactly what `requirements.txt` locks, with hashes, as wheels for the
platform that Lambda has. Bundles are kept in `.build/` beside the packages under the digest of all that went into
them, so a synthesis that changes no Lambda bundles none. Each is one zip file, the same for the same sources: CDK has
one file to hash and to copy instead of hundreds, and nobody writes into it.
"""

import compileall
import hashlib
import py_compile
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from roadworthy.errors import RoadworthyError

# Lambda's x86_64 runtimes since Python 3.12 are Amazon Linux 2023 (glibc 2.34):
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
_PLATFORM = "x86_64-manylinux_2_28"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip file knows: bundles do not depend on the time
_IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", "requirements.in", "requirements.txt")


class BundlingError(RoadworthyError):
    """A Lambda could not be bundled; the message says which and why."""


def bundle(source: Path, *, python: str, shared: Sequence[Path] = ()) -> Path:
    """Bundle one Lambda package.

    Args:
        source: the package, e.g. `lambdas/query`; its `requirements.txt`, where there is one, is locked with hashes.
        python: the Python version of the Lambda runtime, e.g. `3.14`.
        shared: other packages that it imports; what they depend on is in the first one's requirements.

    Returns:
        A zip file with the packages under their own names and the dependencies beside them.

    Raises:
        BundlingError: there is no such package, or a dependency could not be installed.
    """
    if not (source / "handler.py").is_file():
        raise BundlingError(f"{source} is not a Lambda package: it has no handler.py")
    packages = [source, *shared]
    target = source.parent / ".build" / f"{source.name}-{_digest(packages, python)}.zip"
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as work:
            built = Path(work) / "bundle"
            _install(source / "requirements.txt", built, python)
            for package in packages:
                shutil.copytree(package, built / package.name, ignore=_IGNORED)
            _compile(built, python)
            _zip(built, Path(work) / "bundle.zip").replace(target)
    return target


def _digest(packages: Sequence[Path], python: str) -> str:
    digest = hashlib.sha256(f"{python} {_PLATFORM} {sys.version_info[:2]}".encode())
    for package in packages:
        for file in sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            digest.update(f"\0{file.relative_to(package)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _install(requirements: Path, target: Path, python: str) -> None:
    target.mkdir(parents=True)
    if not requirements.exists():
        return
    import uv  # noqa: PLC0415 (only a bundle that is not yet built needs it)

    command = [uv.find_uv_bin(), "pip", "install", "--quiet", "--no-progress", "--target", str(target)]
    command += ["--python", sys.executable, "--python-version", python, "--python-platform", _PLATFORM]
    command += [
        "--only-binary",
        ":all:",
        "--require-hashes",
        "--no-deps",
        "--requirements",
        str(requirements),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BundlingError(f"{requirements} could not be installed for Python {python}: {done.stderr.strip()}")


def _compile(built: Path, python: str) -> None:
    """Ship byte code where this interpreter's fits the runtime: Lambda's disk is read-only, so each cold start would
    compile anew. Hash-based and with Lambda's own path, so that the same source makes the same bundle."""  # noqa: D205,D209
    if python == f"{sys.version_info.major}.{sys.version_info.minor}":
        compileall.compile_dir(
            built,
            quiet=1,
            stripdir=str(built),
            prependdir="/var/task",
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


def _zip(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16  # Lambda's own user must be able to read it
            archive.writestr(entry, file.read_bytes())
    return target
