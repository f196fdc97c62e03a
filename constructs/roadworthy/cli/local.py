"""`roadworthy local`: the query service on an AWS of one's own, on loopback."""

import argparse
import json
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from roadworthy.cli.exit_codes import ExitCode
from roadworthy.errors import RoadworthyError
from roadworthy.local.errors import LocalError
from roadworthy.local.progress import Progress


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `local` and of each of its verbs."""
    parser.epilog = "example: roadworthy local demo --keep"
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--state", type=Path, default=Path(".local"), help="folder for logs and state (default: .local)"
    )
    # Without a default, which would overrule `roadworthy local --debug VERB`.
    common.add_argument(
        "--debug", action="store_true", default=argparse.SUPPRESS, help="show where an error comes from"
    )
    starting = argparse.ArgumentParser(add_help=False)
    starting.add_argument("--port", type=int, help="loopback port (default: 4566, or a free one when that is taken)")
    starting.add_argument("--env", default="stage", help="environment of services.toml (default: stage)")
    verbs = parser.add_subparsers(dest="local_verb", metavar="VERB", required=True)

    def add(
        name: str, action: Callable[[argparse.Namespace], int], text: str, *parents: Any
    ) -> argparse.ArgumentParser:
        verb = verbs.add_parser(name, help=text, description=text, parents=[common, *parents])
        verb.set_defaults(action=action)
        return verb

    add("up", _up, "start it, deploy the service with the real CDK CLI, and leave it running", starting)
    add("down", _down, "stop it with every process of it, and forget what was deployed")
    add("status", _status, "what runs, and where")
    query = add("query", _query, "send one signed query through the public API")
    query.add_argument("kind", choices=["user", "marketing", "fail"], help="which query")
    query.add_argument("body", help='the request body, e.g. \'{"user_id": "alice"}\'')
    logs = add("logs", _logs, "what the service's log groups hold")
    logs.add_argument("--follow", action="store_true", help="go on with what comes, until Ctrl-C")
    demo = add("demo", _demo, "all of it once: deploy, write, query, refuse a broken stack, tear down", starting)
    demo.add_argument("--keep", action="store_true", help="leave it running at the end")


def run(args: argparse.Namespace) -> int:
    """Do it; whatever a user can mend ends in one line on stderr, then the log's tail."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a kill tidies up as Ctrl-C does
    try:
        return int(args.action(args))
    except RoadworthyError as error:
        if args.debug:
            traceback.print_exc()
        detail = error.detail if isinstance(error, LocalError) else ""
        sys.stderr.write(f"roadworthy local: {error}\n{_indented(detail)}")
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stderr.write(f"roadworthy local: {error.filename or 'the system'}: {error.strerror or error}\n")
    return ExitCode.FINDINGS


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def _up(args: argparse.Namespace) -> int:
    from roadworthy.local.query_service import query_service  # noqa: PLC0415 - each verb loads what it needs
    from roadworthy.local.session import LocalAws  # noqa: PLC0415

    progress = Progress()
    app = query_service(Path.cwd(), environment=args.env)
    with LocalAws.start(args.state, port=args.port, region=app.region, progress=progress) as aws:
        aws.deploy(app)
        aws.detach()
        progress.say("up; stop it with `roadworthy local down`")
        _print_how_to_query(aws)
    return ExitCode.OK


def _down(args: argparse.Namespace) -> int:
    from roadworthy.local.session import LocalAws  # noqa: PLC0415

    LocalAws.attach(args.state).stop()
    sys.stderr.write("stopped\n")
    return ExitCode.OK


def _status(args: argparse.Namespace) -> int:
    from roadworthy.local.session import LocalAws  # noqa: PLC0415
    from roadworthy.local.status import report  # noqa: PLC0415

    sys.stdout.write(report(LocalAws.attach(args.state)))
    return ExitCode.OK


def _query(args: argparse.Namespace) -> int:
    from roadworthy.local import demo, signed_http  # noqa: PLC0415
    from roadworthy.local.session import LocalAws  # noqa: PLC0415

    aws = LocalAws.attach(args.state)
    answer = signed_http.post(f"{demo.query_url(aws)}/{args.kind}", args.body, region=aws.region)
    sys.stderr.write(f"{answer.status} in {answer.seconds * 1000:.0f} ms\n")
    for name, milliseconds in answer.hops:
        sys.stderr.write(f"  {name:<14}{milliseconds:8.1f} ms\n")
    body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body, indent=2, ensure_ascii=False)
    sys.stdout.write(body + "\n")
    return ExitCode.OK if answer.status < 400 else ExitCode.FINDINGS  # noqa: PLR2004 - HTTP's line


def _logs(args: argparse.Namespace) -> int:
    from roadworthy.local import logs  # noqa: PLC0415
    from roadworthy.local.query_service import query_service  # noqa: PLC0415
    from roadworthy.local.session import LocalAws  # noqa: PLC0415

    client = LocalAws.attach(args.state).client("logs")
    for line in logs.lines(client, query_service(Path.cwd()).log_groups, follow=args.follow):
        print(line, flush=True)  # noqa: T201 - the verb's answer
    return ExitCode.OK


def _demo(args: argparse.Namespace) -> int:
    from roadworthy.local import demo  # noqa: PLC0415
    from roadworthy.local.query_service import query_service  # noqa: PLC0415
    from roadworthy.local.session import LocalAws  # noqa: PLC0415

    progress, root = Progress(), Path.cwd()
    app = query_service(root, environment=args.env)
    with LocalAws.start(args.state, port=args.port, region=app.region, progress=progress) as aws:
        aws.deploy(app)
        demo.show(aws, progress)
        demo.show_refusal(root, aws.state, progress)
        if args.keep:
            aws.detach()
            progress.say("left running; stop it with `roadworthy local down`")
            _print_how_to_query(aws)
            return ExitCode.OK
    progress.say("torn down: nothing runs any more. The service works, and a broken one is refused.")
    return ExitCode.OK


def _print_how_to_query(aws: Any) -> None:
    from roadworthy.local import demo  # noqa: PLC0415

    lines = (
        f"AWS endpoint  {aws.url}",
        f"public API    {demo.query_url(aws)}",
        f"health        curl {demo.health_url(aws)}",
        f"query         roadworthy local query user '{demo.EXAMPLE_BODY}'",
        f"or by curl    {demo.curl(aws)}",
    )
    sys.stdout.write("\n".join(lines) + "\n")
