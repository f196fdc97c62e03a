"""ECS's service scheduler: it starts and stops tasks until each deployment has as many as it wants."""

from math import ceil, floor, inf

from roadworthy.testing.plane import messages
from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.plane.state import Deployment, Service, Task
from roadworthy.testing.plane.task_life import TaskLife


class Scheduler:
    """Keeps the services of a plane at what is wanted.

    A rolling service stays between its minimum (rounded up) and maximum percent (rounded down) of the desired count:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
    """

    def __init__(self, plane: Plane) -> None:
        self.plane = plane
        self.life = TaskLife(plane, self.reconcile)

    def reconcile(self, service: Service) -> None:
        """Start and stop what can be now, and tell the deployment under way that something has changed."""
        self._stop_surplus(service)
        self._start_missing(service)
        drop_empty(service)
        if service.rollout:
            service.rollout.poke()
        self._note_steady(service)

    def _stop_surplus(self, service: Service) -> None:
        spare = _spare(service)
        for deployment in reversed(service.deployments):
            alive = deployment.alive
            victims: list[Task] = []
            for task in self._candidates(alive)[: max(0, len(alive) - deployment.wanted)]:
                if task.healthy and spare < 1:
                    break
                spare -= task.healthy
                victims.append(task)
            self._stop(service, deployment, victims)

    def _candidates(self, alive: list[Task]) -> list[Task]:
        """The tasks that may be stopped: those that are not healthy first. Protected ones are not touched.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
        """
        now = self.plane.now()
        return sorted((task for task in alive if not task.protected(now)), key=lambda task: task.healthy)

    def _stop(self, service: Service, deployment: Deployment, victims: list[Task]) -> None:
        if not victims:
            return
        reason = f"Scaling activity initiated by (deployment {deployment.id})"
        for task in victims:
            self.life.stop(task, "ServiceSchedulerInitiated", reason)
        targets = sum(task.running_at is not None for task in victims)
        if targets and (group := deployment.revision.target_group):
            self.plane.event(service, messages.deregistered(targets, group))
            self.plane.event(service, f"has begun draining connections on {targets} tasks.")
        self.plane.event(service, messages.stopped(victims))

    def _start_missing(self, service: Service) -> None:
        room = _room(service)
        for deployment in service.deployments:
            missing = deployment.wanted - len(deployment.alive)
            if missing < 1 or deployment.rollout_state == "FAILED" or self.plane.now() < deployment.next_start_at:
                continue
            count = int(min(missing, room))
            if count < 1:
                self._note_blocked(service)
            elif deployment.fault.unplaced:
                self._unplaced(service, deployment, count)
            else:
                room -= count
                started = [self.life.start(service, deployment) for _ in range(count)]
                self.plane.event(service, messages.started(started))

    def _unplaced(self, service: Service, deployment: Deployment, count: int) -> None:
        deployment.failed += count
        self.plane.event(service, messages.unplaced(deployment.fault.unplaced))
        self.life.back_off(service, deployment)

    def _note_blocked(self, service: Service) -> None:
        """Say once that the minimum and maximum percent leave nothing to stop and nothing to start."""
        moving = any(not task.healthy for one in service.deployments for task in one.tasks.values())
        held = any(task.protected(self.plane.now()) for one in service.deployments for task in one.tasks.values())
        if not (moving or held or service.blocked):
            service.blocked = True
            self.plane.event(service, messages.BLOCKED)

    def _note_steady(self, service: Service) -> None:
        steady = service.rollout is None and settled(service)
        if steady and not service.steady:
            self.plane.event(service, "has reached a steady state.")
        service.steady = steady


def drop_empty(service: Service) -> None:
    """Forget the deployments that are not PRIMARY, and whose tasks have all stopped."""
    service.deployments[1:] = [one for one in service.deployments[1:] if one.tasks or one.kept]


def settled(service: Service) -> bool:
    """Whether the PRIMARY deployment has all its tasks healthy, and no other one has any."""
    primary = service.primary
    return len(service.deployments) == 1 and len(primary.tasks) == len(primary.healthy) == primary.wanted


def _limited(service: Service) -> bool:
    return service.strategy == "ROLLING"


def _spare(service: Service) -> float:
    """How many healthy tasks may be stopped."""
    if not _limited(service):
        return inf
    healthy = sum(len(one.healthy) for one in service.deployments)
    return healthy - ceil(service.desired * int(service.configuration["minimumHealthyPercent"]) / 100)


def _room(service: Service) -> float:
    """How many tasks may be started."""
    if not _limited(service):
        return inf
    alive = sum(len(one.alive) for one in service.deployments)
    return floor(service.desired * int(service.configuration["maximumPercent"]) / 100) - alive
