"""The embedded AWS in a process of its own: `python -m roadworthy.local.emulator`.

ministack serves the AWS APIs; shims/ teaches it, in memory, what it lacks;
fargate/ runs a task's container as a local process. Nothing is patched on disk and only loopback is bound.
"""

import argparse
import atexit
import contextlib
import importlib
import importlib.metadata
import os
import signal
import sys
import threading
from pathlib import Path

from roadworthy.local.reaper import Reaper

MINISTACK = "1.5.33"  # the shims reach into exactly this release
DETACH = b"d"  # what the driver writes when the emulator may outlive it


def main() -> int:
    """Serve until SIGTERM, or until the driver that started it is gone."""
    args = _arguments()
    installed = importlib.metadata.version("ministack")
    if installed != MINISTACK:
        print(f"ministack {installed} is installed, but the local AWS is written against {MINISTACK}", file=sys.stderr)  # noqa: T201
        return 2
    args.tmp.mkdir(parents=True, exist_ok=True)
    reaper = Reaper(args.tmp, held=[] if args.lock is None else [args.lock])
    if os.getpgrp() == os.getpid():
        reaper.watch(os.getpid())  # the Lambdas' processes are in the emulator's own group
    if args.stop_with_stdin:
        threading.Thread(target=_stop_with_stdin, daemon=True).start()
    _configure(args)
    _serve(args, reaper)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m roadworthy.local.emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=4566, help="loopback port (default: %(default)s)")
    parser.add_argument("--region", default="us-east-1", help="region of unsigned calls (default: %(default)s)")
    parser.add_argument("--lambda-python", type=Path, default=Path(sys.executable), help="what Python Lambdas run in")
    parser.add_argument(
        "--tmp", type=Path, required=True, help="private folder for temporary files; removed at the end"
    )
    parser.add_argument("--lock", type=int, help="inherited descriptor of a lock that is held to the very end")
    parser.add_argument("--stop-with-stdin", action="store_true", help="stop when stdin closes")
    return parser.parse_args()


def _stop_with_stdin() -> None:
    """The driver holds the other end: its death, even by SIGKILL, ends the emulator unless it said DETACH."""
    if os.read(0, 1) != DETACH:
        os.kill(os.getpid(), signal.SIGTERM)


def _configure(args: argparse.Namespace) -> None:
    """Set what ministack reads when it is imported."""
    os.environ.update(
        GATEWAY_PORT=str(args.port),
        BIND_HOST="127.0.0.1",
        MINISTACK_HOST="127.0.0.1",
        AUTH="true",  # SigV4 is checked and IAM policies are evaluated
        SFTP_ENABLED="0",  # these two would listen on 0.0.0.0
        IOT_MTLS_ENABLED="0",
        MINISTACK_REGION=args.region,
        AWS_DEFAULT_REGION=args.region,
        TMPDIR=str(args.tmp),
        STATE_DIR=str(args.tmp / "state"),
        S3_DATA_DIR=str(args.tmp / "s3"),
        HOSTNAME="",  # ministack would ask Docker whether it is a container of this name
    )


def _serve(args: argparse.Namespace, reaper: Reaper) -> None:
    # Imported here: ministack reads the environment when it is imported.
    from roadworthy.local import shims  # noqa: PLC0415
    from roadworthy.local.fargate.engine import Engine  # noqa: PLC0415

    engine = Engine(reaper, port=args.port)
    atexit.register(engine.stop)
    shims.install(shims.Settings(port=args.port, lambda_python=args.lambda_python, engine=engine))
    application = importlib.import_module("ministack.app")
    sys.argv = ["ministack"]  # its main() parses the command line
    with contextlib.suppress(SystemExit):
        application.main()


if __name__ == "__main__":
    sys.exit(main())
