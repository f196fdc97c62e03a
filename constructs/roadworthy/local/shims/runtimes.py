"""What a Lambda runs in: a bare interpreter and its own variables.

Lack: Python Lambdas run in ministack's own interpreter with all of its packages and its whole environment, whatever
    the template says; their variables hold AWS host names that do not resolve.
Effect: a dependency that is missing from the bundle is not noticed; a Lambda sees variables that AWS does not set.
Shim: Python Lambdas run in an interpreter that holds boto3 and nothing else, as AWS's image does; of the emulator's
    variables only a handful are passed on; AWS host names are localised (see names.py) by the function's VPC.
Faithful: but for the interpreter's version, which is the machine's, and the limits on memory and /tmp.
"""

import os
import subprocess
from typing import Any

from roadworthy.local.shims import Settings, names
from roadworthy.local.shims.internals import lambda_runtime

# Of the emulator's own variables, what a process needs to run at all.
_KEPT = (
    "AWS_CONFIG_FILE",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_SHARED_CREDENTIALS_FILE",
    "HOME",
    "LANG",
    "PATH",
    "TMPDIR",
)


def install(settings: Settings) -> None:
    """Choose the interpreter and the variables."""
    detect = lambda_runtime._detect_runtime_binary

    def bare(runtime: str) -> tuple[str, str]:
        binary, script = detect(runtime)
        return (str(settings.lambda_python) if runtime.startswith("python") else binary), script

    lambda_runtime._detect_runtime_binary = bare
    lambda_runtime.subprocess = _Subprocess()
    _localise_variables()


class _Subprocess:
    """The standard `subprocess`, as the module that starts workers sees it: with less environment."""

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)

    def Popen(self, argv: list[str], *, env: dict[str, str] | None = None, **options: Any) -> Any:  # noqa: N802
        own = {
            name: value
            for name, value in (env or {}).items()
            if name in _KEPT or os.environ.get(name) != value or name.startswith(("AWS_REGION", "AWS_DEFAULT_REGION"))
        }
        return subprocess.Popen(argv, env=own, **options)


def _localise_variables() -> None:
    """Replace host names where a worker reads its function's variables: both in its start line and its environment."""
    spawn = lambda_runtime.Worker._spawn

    def localised(worker: Any) -> Any:
        declared = (worker.config.get("Environment") or {}).get("Variables") or {}
        subnets = (worker.config.get("VpcConfig") or {}).get("SubnetIds") or []
        vpc = names.vpc_of(subnets[0]) if subnets else None
        variables = {name: names.localise(str(value), vpc=vpc) for name, value in declared.items()}
        template = worker.config
        worker.config = {**template, "Environment": {**(template.get("Environment") or {}), "Variables": variables}}
        return spawn(worker)

    lambda_runtime.Worker._spawn = localised
