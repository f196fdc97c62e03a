"""What a container's exit code means: 128 + n is the signal n, 126 and 127 are a shell's.

Sources: https://repost.aws/knowledge-center/ecs-task-stopped (common exit codes)
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/out-of-memory.html
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from roadworthy.operations.causes.cause import Cause
from roadworthy.operations.causes.families.application import APPLICATION, LAST_WORD
from roadworthy.operations.causes.families.permissions import PERMISSIONS
from roadworthy.operations.causes.families.start import EXEC_FORMAT, NO_INTERPRETER, START
from roadworthy.operations.causes.values import values_of
from roadworthy.operations.causes.wording import Family, Wording, cause_of_text, one_line
from roadworthy.operations.ecs.task import TaskContainer

READ_LOG = "Read the container's log: the application ended by itself"
EXECUTED = Family(r"", (EXEC_FORMAT, NO_INTERPRETER))
OF_LOG = (EXECUTED, PERMISSIONS, APPLICATION, LAST_WORD)  # what a log may say, the more special first
LONGEST = 160  # characters of a line in a sentence
OUT_OF_MEMORY = Family(
    r"OutOfMemory",
    (
        Wording(
            "out-of-memory",
            r"",
            "{container} used more memory than it has, and was killed",
            "Raise the container's or the task's memory, or find what uses it",
        ),
    ),
)


class Exit(NamedTuple):
    """What a code means; `{}` is the container: "container `api`"."""

    kind: str
    what: str
    next_step: str


EXITS: Mapping[int, Exit] = {
    0: Exit(
        "container-finished",
        "{} ended with exit code 0",
        "Run a process that does not end, or make the container non-essential",
    ),
    1: Exit("container-exited", "{} exited with code 1: an error in the application", READ_LOG),
    126: Exit(
        "command-not-executable",
        "{} exited with code 126: its command may not be executed",
        "Make the file executable in the image: `RUN chmod +x`",
    ),
    127: Exit(
        "command-not-found",
        "{} exited with code 127: its command does not exist in the image",
        "Correct the container's command and entryPoint, or install the program in the image",
    ),
    134: Exit("container-aborted", "{} aborted itself (SIGABRT, exit code 134)", READ_LOG),
    137: Exit(
        "container-killed",
        "{} was killed (SIGKILL, exit code 137): too little memory, or too slow to stop",
        "Compare its memory use with its memory, and let it end within stopTimeout on SIGTERM",
    ),
    139: Exit(
        "segmentation-fault",
        "{} accessed memory that is not its own (SIGSEGV, exit code 139)",
        "Check the image's native libraries and the processor that it is built for",
    ),
    143: Exit(
        "container-terminated",
        "{} was asked to end (SIGTERM, exit code 143)",
        "Find out who asked: another essential container may have ended first",
    ),
}
# A container that ends takes the others along: these codes are what they get.
CONSEQUENCES = (143, 137, 0)


def first_to_end(containers: Sequence[TaskContainer]) -> TaskContainer | None:
    """The container that most likely took the task along; None when none has ended."""
    ended = [each for each in containers if each.exit_code is not None or each.reason]
    ranked = sorted(ended, key=lambda each: (not each.reason, _is_consequence(each.exit_code)))
    return ranked[0] if ranked else None


def cause_of_exit(container: TaskContainer, values: Mapping[str, str], log: Sequence[str] = ()) -> Cause | None:
    """Why the container ended, by its reason, its last log lines, its exit code; None when it has none."""
    reason = one_line(container.reason)
    told = cause_of_text(reason, (OUT_OF_MEMORY, START), values) if reason else None
    return (
        told
        or _by_log(container, values, log)
        or _by_code(container.exit_code, values["container"], f"{reason} exit code {container.exit_code}".strip())
    )


def _by_log(container: TaskContainer, values: Mapping[str, str], log: Sequence[str]) -> Cause | None:
    """What its last lines tell, the last one first; a code that speaks for itself needs none of them."""
    if container.exit_code is None or (container.exit_code in EXITS and container.exit_code != 1):
        return None
    lines = [one_line(line) for line in reversed(log)]
    for family in OF_LOG:
        for line in lines:
            quoted = {"code": str(container.exit_code), "line": line[:LONGEST]}
            named = values_of(line, {"container": container.name, "image": container.image})
            if told := cause_of_text(line, (family,), {**values, **named, **quoted}):
                return told
    return None


def _by_code(code: int | None, container: str, evidence: str) -> Cause | None:
    if code is None:
        return None
    other = Exit("container-exited", f"{{}} exited with code {code}", READ_LOG)
    kind, what, next_step = EXITS.get(code, other)
    return Cause(kind, what.format(container), next_step, evidence)


def _is_consequence(code: int | None) -> int:
    return CONSEQUENCES.index(code) + 1 if code in CONSEQUENCES else 0
