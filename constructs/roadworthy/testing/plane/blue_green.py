"""Blue/green, canary and linear deployments: green comes up next to blue, gets the traffic, and blue goes.

The stages: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
The steps: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from roadworthy.testing.plane import hooks
from roadworthy.testing.plane.process import Steps
from roadworthy.testing.plane.rollout import Rollout
from roadworthy.testing.plane.scheduler import settled
from roadworthy.testing.plane.state import Deployment, Service

STAGE = 1.0  # seconds that a stage takes beside its hooks
SHIFT = 5.0  # seconds that a listener rule takes to change
ALL = 100.0  # percent of the traffic


def deploy(rollout: Rollout) -> Steps:
    """Go through the stages."""
    shift = Shift(rollout)
    rollout.undo = shift.back
    yield from shift.reconcile()
    yield from shift.scale_up()
    yield from shift.test()
    yield from shift.produce()
    yield from shift.clean_up()


class Shift:
    """One deployment that shifts traffic from blue to green; without a load balancer there is none to shift."""

    def __init__(self, rollout: Rollout) -> None:
        self.rollout = rollout
        self.service = rollout.service
        self.record = rollout.record
        self.green = rollout.record.target
        self.blue = _serving(self.service, rollout.record.sources)
        self._entered: list[str] = []

    def reconcile(self) -> Steps:
        """With several revisions left by a deployment that was replaced, let go all but the one that serves."""
        others = [one for one in self.service.deployments if one not in (self.green, self.blue)]
        for one in others:
            one.kept = False
        if any(one.tasks for one in others):
            yield from self._stage("RECONCILE_SERVICE")
            self._weigh_production(0.0)
            self.rollout.scheduler.reconcile(self.service)
            yield from self.rollout.until(lambda: not any(one.tasks for one in others))
        self.rollout.back_to = self.blue.revision if self.blue else None
        self.green.revision.target_group = _other_group(self.service, self.blue)

    def scale_up(self) -> Steps:
        """Start green, and wait until all of its tasks are healthy."""
        yield from self._stage("PRE_SCALE_UP")
        self.record.stage = "SCALE_UP"
        self.green.kept = True
        self.rollout.scheduler.reconcile(self.service)
        yield from self.rollout.until(lambda: len(self.green.healthy) == self.service.desired)
        yield from self._stage("POST_SCALE_UP")

    def test(self) -> Steps:
        """Give green the test traffic."""
        self._weigh_test(ALL)
        yield from self._stage("TEST_TRAFFIC_SHIFT", SHIFT)
        yield from self._stage("POST_TEST_TRAFFIC_SHIFT")

    def produce(self) -> Steps:
        """Give green the production traffic, in one step or in several."""
        for percent in _steps(self.record.configuration) if self.blue else [ALL]:
            yield from self._stage("PRE_PRODUCTION_TRAFFIC_SHIFT")
            self._weigh_production(percent)
            yield from self._stage("PRODUCTION_TRAFFIC_SHIFT", SHIFT)
            if percent < ALL:
                yield from self.rollout.sleep(60.0 * _step_bake_minutes(self.record.configuration))
        yield from self._stage("POST_PRODUCTION_TRAFFIC_SHIFT")

    def clean_up(self) -> Steps:
        """Watch for the bake time, then let blue go."""
        self.record.stage = "BAKE_TIME"
        yield from self.rollout.sleep(60.0 * self.record.configuration.get("bakeTimeInMinutes", 0))
        self.record.stage, self.rollout.watched = "CLEAN_UP", False
        for one in self.service.deployments[1:]:
            one.kept = False
        self.rollout.scheduler.reconcile(self.service)
        yield from self.rollout.until(lambda: settled(self.service))
        self._forget_weights()

    def back(self, _rollout: Rollout) -> Steps:
        """Give the traffic back to blue: the hooks of both shifts are called again, with the weights reversed.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
        """
        yield from self._revive()
        for stage in ("PRODUCTION_TRAFFIC_SHIFT", "TEST_TRAFFIC_SHIFT"):
            if stage in self._entered:
                self._weigh_production(0.0)
                self._weigh_test(0.0)
                yield from self._stage(stage, SHIFT)

    def _revive(self) -> Steps:
        """Start blue again where its tasks are being cleaned up, before it gets the traffic."""
        blue, service = self.blue, self.service
        if blue is None or self.record.stage != "CLEAN_UP":
            return
        blue.kept = True
        if blue not in service.deployments:
            service.deployments.append(blue)
        self.rollout.scheduler.reconcile(service)
        yield from self.rollout.until(lambda: len(blue.healthy) >= service.desired)

    def _stage(self, stage: str, seconds: float = STAGE) -> Steps:
        """Enter a stage, and wait for its hooks."""
        self.record.stage = stage
        self._entered.append(stage)
        yield from self.rollout.sleep(seconds)
        yield from hooks.call_all(self.rollout, stage, self._weights(stage))

    def _weights(self, stage: str) -> hooks.Weights:
        """The traffic as a hook is told of it: that of the test listener only while it is tested."""
        mine = [one.revision.arn for one in (self.green, self.blue) if one]
        tested = stage in {"TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT"}
        test = {arn: self.service.test.get(arn, 0.0) for arn in mine} if tested and self.service.test else {}
        return hooks.Weights(test, {arn: self.service.production.get(arn, 0.0) for arn in mine})

    def _weigh_production(self, green: float) -> None:
        if self.service.settings.get("loadBalancers"):
            self.service.production = self._shares(green)

    def _weigh_test(self, green: float) -> None:
        if self.service.settings.get("loadBalancers"):
            self.service.test = self._shares(green)

    def _shares(self, green: float) -> dict[str, float]:
        shares = {self.green.revision.arn: green}
        if self.blue:
            shares[self.blue.revision.arn] = ALL - green
        return shares

    def _forget_weights(self) -> None:
        """Keep the weights of green only: it is the one revision that is left."""
        green = self.green.revision.arn
        for weights in (self.service.production, self.service.test):
            for arn in [one for one in weights if one != green]:
                del weights[arn]


def _serving(service: Service, sources: list[Deployment]) -> Deployment | None:
    """The deployment with most of the production traffic, the older one where two have the same; None at first."""
    weights = service.production
    serve = [one for one in sources if one.revision is service.completed or weights.get(one.revision.arn)]
    return max(reversed(serve), key=lambda one: weights.get(one.revision.arn, 0.0), default=None)


def _steps(configuration: Mapping[str, Any]) -> Iterator[float]:
    """The shares of the traffic that green has after each step, in percent."""
    strategy = configuration.get("strategy")
    if strategy == "CANARY":
        yield float(configuration.get("canaryConfiguration", {}).get("canaryPercent", 5.0))
    if strategy == "LINEAR":
        step = float(configuration.get("linearConfiguration", {}).get("stepPercent", 10.0))
        number = 1
        while number * step < ALL:
            yield number * step
            number += 1
    yield ALL


def _step_bake_minutes(configuration: Mapping[str, Any]) -> int:
    if configuration.get("strategy") == "CANARY":
        return int(configuration.get("canaryConfiguration", {}).get("canaryBakeTimeInMinutes", 10))
    return int(configuration.get("linearConfiguration", {}).get("stepBakeTimeInMinutes", 6))


def _other_group(service: Service, blue: Deployment | None) -> str | None:
    """The target group for green: that which blue does not use."""
    balancers = service.settings.get("loadBalancers") or []
    if not balancers:
        return None
    first = str(balancers[0]["targetGroupArn"])
    second = balancers[0].get("advancedConfiguration", {}).get("alternateTargetGroupArn", first)
    return str(second) if blue and blue.revision.target_group == first else first
