"""The verbs of the command line, run in this process."""

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.operations.shop import PacedClock
from roadworthy.cli.operate import list as list_verb
from roadworthy.cli.operate import restart as restart_verb
from roadworthy.cli.run import parser_of
from roadworthy.operations.context import Context
from roadworthy.testing import FakeEcs


def list_services(fake: FakeEcs, clock: PacedClock, catalogue: Path) -> list[dict[str, Any]]:
    """What `roadworthy list` prints."""
    found: list[dict[str, Any]] = _answer("list", list_verb.run, fake, clock, ["--catalogue", str(catalogue)])
    return found


def restart_all(fake: FakeEcs, clock: PacedClock, catalogue: Path, parallel: int) -> int:
    """Run `roadworthy restart --all`; how many succeeded."""
    arguments = ["--all", "--parallel", str(parallel), "--record", "off", "--catalogue", str(catalogue)]
    told = _answer("restart", restart_verb.run, fake, clock, arguments)
    return sum(service["outcome"] == "succeeded" for service in told["services"])


def _answer(
    verb: str, run: Callable[[Any, Context], int], fake: FakeEcs, clock: PacedClock, arguments: list[str]
) -> Any:
    args = parser_of(verb).parse_args([*arguments, "--output", "json"])
    context = Context(clock, lambda profile: fake.session())
    with contextlib.redirect_stdout(io.StringIO()) as told, contextlib.redirect_stderr(io.StringIO()):
        run(args, context)
    return json.loads(told.getvalue())
