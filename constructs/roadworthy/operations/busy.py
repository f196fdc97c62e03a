"""Whether a service can take a new deployment now: one at a time, and ECS itself stops at five.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

import enum

from roadworthy.operations.clock import Clock
from roadworthy.operations.ecs.service import Service
from roadworthy.operations.ecs.service_deployment import LIVE, ServiceDeployment
from roadworthy.operations.errors import BusyError, OperationError
from roadworthy.operations.follow.events import Listener, Noted
from roadworthy.operations.follow.interrupts import Interrupts
from roadworthy.operations.follow.start import Started
from roadworthy.operations.follow.stop import ask_to_roll_back
from roadworthy.operations.place import Target

ALMOST_FULL = 4  # active deployments: ECS refuses the sixth
FULL = 5


class IfBusy(enum.Enum):
    """What to do about a deployment in progress."""

    FAIL = "fail"
    WAIT = "wait"
    CANCEL = "cancel"


class Way:
    """Clears the way for a new deployment."""

    def __init__(
        self, if_busy: IfBusy, *, clock: Clock, listen: Listener, interrupts: Interrupts, timeout: float, poll: float
    ) -> None:
        """Say what to do about a deployment in progress, and how long to wait for its end."""
        self._if_busy = if_busy
        self._clock = clock
        self._listen = listen
        self._interrupts = interrupts
        self._timeout = timeout
        self._poll = poll

    def clear(self, target: Target) -> tuple[Service, list[ServiceDeployment]]:
        """The service, with no deployment in progress, and the deployments that went on when we came.

        Raises:
            BusyError: a deployment is in progress: we were not to wait, or waited in vain.
            OperationError: ECS does not deploy this service, or AWS cannot be asked.
        """
        before: dict[str, ServiceDeployment] = {}
        give_up_at = self._clock.now() + self._timeout
        told = False
        while True:
            service = target.cluster.service(target.name)
            _refuse_other_controllers(target, service)
            live = target.cluster.deployments_of(target.name, *LIVE)
            before |= {each.arn: each for each in live}
            reason = why_busy(service, live)
            if reason is None:
                self._warn(target, service)
                return service, list(before.values())
            self._refuse(target, reason, give_up_at)
            if not told:
                self._tell(target, reason, live)
            told = True
            self._interrupts.wait(self._clock, self._poll)

    def _refuse(self, target: Target, reason: str, give_up_at: float) -> None:
        if self._interrupts.presses:
            raise BusyError(f"{reason}, and you did not want to wait for it any longer")
        if self._if_busy is IfBusy.FAIL:
            cure = "follow it with `roadworthy watch`, or pass --if-busy wait or cancel"
            raise BusyError(f"{reason}: {cure}")
        if self._clock.now() >= give_up_at:
            raise BusyError(f"{reason}, still after {self._timeout:.0f} s: look at it with `diagnose`")

    def _tell(self, target: Target, reason: str, live: list[ServiceDeployment]) -> None:
        if self._if_busy is IfBusy.WAIT:
            self._listen(Noted(target, f"{reason}: waiting for its end"))
            return
        for deployment in live:
            self._listen(ask_to_roll_back(Started(target, deployment.arn, "", "", 0.0), f"cancels {deployment.id}"))

    def _warn(self, target: Target, service: Service) -> None:
        if len(service.rollouts) >= ALMOST_FULL:
            count = len(service.rollouts)
            self._listen(Noted(target, f"{count} deployments are active: ECS takes no more than {FULL}", "warning"))


def why_busy(service: Service, live: list[ServiceDeployment]) -> str | None:
    """Why the service takes no deployment now, in words; None when it does."""
    if live:
        several = f"{len(live)} deployments are" if len(live) > 1 else "a deployment is"
        since = f" since {live[-1].created:%H:%M} UTC" if live[-1].created else ""
        return f"{several} in progress{since} ({', '.join(each.id for each in live)})"
    if len(service.rollouts) >= FULL:
        return f"{len(service.rollouts)} deployments are active, as many as ECS takes: old tasks have not stopped yet"
    primary = service.primary
    if len(service.rollouts) > 1 and primary and primary.state == "IN_PROGRESS":
        return f"a deployment is in progress ({primary.id})"
    return None


def _refuse_other_controllers(target: Target, service: Service) -> None:
    if service.controller != "ECS":
        raise OperationError(
            f"{service.controller} deploys it, not ECS: use its own tools, or move the service to ECS's deployments"
        )
