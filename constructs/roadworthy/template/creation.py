"""Where a CDK app made a resource: the line that stands in the creation stack which CDK writes into the assembly.

CDK records the app's own Python frames when `JSII_HOST_STACK_TRACES=1` is set while the app runs, as
`function (/path/app.py:9)`, the innermost first. Source: the kernel client of jsii (`jsii/_stack_trace.py`) and
`captureStackTrace` of aws-cdk-lib 2.275.
"""

import os
from collections.abc import Iterable

from roadworthy.template.pattern import Pattern

CREATION_STACK = "aws:cdk:creationStack"  # the metadata entry's type
_FRAME = Pattern(r".* \((?P<file>[^()]+\.py):(?P<line>[0-9]{1,9})\)")
# Code that users do not change: installed packages, and our own patterns, through which they make constructs.
_PACKAGES = Pattern(r"[/\\](?:site|dist)-packages[/\\]")
_OURSELVES = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


def created_at(stack: Iterable[object]) -> str | None:
    """The innermost line of the user's own code, "stacks/api.py:41": relative to the working directory where below it.

    None when the stack holds none, as for apps in other languages.
    """
    for frame in stack:
        match = _FRAME.fullmatch(frame) if isinstance(frame, str) else None
        if match and not _PACKAGES.search(match["file"]) and not match["file"].startswith(_OURSELVES):
            return f"{_shortened(match['file'])}:{int(match['line'])}"
    return None


def _shortened(file: str) -> str:
    try:
        here = os.getcwd() + os.sep
    except OSError:  # the working directory has been removed
        return file
    return file.removeprefix(here).replace(os.sep, "/")
