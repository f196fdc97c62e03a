"""`roadworthy rolling-update NAME`: the six steps for a service on one Docker host."""

import argparse
import json
import os
import re
import shlex
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from roadworthy.cli.operate import arguments
from roadworthy.cli.output import emit
from roadworthy.errors import RoadworthyError

if TYPE_CHECKING:
    from roadworthy.operations.context import Context
    from roadworthy.operations.host.plan import Update
    from roadworthy.operations.host.report import Report
    from roadworthy.operations.host.surroundings import Host
    from roadworthy.operations.rollout.probe import Answered

EPILOG = f"""\
example: roadworthy rolling-update web --build . --env-file web.env --migrate "python -m app.migrate"

The six steps: build and migrate; start NAME-green on the second port; health gate; wait for the old version's work to
end; stop it and start the new one on the production port; verify. Where one of them fails, or on Ctrl-C before the
switch, green is removed and the old version keeps serving. The last line is JSON with status and version. The exit code
is 1 where the old version was kept.

{arguments.PROGRESS}"""
_SECONDS = re.compile(r"\d+(\.\d+)?s")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = EPILOG
    parser.add_argument("name", metavar="NAME", help="the container's name")
    _add_image(parser)
    _add_container(parser)
    _add_gate(parser)
    _add_tick(parser)
    _add_times(parser)
    parser.add_argument("--dry-run", action="store_true", help="print the docker commands, and run none")
    arguments.add_output(parser)


def _add_image(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--build", metavar="DIR", type=Path, help="build this folder's Dockerfile")
    add("--image", metavar="REF", help="with a tag or digest (default with --build: NAME:COMMIT, of the folder)")
    add("--migrate", metavar="COMMAND", help='run in the new image before it starts, as "python -m app.migrate"')
    add("--migrate-timeout", metavar="TIME", type=seconds, default=600.0, help="(default: 10m)")


def _add_container(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--port", metavar="PORT", type=int, default=5221, help="where the service serves (default: 5221)")
    add("--green-port", metavar="PORT", type=int, default=5222, help="where green proves itself (default: 5222)")
    add("--port-variable", metavar="NAME", default="PORT", help="tells a container its port (default: PORT)")
    add("--region", metavar="REGION", help="ENV_REGION of the containers (default: ENV_REGION here)")
    add("--env", "-e", metavar="NAME=VALUE", action="append", default=[], help="a further variable; repeatable")
    add("--env-file", metavar="FILE", action="append", type=Path, default=[], help="as docker takes it; repeatable")
    add("--restart", metavar="POLICY", default="unless-stopped", help="restart policy (default: unless-stopped)")
    add("--option", metavar="OPTION", action="append", default=[], help="of docker run, as --option=--volume=/a:/a")
    add("--host", metavar="HOST", default="127.0.0.1", help="where the ports are asked (default: 127.0.0.1)")


def _add_gate(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--health-path", metavar="PATH", default="/health", help="healthy is 200 to 399 (default: /health)")
    add("--tries", metavar="N", type=arguments.positive, default=12, help="of the health gate (default: 12)")
    add("--interval", metavar="TIME", type=seconds, default=5.0, help="between two tries (default: 5s)")


def _add_tick(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--tick-command", metavar="COMMAND", help="run in the old container: exit code 0 says idle")
    add("--tick-path", metavar="PATH", help="asked of the old version: 200 to 299 says idle")
    add("--tick-protection", metavar="TIME", type=seconds, default=10.0, help="waited in any case (default: 10s)")
    add("--tick-timeout", metavar="TIME", type=seconds, default=120.0, help="then it is given up (default: 2m)")
    add("--tick-poll", metavar="TIME", type=seconds, default=1.0, help="between two looks (default: 1s)")


def _add_times(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--stop-timeout", metavar="N", type=arguments.positive, default=3, help="seconds to stop in (default: 3)")
    add("--verify-tries", metavar="N", type=arguments.positive, default=3, help="good answers at the end (default: 3)")
    add("--verify-interval", metavar="TIME", type=seconds, default=1.0, help="between them (default: 1s)")
    add("--max-downtime", metavar="TIME", type=seconds, default=5.0, help="else no switch (default: 5s)")
    add("--max-overlap", metavar="TIME", type=seconds, default=300.0, help="of both versions (default: 5m)")
    add("--poll", metavar="TIME", type=seconds, default=0.25, help="between two looks at a start (default: 0.25s)")
    add("--probe-every", metavar="TIME", type=seconds, default=0.1, help="of the downtime's probe (default: 0.1s)")


def seconds(text: str) -> float:
    """`90s`, `15m`, `1h30m`, and `0.25s`."""
    if _SECONDS.fullmatch(text) and float(text[:-1]) > 0:
        return float(text[:-1])
    return arguments.duration(text)


def run(args: argparse.Namespace, context: "Context | None" = None) -> int:
    """Do it, and say how it ended.

    Raises:
        RoadworthyError: wrong use, no docker, a port or a name that is taken, or another update goes on.
    """
    from roadworthy.operations.clock import SystemClock  # noqa: PLC0415 - `--help` needs none of it
    from roadworthy.operations.follow.interrupts import Interrupts  # noqa: PLC0415
    from roadworthy.operations.host import command, docker, preflight, surroundings, web  # noqa: PLC0415

    update = _update(args)
    preflight.files(update)
    if args.dry_run:
        return _print_commands(update, args.output)
    clock = context.clock if context else SystemClock()
    with Interrupts() as interrupts:
        host = surroundings.Host(docker.Docker(command.run), web.Address(args.host), clock, _writer(), interrupts)
        return _roll(update, host, args)


def _roll(update: "Update", host: "Host", args: argparse.Namespace) -> int:
    from roadworthy.operations.host import leftovers, preflight  # noqa: PLC0415
    from roadworthy.operations.host.lock import only_one  # noqa: PLC0415
    from roadworthy.operations.host.update import RollingUpdate  # noqa: PLC0415
    from roadworthy.operations.rollout.probe import Probe  # noqa: PLC0415

    host.docker.check()
    with only_one(update.name):
        leftovers.mend(update, host)
        blue = host.docker.container(update.name)
        preflight.ports(update, host, blue)
        with Probe(lambda: host.well(update.port, update.gate.path), args.probe_every) as probe:
            report = RollingUpdate(update, host, blue).run()
            answered = probe.result()
    _tell(report, update, host, answered)
    emit(json.dumps(report.as_json(update.name, update.image, answered), indent=2 if args.output == "json" else None))
    return report.status.exit_code


def _tell(report: "Report", update: "Update", host: "Host", answered: "Answered") -> None:
    both = f"both versions ran together for {report.overlap:.1f} s"
    away = f"nobody answered for {answered.downtime:.1f} s" if report.measurable else "downtime not measured"
    host.write(f"{update.name}: {both}; {away}")
    if report.measurable and answered.downtime > update.max_downtime:
        host.write(f"warning: that is more than --max-downtime {update.max_downtime:g} s")
    if report.overlap > update.max_overlap:
        host.write(f"warning: both ran together for more than --max-overlap {update.max_overlap:g} s")


def _print_commands(update: "Update", output: str) -> int:
    from roadworthy.cli.exit_codes import ExitCode  # noqa: PLC0415
    from roadworthy.operations.host.dry_run import commands  # noqa: PLC0415

    found = commands(update)
    emit(json.dumps({"commands": found}, indent=2) if output == "json" else "\n".join(found))
    return ExitCode.OK


def _update(args: argparse.Namespace) -> "Update":
    from roadworthy.operations.host.plan import Gate, Tick, Update  # noqa: PLC0415

    return Update(
        name=args.name,
        image=_image(args),
        build=args.build,
        port=args.port,
        green_port=args.green_port,
        port_variable=args.port_variable,
        environment=_environment(args),
        env_files=tuple(args.env_file),
        restart=args.restart,
        options=tuple(args.option),
        migrate=_words("--migrate", args.migrate),
        migrate_timeout=args.migrate_timeout,
        gate=Gate(args.health_path, args.tries, args.interval),
        tick=Tick(
            _words("--tick-command", args.tick_command),
            args.tick_path or "",
            args.tick_protection,
            args.tick_timeout,
            args.tick_poll,
        ),
        stop_timeout=args.stop_timeout,
        verify_tries=args.verify_tries,
        verify_interval=args.verify_interval,
        max_downtime=args.max_downtime,
        max_overlap=args.max_overlap,
        poll=args.poll,
    )


def _image(args: argparse.Namespace) -> str:
    """The whole reference: what was passed, or the service's name with the commit that is built."""
    from roadworthy.commit import UnknownCommitError, last_commit  # noqa: PLC0415
    from roadworthy.operations.image_reference import resolved  # noqa: PLC0415

    if args.image:
        return resolved(args.image, args.name)
    if args.build is None:
        raise RoadworthyError("which image? Pass --build with a folder, or --image with a tag or a digest")
    try:
        return resolved(last_commit(args.build), args.name.lower())
    except UnknownCommitError as error:
        why = str(error).partition(": name the image")[0]
        raise RoadworthyError(f"--build {args.build}: {why}: pass --image {args.name}:TAG") from None


def _environment(args: argparse.Namespace) -> dict[str, str]:
    region = args.region or os.environ.get("ENV_REGION", "")
    found = {"ENV_REGION": region} if region else {}
    for pair in args.env:
        name, equals, value = pair.partition("=")
        if not equals:
            raise RoadworthyError(f"--env {pair!r}: write NAME=VALUE")
        found[name] = value
    return found


def _words(flag: str, text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise RoadworthyError(f"{flag} {text!r}: {str(error).lower()}") from None
    if not words:
        raise RoadworthyError(f"{flag} {text!r}: there is no command in it")
    return words


def _writer() -> Callable[[str], None]:
    """Progress on standard error. A terminal that is gone, as after a lost connection, ends no update half-way."""
    from roadworthy.cli.operate.telling import writer  # noqa: PLC0415

    if sys.stderr is None:
        return lambda line: None
    write = writer(sys.stderr)

    def tell(line: str) -> None:
        with suppress(OSError):
            write(line)

    return tell
