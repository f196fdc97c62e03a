"""Do as many tasks run as are wanted?"""

from collections.abc import Iterator

from roadworthy.operations.causes import cause_of_task
from roadworthy.operations.diagnose.check import check
from roadworthy.operations.diagnose.live import Live
from roadworthy.operations.diagnose.problem import ERROR, WARNING, Problem
from roadworthy.operations.diagnose.stage import Stage, Step
from roadworthy.operations.ecs.task import Task

ACTIVE = "ACTIVE"
# What ECS does in a status: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
WAITING = {
    "PROVISIONING": "Look at the free addresses of its subnets: ECS makes the task's network interface",
    "PENDING": "Look at the image's size, the way to its registry, and dependsOn: ECS pulls and starts the containers",
    "ACTIVATING": "Look at dependsOn, service discovery and the target group: ECS registers the task",
}
LONG = 10 * 60  # seconds; pulling a large image takes a few minutes


@check(
    "running-tasks",
    step=Step.TASKS,
    stage=Stage.AFTERMATH,
    fact="as many tasks run as are wanted",
)
def find(live: Live) -> Iterator[Problem]:
    """Report tasks that are missing, and tasks that wait for long."""
    service = live.service
    if service.status != ACTIVE:
        yield Problem(
            "service-not-active", f"the service is {service.status}", "Deploy the service anew, if it is wanted"
        )
    elif not service.desired:
        yield Problem(
            "no-task-wanted", "no task is wanted", "Raise the desired count, if the service is wanted", WARNING
        )
    elif service.running < service.desired:
        yield _missing(live)
    yield from _stuck(live)


def _missing(live: Live) -> Problem:
    """Those that are on their way after a scale-out, or in a deployment, are worth no more than a warning."""
    service = live.service
    moving = live.primary is not None and live.primary.state == "IN_PROGRESS"
    coming = service.running + service.pending >= service.desired and not _failed_of_late(live)
    wait = "Wait for the deployment" if moving else "Wait until they run"
    return Problem(
        "tasks-missing",
        f"{service.running} of {service.desired} tasks run, {service.pending} are starting",
        wait if moving or coming else "Look at why tasks stopped",
        WARNING if coming or (moving and service.running) else ERROR,
    )


def _failed_of_late(live: Live) -> bool:
    now = live.clock.now()
    late = [task for task in live.stopped if task.stopped is None or now - task.stopped.timestamp() < LONG]
    return any(cause_of_task(task) for task in late)


def _stuck(live: Live) -> Iterator[Problem]:
    waiting = [(task, _age(live, task)) for task in live.running if task.status in WAITING]
    stuck = [(task, age) for task, age in waiting if age > LONG]
    if stuck:
        task, age = max(stuck, key=lambda each: each[1])
        yield Problem(
            "tasks-stuck",
            f"{len(stuck)} of its tasks do not come to run; one has been {task.status} for {age // 60:.0f} minutes",
            WAITING[task.status],
        )


def _age(live: Live, task: Task) -> float:
    return live.clock.now() - task.created.timestamp() if task.created else 0.0
