"""A shifting deployment of one service: it refuses what cannot work, and builds the service's side."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from aws_cdk import aws_ecs as ecs
from constructs import Construct

from roadworthy.patterns.blue_green.address import address, is_of_another, other_ports
from roadworthy.patterns.blue_green.deadline import watch_deadline
from roadworthy.patterns.blue_green.errors_alarm import add_errors_alarm
from roadworthy.patterns.blue_green.front import Front
from roadworthy.patterns.blue_green.overlap import Times, total, written
from roadworthy.patterns.blue_green.part import LifecycleHook
from roadworthy.patterns.blue_green.roles import hook_role, infrastructure_role
from roadworthy.patterns.blue_green.site import Site
from roadworthy.patterns.blue_green.times import in_seconds
from roadworthy.patterns.blue_green.traffic import Traffic
from roadworthy.patterns.deployment.error import InvalidDeploymentError
from roadworthy.patterns.fargate_task import FargateTask
from roadworthy.patterns.health_check import GrpcHealthCheck
from roadworthy.patterns.task_options import TaskSettings

if TYPE_CHECKING:
    from roadworthy.patterns.blue_green.shifting import ShiftingDeployment


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrafficShift:
    """A deployment, and the service and load balancer that it is for.

    Attributes:
        deployment: the deployment.
        front: the load balancer.
        settings: the service.
    """

    deployment: "ShiftingDeployment"
    front: Front
    settings: TaskSettings

    def refuse(self) -> None:
        """Refuse a load balancer that cannot take part, and sums of times that are too long.

        Raises:
            InvalidDeploymentError: it cannot, or they are; the message does the sum.
        """
        self._refuse_test()
        if self.front.is_sticky:
            raise InvalidDeploymentError(
                f"service `{self.front.name}`: stickiness keeps clients with blue after it has stopped, and a load "
                "balancer refuses two sticky target groups in a rule that is not; leave it out, or use "
                "Deployment.rolling"
            )
        if self.deployment.max_errors is not None and self.front.is_network:
            raise InvalidDeploymentError(
                f"service `{self.front.name}`: max_errors = {self.deployment.max_errors} counts answers of HTTP, of "
                "which a Network Load Balancer knows nothing: name alarms instead"
            )
        for part in self.deployment.parts:
            part.refuse(self.front, self.settings)
        if self.deployment.is_rolling:
            return
        times = self._times()
        self._refuse_together(times)
        self._refuse_deadline(times)

    def attach(self, task: FargateTask, service: ecs.FargateService, traffic: Traffic) -> None:
        """Give the service both target groups and its hooks, and let it wait for all that they need.

        Args:
            task: the pattern that the service belongs to.
            service: already in the first target group.
            traffic: what the load balancer's side made.
        """
        scope = Construct(task, "BlueGreen")
        resource = cast("ecs.CfnService", service.node.default_child)
        role = infrastructure_role(scope, "TrafficRole", traffic)
        resource.add_property_override("LoadBalancers.0.AdvancedConfiguration", traffic.advanced(role.role_arn))
        if self.deployment.max_errors is not None:
            add_errors_alarm(scope, self.settings.name, traffic.errors, self.deployment.max_errors)
        self._fill(Site(scope=scope, task=task, settings=self.settings, front=self.front, traffic=traffic), resource)
        service.node.add_dependency(*traffic.before, scope)

    def _fill(self, site: Site, resource: ecs.CfnService) -> None:
        if self.deployment.is_rolling:
            for part in self.deployment.parts:
                part.keep(site)
            return
        _add_hooks(site.scope, resource, [hook for part in self.deployment.parts for hook in part.hooks(site)])
        if self.deployment.deadline is not None:
            watch_deadline(site, int(self.deployment.deadline.to_seconds()))

    def _times(self) -> Times:
        deployment = self.deployment
        return Times(
            front=self.front,
            shift=deployment.shift,
            bake=in_seconds(deployment.bake),
            waits=[wait for part in deployment.parts for wait in part.waits()],
            has_test=deployment.has_test,
        )

    def _refuse_together(self, times: Times) -> None:
        most, items = self.deployment.max_overlap, times.together()
        if most is not None and items is not None and total(items) > most.to_seconds():
            raise InvalidDeploymentError(
                f"service `{self.front.name}`: both versions may run together for {written(items)}, more than "
                f"max_overlap = {most.to_seconds():g} s; shorten one of these, or raise max_overlap"
            )

    def _refuse_deadline(self, times: Times) -> None:
        deadline, items = self.deployment.deadline, times.whole()
        if deadline is not None and items is not None and total(items) > deadline.to_seconds():
            raise InvalidDeploymentError(
                f"service `{self.front.name}`: a deployment may take {written(items)}, more than "
                f"deadline = {deadline.to_seconds():g} s, which would end it; shorten one of these, or raise deadline"
            )

    def _refuse_test(self) -> None:
        where, front, deployment = f"service `{self.front.name}`:", self.front, self.deployment
        if not deployment.has_test:
            return
        if deployment.test_listener is not None and front.is_network:
            raise InvalidDeploymentError(f"{where} test_listener is an Application Load Balancer's: give test_port")
        if deployment.test_listener is not None and is_of_another(deployment.test_listener, front.balancer_path):
            raise InvalidDeploymentError(
                f"{where} test_listener is of another load balancer, and a target group belongs to one; leave it out, "
                "or give test_port"
            )
        given = address(deployment.test_listener)[0] if deployment.test_listener is not None else None
        if isinstance(front.check, GrpcHealthCheck) and (given or "").startswith("http:"):
            raise InvalidDeploymentError(
                f"{where} test_listener speaks plain HTTP: a load balancer sends gRPC from HTTPS"
            )
        port = deployment.test_traffic_port
        if deployment.test_listener is None and port in {*front.listener_ports, *other_ports(front.balancer, port)}:
            raise InvalidDeploymentError(
                f"{where} test_port = {port} is the port of another listener; take another one"
            )
        if deployment.test_listener is None and not front.takes_listener:
            raise InvalidDeploymentError(
                f"{where} its listener does not tell where to add one for test traffic, or which certificate that "
                "needs; give test_listener=..."
            )
        if deployment.health_gate is not None and not front.tells_test:
            raise InvalidDeploymentError(
                f"{where} health_gate cannot ask an imported test_listener or load balancer that does not tell its "
                "address: import it with load_balancer_dns_name, or give hooks=[Hook.function(...)] instead"
            )


def _add_hooks(scope: Construct, resource: ecs.CfnService, hooks: Sequence[LifecycleHook]) -> None:
    arns = list(dict.fromkeys(hook.function_arn for hook in hooks if hook.function_arn is not None))
    role_arn = hook_role(scope, "HookRole", arns).role_arn if arns else None
    if hooks:
        rendered = [hook.render(role_arn) for hook in hooks]
        resource.add_property_override("DeploymentConfiguration.LifecycleHooks", rendered)
