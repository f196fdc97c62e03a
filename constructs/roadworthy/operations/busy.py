"""Whether a service can take a new deployment now: one at a time, and ECS itself stops at five.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
"""

import enum
from dataclasses import dataclass, field

from roadworthy.operations.clock import Clock
from roadworthy.operations.ecs.service import Service
from roadworthy.operations.ecs.service_deployment import FORWARD, LIVE, ServiceDeployment
from roadworthy.operations.errors import BusyError, NotYetError, OperationError
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


@dataclass
class _Wait:
    """How the way of one service is: until when to wait, the ARNs of deployments seen, whether it was told."""

    give_up_at: float
    known: set[str] = field(default_factory=set)
    told: bool = False


class Way:
    """Clears the way for a new deployment. It never waits itself: one service that is busy holds up no other."""

    def __init__(
        self, if_busy: IfBusy, *, clock: Clock, listen: Listener, interrupts: Interrupts, timeout: float
    ) -> None:
        """Say what to do about a deployment in progress, and how long to wait for its end."""
        self._if_busy = if_busy
        self._clock = clock
        self._listen = listen
        self._interrupts = interrupts
        self._timeout = timeout
        self._waits: dict[Target, _Wait] = {}

    def clear(self, target: Target) -> tuple[Service, set[str]]:
        """The service, with no deployment in progress, and the ARNs of its deployments so far, of those that matter.

        Raises:
            NotYetError: a deployment is in progress, whose end is waited for.
            BusyError: a deployment is in progress: we were not to wait, or waited in vain.
            OperationError: ECS does not deploy this service, or AWS cannot be asked.
        """
        service = target.cluster.service(target.name)
        refuse_other_controllers(service)
        live = target.cluster.deployments_of(target.name, *LIVE)
        wait = self._waits.setdefault(target, _Wait(self._clock.now() + self._timeout))
        wait.known |= {each.arn for each in live}
        reason = why_busy(service, live)
        if reason is None:
            self._warn(target, service)
            return service, wait.known | {service.current_deployment or ""}
        self._refuse(reason, wait.give_up_at)
        if not wait.told:
            wait.told = True
            self._tell(target, reason, live)
        raise NotYetError(reason)

    def _refuse(self, reason: str, give_up_at: float) -> None:
        if self._interrupts.presses:
            raise BusyError(f"{reason}, and you did not want to wait for it any longer")
        if self._if_busy is IfBusy.FAIL:
            cure = "follow it with `roadworthy watch`, or pass --if-busy wait or cancel"
            raise BusyError(f"{reason}: {cure}")
        if self._clock.now() >= give_up_at:
            raise BusyError(f"{reason}, still after {self._timeout:.0f} s: look at it with `diagnose`")

    def _tell(self, target: Target, reason: str, live: list[ServiceDeployment]) -> None:
        going_on = [each for each in live if each.status in FORWARD] if self._if_busy is IfBusy.CANCEL else []
        if not going_on:  # what is being rolled back already ends by itself
            self._listen(Noted(target, f"{reason}: waiting for its end"))
        for deployment in going_on:
            _, told = ask_to_roll_back(Started(target, deployment.arn, "", "", 0.0), f"cancels {deployment.id}")
            self._listen(told)

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


def refuse_other_controllers(service: Service) -> None:
    """Refuse a service that ECS does not deploy.

    Raises:
        OperationError: CodeDeploy does, or something of one's own.
    """
    if service.controller != "ECS":
        raise OperationError(
            f"{service.controller} deploys it, not ECS: use its own tools, or move the service to ECS's deployments"
        )
