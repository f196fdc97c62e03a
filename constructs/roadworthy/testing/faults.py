"""What can befall a deployment, as AWS tells it.

Each function makes a fault for `FakeEcs.script`; `&` joins two for the same deployment:

    fake.script("api-stage", faults.pull_error())                                 # the next deployment
    fake.script("api-stage", faults.crash_loop(), faults.none())                  # the next, and the one after it
    fake.script("api-stage", faults.pull_error() & faults.rollback_fails())

The texts are AWS's, where AWS publishes them:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
`{image}`, `{secret}`, `{log_group}`, `{role}`, `{target_group}`, `{task}`, `{account}` and `{region}` in them stand for
those of the task that fails.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

MATCHER = "Target.ResponseCodeMismatch"
REASON_CODES = {  # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
    MATCHER: "Health checks failed with these codes: [404]",
    "Target.Timeout": "Request timed out",
    "Target.FailedHealthChecks": "Health checks failed",
}


@dataclass(frozen=True)
class TaskFault:
    """How a task ends: while STARTING, while RUNNING, or because it is UNHEALTHY; `after` is in seconds.

    `after` counts from the task's creation when STARTING, else from RUNNING. `target_reason` is the reason code of the
    target's health, empty when the container's own health check fails.
    """

    phase: Literal["STARTING", "RUNNING", "UNHEALTHY"]
    after: float
    stop_code: str
    stopped_reason: str
    container_reason: str | None = None
    exit_code: int | None = None
    logs: tuple[str, ...] = ()
    target_reason: str = ""
    description: str = ""


@dataclass(frozen=True)
class Fault:
    """What befalls one deployment; `a & b` is both, and what they both say is as `b` says."""

    task: TaskFault | None = None
    tasks: int | None = None
    unplaced: str = ""
    start: float | None = None
    never_starts: bool = False
    replaced_after: float | None = None
    stop_after: float | None = None
    rollback_after: float | None = None
    alarm: str | None = None
    alarm_after: float | None = None
    hooks: tuple[Mapping[str, Any], ...] = ()
    rollback_fails: bool = False
    no_circuit_breaker: bool = False
    active_deployments: int = 0
    released_after: float | None = None
    pointer_after: float = 0.0

    def __and__(self, other: "Fault") -> "Fault":
        """Both faults, for the same deployment."""
        told = {one.name: getattr(other, one.name) for one in fields(Fault) if getattr(other, one.name) != one.default}
        mine = {one.name: getattr(self, one.name) for one in fields(Fault)}
        return Fault(**{**mine, **told, "hooks": self.hooks + other.hooks})


def none() -> Fault:
    """Nothing: the deployment succeeds. For the place of a deployment between two that fail."""
    return Fault()


def pull_error(after: float = 12.0, *, tasks: int | None = None) -> Fault:
    """The image is not in its repository: each task stops `after` seconds, before it runs.

    `tasks` limits it, as in all faults of tasks, to the first tasks of the deployment; the following ones live.
    """
    text = "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref {image}: "
    return _never_ran(after, f"{text}{{image}}: not found", tasks)


def secret_missing(after: float = 8.0, *, denied: bool = True, tasks: int | None = None) -> Fault:
    """The execution role may not read the secret; with `denied=False` there is no such secret."""
    why = (
        "AccessDeniedException: User: arn:aws:sts::{account}:assumed-role/{role}/{task} is not authorized to perform: "
        "secretsmanager:GetSecretValue on resource: {secret} because no identity-based policy allows the "
        "secretsmanager:GetSecretValue action"
        if denied
        else "ResourceNotFoundException: Secrets Manager can't find the specified secret."
    )
    text = (
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "
        "unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret "
        f"{{secret}} from secrets manager: {why}"
    )
    return _never_ran(after, text, tasks)


def log_group_missing(after: float = 8.0, *, tasks: int | None = None) -> Fault:
    """The log group of the container does not exist."""
    text = (
        "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed "
        "to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist."
    )
    return _never_ran(after, text, tasks)


def crash_loop(
    exit_code: int = 1, logs: Sequence[str] = (), after: float = 3.0, *, tasks: int | None = None, reason: str = ""
) -> Fault:
    """The container exits `after` seconds of running, having written `logs`.

    One that runs for longer than it takes to be healthy fails no deployment: it crashes in one that has succeeded.
    """
    fault = TaskFault(
        "RUNNING",
        after,
        "EssentialContainerExited",
        "Essential container in task exited",
        container_reason=reason or None,
        exit_code=exit_code,
        logs=tuple(logs),
    )
    return Fault(task=fault, tasks=tasks)


def out_of_memory(logs: Sequence[str] = (), after: float = 8.0, *, tasks: int | None = None) -> Fault:
    """The container is killed, exit code 137, because it uses more memory than it has."""
    return crash_loop(137, logs, after, tasks=tasks, reason="OutOfMemoryError: Container killed due to memory usage")


def failed_health_checks(
    reason_code: str = "", description: str = "", after: float = 30.0, *, tasks: int | None = None
) -> Fault:
    """The tasks run but are not healthy, and are stopped `after` seconds of running.

    Without a reason code it is the container's health check that fails. With "Target.ResponseCodeMismatch",
    "Target.Timeout" or "Target.FailedHealthChecks" it is the load balancer's; the description has a default.
    """
    reason = (
        "Task failed ELB health checks in (target-group {target_group})"
        if reason_code
        else "Task failed container health checks"
    )
    fault = TaskFault(
        "UNHEALTHY",
        after,
        "ServiceSchedulerInitiated",
        reason,
        exit_code=137,
        target_reason=reason_code,
        description=description or REASON_CODES.get(reason_code, "Health checks failed"),
    )
    return Fault(task=fault, tasks=tasks)


def no_capacity() -> Fault:
    """Fargate has no capacity for the tasks: none is placed."""
    text = "Capacity is unavailable at this time. Please try again later or in a different availability zone."
    return Fault(unplaced=text)


def no_addresses(after: float = 5.0, *, subnet: str = "subnet-0aaaaaaaaaaaaaaaa", tasks: int | None = None) -> Fault:
    """The subnet has no free address for a task's network interface."""
    text = f"Unexpected EC2 error while attempting to Create Network Interface in subnet '{subnet}': "
    return _never_ran(after, text + "InsufficientFreeAddressesInSubnet", tasks)


def slow_start(seconds: float) -> Fault:
    """Each task takes so many seconds to run."""
    return Fault(start=seconds)


def never_starts() -> Fault:
    """The tasks stay PENDING for ever; since none fails, no circuit breaker counts them."""
    return Fault(never_starts=True)


def replaced(after: float) -> Fault:
    """Somebody else starts another deployment `after` seconds."""
    return Fault(replaced_after=after)


def stopped(after: float) -> Fault:
    """Somebody else stops the deployment, without a rollback, `after` seconds."""
    return Fault(stop_after=after)


def rolled_back(after: float) -> Fault:
    """Somebody else stops the deployment, with a rollback, `after` seconds."""
    return Fault(rollback_after=after)


def alarm_red(name: str = "", after: float = 0.0, *, at_start: bool = False) -> Fault:
    """An alarm of the deployment goes off `after` seconds; `name` defaults to the first of its configuration.

    With `at_start` it is in ALARM already when the deployment starts, and ECS ignores it.
    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
    """
    return Fault(alarm=name, alarm_after=None if at_start else after)


def paused_hook(stage: str, timeout_minutes: int = 1440, on_timeout: str = "ROLLBACK") -> Fault:
    """The deployment pauses at a stage until ContinueServiceDeployment is called, or the time is over."""
    timeout = {"timeoutInMinutes": timeout_minutes, "action": on_timeout}
    return Fault(hooks=({"targetType": "PAUSE", "lifecycleStages": [stage], "timeoutConfiguration": timeout},))


def hook_failure(stage: str) -> Fault:
    """A Lambda function at a stage answers FAILED."""
    target = "arn:aws:lambda:{region}:{account}:function:always-fails"
    return Fault(hooks=({"targetType": "AWS_LAMBDA", "hookTargetArn": target, "lifecycleStages": [stage]},))


def five_active_deployments(count: int = 5, released_after: float | None = None) -> Fault:
    """The service has so many unfinished deployments now: protected tasks keep the older ones alive.

    ECS refuses the sixth. `released_after` is the seconds after which the protection ends; None: never.
    Source: https://github.com/aws/containers-roadmap/issues/2836
    """
    return Fault(active_deployments=count, released_after=released_after)


def rollback_fails() -> Fault:
    """The rollback, if it comes to one, fails."""
    return Fault(rollback_fails=True)


def no_circuit_breaker() -> Fault:
    """The deployment has no circuit breaker: one that fails goes on for ever."""
    return Fault(no_circuit_breaker=True)


def stale_pointer(seconds: float = 10.0) -> Fault:
    """For so long after it starts, UpdateService and DescribeServices name the former deployment as the current one.

    Source: https://github.com/kayac/ecspresso/issues/929
    """
    return Fault(pointer_after=seconds)


def _never_ran(after: float, reason: str, tasks: int | None) -> Fault:
    fault = TaskFault("STARTING", after, "TaskFailedToStart", reason, container_reason=reason)
    return Fault(task=fault, tasks=tasks)
