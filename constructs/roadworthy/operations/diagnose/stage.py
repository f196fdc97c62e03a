"""The order of the checklist, and the order in which one thing that is wrong causes the next."""

import enum


class Step(enum.Enum):
    """The parts of the checklist, in its order."""

    DEPLOYMENTS = "deployments"
    TASKS = "tasks"
    DEFINITION = "task definition"
    HEALTH_CHECKS = "health checks"
    IMAGE = "image"
    START = "start"
    HEALTH = "health"
    NETWORK = "network"
    LIMITS = "alarms and quotas"


class Stage(enum.IntEnum):
    """How far a task or a deployment came: what fails at an earlier stage explains what fails at a later one."""

    PLACEMENT = 1  # ECS finds room, addresses and roles for the task
    IMAGE = 2  # the image is pulled
    PREPARATION = 3  # secrets, log groups, file systems
    START = 4  # the application starts, and goes on
    CONFIGURATION = 5  # what keeps one that runs from being reached: ports, paths, security groups
    HEALTH = 6  # it answers its health checks
    DEPLOYMENT = 7  # the deployment goes through
    AFTERMATH = 8  # what is left: tasks that are missing, alarms


_KINDS = {
    Stage.PLACEMENT: (
        "capacity-unavailable disk-not-provisioned infrastructure-maintenance network-interface-failed "
        "no-container-instance quota-reached role-not-assumable security-group-missing spot-interruption subnet-full "
        "subnet-missing zone-unsupported"
    ),
    Stage.IMAGE: (
        "disk-full image-access-denied image-name-malformed image-not-found image-platform-mismatch "
        "image-pull-failed image-unusable registry-rate-limit registry-unknown"
    ),
    Stage.PREPARATION: (
        "efs-mount-failed environment-file-unreadable initialization-failed log-group-missing log-not-writable "
        "log-options-incomplete network-unreachable parameter-missing permission-missing secret-key-missing "
        "secret-key-unusable secret-missing secret-not-json secret-reference-malformed secret-without-value "
        "secrets-unreadable volume-failed"
    ),
    Stage.START: (
        "command-not-executable command-not-found container-aborted container-exited container-finished "
        "container-killed container-not-started container-start-timeout container-terminated "
        "credentials-missing database-missing dependency-failed dependency-unreachable file-access-denied "
        "file-system-read-only login-refused module-missing out-of-memory port-forbidden port-in-use "
        "segmentation-fault storage-full user-missing variable-missing"
    ),
    Stage.HEALTH: "container-unhealthy target-group-missing target-unhealthy targets-not-registered",
    Stage.DEPLOYMENT: (
        "circuit-breaker deployment-alarm deployment-pile-up ecs-throttled hook-failed listener-misconfigured "
        "protected-tasks replaced rollback-failed rollback-requested rounding-deadlock stage-timed-out "
        "tasks-fail-repeatedly tasks-replaced"
    ),
}
STAGES = {kind: stage for stage, kinds in _KINDS.items() for kind in kinds.split()}
