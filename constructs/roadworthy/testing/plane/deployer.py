"""Starts service deployments, and brings about what is scripted for them."""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from roadworthy.errors import RoadworthyError
from roadworthy.testing.faults import Fault
from roadworthy.testing.plane import blue_green, messages, misuse, monitors, rolling
from roadworthy.testing.plane.plane import Plane
from roadworthy.testing.plane.rollout import Rollout, Strategy
from roadworthy.testing.plane.scheduler import Scheduler, drop_empty
from roadworthy.testing.plane.state import Deployment, Service, ServiceDeployment, TaskDefinition
from roadworthy.testing.wire.backend import AwsError

MOST_ACTIVE = 5  # https://github.com/aws/containers-roadmap/issues/2836
LONGEST_PROTECTION = 2880 * 60.0  # seconds; API_UpdateTaskProtection
STRATEGIES: dict[str, Strategy] = {
    "ROLLING": rolling.deploy,
    "BLUE_GREEN": blue_green.deploy,
    "CANARY": blue_green.deploy,
    "LINEAR": blue_green.deploy,
}


class Deployer:
    """Starts the deployments of a plane's services."""

    def __init__(self, plane: Plane) -> None:
        self.plane = plane
        self.scheduler = Scheduler(plane)

    def begin(self, service: Service, definition: TaskDefinition) -> ServiceDeployment:
        """Start a deployment; one that is under way is replaced.

        Raises:
            AwsError: InvalidParameterException, when five deployments are active already.
        """
        drop_empty(service)
        if len(service.deployments) >= MOST_ACTIVE:
            text = f"{MOST_ACTIVE} active deployments exist, unable to create new deployment."
            raise AwsError("InvalidParameterException", text)
        fault = service.script.popleft() if service.script else Fault()
        sources = list(service.deployments)
        for source in sources:
            source.kept = source.kept and service.strategy != "ROLLING"
        if service.rollout:
            service.rollout.replace()
        self._redden(service, fault)
        record = self.record(service, self.deployment(service, definition, fault), fault, sources)
        self._plan(service, record, fault)
        rollout = Rollout(self.scheduler, service, record, STRATEGIES[service.strategy])
        service.rollout, service.steady, service.blocked = rollout, False, False
        rollout.poke()
        return record

    def record(
        self, service: Service, target: Deployment, fault: Fault, sources: list[Deployment]
    ) -> ServiceDeployment:
        """A service deployment with its target, which becomes the PRIMARY one."""
        plane, now = self.plane, self.plane.now()
        configuration = self._configuration(service.configuration, fault)
        arn = plane.arn(f"service-deployment/{service.cluster.name}/{service.name}/{plane.ids.service_deployment()}")
        watched = monitors.alarm_names(configuration)
        red = frozenset(name for name in watched if plane.alarms.get(name) == "ALARM")
        record = ServiceDeployment(arn, now, now, target, sources, configuration, red)
        service.deployments.insert(0, target)
        service.pointer = service.history[-1].arn if service.history else None
        service.pointer_moves_at = now + fault.pointer_after
        service.history.append(record)
        plane.service_deployments[arn] = (service, record)
        return record

    def deployment(self, service: Service, definition: TaskDefinition, fault: Fault) -> Deployment:
        """A new entry for `deployments`, with a revision of its own."""
        now, at_once = self.plane.now(), service.strategy == "ROLLING"
        revision = self.plane.new_revision(service, definition)
        revision.target_group = _target_group(service)
        name = self.plane.ids.deployment()
        return Deployment(name, service, revision, now, now, at_once, fault, reason=messages.in_progress(name))

    def _configuration(self, configuration: Mapping[str, Any], fault: Fault) -> dict[str, Any]:
        """The deployment configuration, with what the fault adds to it or takes from it."""
        backend = self.plane.backend
        added = [_located(hook, backend.region, backend.account) for hook in fault.hooks]
        changed = dict(configuration)
        if added:
            changed["lifecycleHooks"] = [*configuration.get("lifecycleHooks", []), *added]
        if fault.no_circuit_breaker:
            changed["deploymentCircuitBreaker"] = {"enable": False, "rollback": False}
        return changed

    # What is scripted ---------------------------------------------------------------------------------------------

    def script(self, service: Service, faults: Iterable[Fault]) -> None:
        """Let the next deployments meet faults; those of what is there already befall it now.

        Raises:
            RoadworthyError: it is no fault, or has a hook where there is none, as in a rolling deployment.
        """
        for fault in faults:
            misuse.refuse_fault(service.name, fault)
        for fault in faults:
            if fault.hooks and service.strategy == "ROLLING":
                text = f"service `{service.name}` is rolling, and a rolling deployment has no lifecycle hooks"
                raise RoadworthyError(f'{text}; add the service with strategy="BLUE_GREEN"')
            if fault.active_deployments:
                self.pile_up(service, fault)
            else:
                service.script.append(fault)

    def _redden(self, service: Service, fault: Fault) -> None:
        """An alarm that is in ALARM already when the deployment starts."""
        if fault.alarm is not None and fault.alarm_after is None:
            self.plane.alarms[self._alarm(service, fault)] = "ALARM"

    def _plan(self, service: Service, record: ServiceDeployment, fault: Fault) -> None:
        def plan(after: float | None, call: Callable[[], object]) -> None:
            if after is not None:
                self.plane.clock.after(after, lambda: call() if record.live else None)

        plan(fault.replaced_after, lambda: self._replace(service, record))
        plan(fault.stop_after, lambda: self.request(service, "STOP_REQUESTED"))
        plan(fault.rollback_after, lambda: self.request(service, "ROLLBACK_REQUESTED"))
        if fault.alarm is not None:
            plan(fault.alarm_after, lambda: self.set_alarm(self._alarm(service, fault), "ALARM"))

    def _replace(self, service: Service, record: ServiceDeployment) -> None:
        """Deploy the same again, as somebody else would; ECS may refuse it."""
        with contextlib.suppress(AwsError):
            self.begin(service, record.target.revision.definition)

    def _alarm(self, service: Service, fault: Fault) -> str:
        names = service.configuration.get("alarms", {}).get("alarmNames", [])
        return fault.alarm or (names[0] if names else f"{service.name}-alarm")

    def request(self, service: Service, status: str) -> None:
        """Ask the deployment under way to stop or to roll back."""
        if service.rollout:
            service.rollout.request(status)

    def set_alarm(self, name: str, state: str) -> None:
        """Set an alarm of CloudWatch; the deployments that watch it see it at once."""
        self.plane.alarms[name] = state
        watching = [one for one in self.plane.services() if one.rollout]
        for service in watching:
            if service.rollout:
                service.rollout.poke()

    def pile_up(self, service: Service, fault: Fault) -> None:
        """Give a service unfinished deployments, kept alive by protected tasks."""
        lasts = LONGEST_PROTECTION if fault.released_after is None else fault.released_after
        until = self.plane.now() + lasts
        quiet = replace(fault, active_deployments=0)
        while len(service.deployments) < fault.active_deployments:
            held = service.primary.alive[:1] or [self._running(service)]
            for task in held:
                task.protected_until = until
            service.script.appendleft(quiet)
            self.begin(service, service.primary.revision.definition)
        self.plane.clock.at(until, lambda: self.scheduler.reconcile(service))

    def _running(self, service: Service) -> Any:
        return self.scheduler.life.running(service, service.primary, self.plane.now())


def _target_group(service: Service) -> str | None:
    """The target group of a service; a deployment that shifts traffic takes the other one when it starts its tasks."""
    balancers = service.settings.get("loadBalancers") or []
    return str(balancers[0]["targetGroupArn"]) if balancers else None


def _located(hook: Mapping[str, Any], region: str, account: str) -> dict[str, Any]:
    """A hook of a fault, its function in this account and region."""
    target = hook.get("hookTargetArn")
    if not target:
        return dict(hook)
    return {**hook, "hookTargetArn": target.replace("{region}", region).replace("{account}", account)}
