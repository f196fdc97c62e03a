"""How a deployment ended."""

import enum

from roadworthy.cli.exit_codes import ExitCode


class Outcome(enum.Enum):
    """The end of a deployment, as far as we followed it; the value is its name in JSON."""

    SUCCEEDED = "succeeded"
    ROLLED_BACK = "rolled back"
    ROLLBACK_FAILED = "rollback failed"
    REPLACED = "replaced"
    STOPPED = "stopped"
    TIMED_OUT = "timed out"
    UNHEALTHY = "unhealthy"  # ECS says that it succeeded, and its load balancer that its tasks do not answer
    PAUSED = "paused"
    LEFT = "left"  # it goes on, and nobody follows it any more
    NOT_STARTED = "not started"

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a verb that followed this one deployment."""
        return _EXIT_CODES[self]


_EXIT_CODES = {
    Outcome.SUCCEEDED: ExitCode.OK,
    Outcome.ROLLED_BACK: ExitCode.FAILED,
    Outcome.ROLLBACK_FAILED: ExitCode.ROLLBACK_FAILED,
    Outcome.REPLACED: ExitCode.REPLACED,
    Outcome.STOPPED: ExitCode.STOPPED,
    Outcome.TIMED_OUT: ExitCode.TIMED_OUT,
    Outcome.PAUSED: ExitCode.PAUSED,
    Outcome.LEFT: ExitCode.INTERRUPTED,
    Outcome.NOT_STARTED: ExitCode.FAILED,
    Outcome.UNHEALTHY: ExitCode.FAILED,
}
# The status of a service deployment -> how it ended. STOPPED is told apart by what came after it.
# Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
FINAL = {
    "SUCCESSFUL": Outcome.SUCCEEDED,
    "ROLLBACK_SUCCESSFUL": Outcome.ROLLED_BACK,
    "ROLLBACK_FAILED": Outcome.ROLLBACK_FAILED,
    "STOPPED": Outcome.STOPPED,
}
