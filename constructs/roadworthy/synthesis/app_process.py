"""Running a CDK app without the CDK CLI, which starts a second Node.js only to start the app.

What costs the time of a Python app is left out: byte code is kept, garbage is not collected between imports, Node.js is
the pinned one, and CDK's WebAssembly engine stays off (`cloudformation_engine` does its work).
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from roadworthy.node import pinned_node
from roadworthy.synthesis.settings import Settings, SettingsError, default_region
from roadworthy.synthesis.validation_report import REPORT_FILE, SWITCH

PYTHON = re.compile(r"^python[\d.]*(\.exe)?$")
MANIFEST = "manifest.json"  # which CDK writes last
LAUNCHER = str(Path(__file__).with_name("launcher.py"))
# More than this does not fit into one variable of the environment (Linux: 128 KiB); the rest travels in a file.
LARGEST_CONTEXT = 120_000


def run(settings: Settings, environment: Mapping[str, str]) -> int:
    """Run the app, which writes its assembly to `settings.output`; the answer is its exit code.

    Raises:
        SettingsError: the command cannot be started.
    """
    settings.output.mkdir(parents=True, exist_ok=True)
    for earlier in (MANIFEST, REPORT_FILE):  # of another run, which this one may have nothing to put in place of
        (settings.output / earlier).unlink(missing_ok=True)
    with _variables(settings, environment) as variables:
        command = _python_command(settings)
        try:
            # What `cdk.json` holds is a command line for a shell, as for the CDK CLI.
            done = subprocess.run(
                command or settings.app, shell=command is None, cwd=settings.folder, env=variables, check=False
            )
        except OSError as error:
            raise SettingsError(f"the app `{settings.app}` cannot be started: {error.strerror}") from None
    return done.returncode


def has_written(settings: Settings) -> bool:
    """Whether the app came as far as writing an assembly: then what it ended for are findings."""
    return (settings.output / MANIFEST).is_file()


def _python_command(settings: Settings) -> list[str] | None:
    """The words of an app that is a Python program, with our launcher before it; None for any other."""
    try:
        words = shlex.split(settings.app)
    except ValueError:
        return None
    plain = len(words) > 1 and PYTHON.match(Path(words[0]).name) and words[1].endswith(".py")
    if not plain or any(character in settings.app for character in "|&;<>$`\n"):
        return None
    program = shutil.which(words[0], path=os.environ.get("PATH")) if os.sep not in words[0] else words[0]
    return [program or words[0], LAUNCHER, *words[1:]]


@contextmanager
def _variables(settings: Settings, environment: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment that the CDK CLI gives to an app, with what saves time."""
    context = json.dumps(settings.context)
    variables = {
        **{name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "CDK_OUTDIR": str(settings.output.absolute()),
        "CDK_CONTEXT_JSON": context,
        SWITCH: "false",
    }
    variables.setdefault("CDK_DEFAULT_REGION", default_region(environment))
    node = pinned_node()
    if node is not None:
        variables.setdefault("JSII_NODE", str(node))
    with tempfile.TemporaryDirectory(prefix="roadworthy-") as folder:
        if len(context) > LARGEST_CONTEXT:
            overflow = Path(folder, "context.json")
            overflow.write_text(context, encoding="utf-8")
            variables |= {"CDK_CONTEXT_JSON": "{}", "CONTEXT_OVERFLOW_LOCATION_ENV": str(overflow)}
        yield variables
