"""What a service measures: its tasks, and the traffic of its load balancer where it has one.

Names are literal where they can be. An alarm on the service's own metrics that refers to the service could not exist
before it, and a deployment that watches the alarm needs just that; so a service's metrics are named by its name.
Cluster, target group and load balancer exist before the service in any case and may be referred to.
"""

from collections.abc import Callable
from typing import Protocol, cast

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from constructs import Construct

from roadworthy.patterns.alarm import PERIOD
from roadworthy.patterns.blue_green.both_groups import Together, together

Group = elbv2.ApplicationTargetGroup | elbv2.NetworkTargetGroup
Measured = cloudwatch.Metric | cloudwatch.MathExpression


class RunsTasks(Protocol):
    """Whatever keeps tasks running: each service of this package, or your own object.

    An attribute `target_group`, of an Application or a Network Load Balancer, adds the metrics of the traffic, and an
    attribute `second_target_group` those of the other one, between which blue/green deployments move it; an
    attribute `load_balancer` beside it those of the load balancer itself, when it belongs to this service alone.
    """

    @property
    def service(self) -> ecs.FargateService:
        """The service on Fargate."""


def resource_of(service: RunsTasks) -> ecs.CfnService:
    """The CloudFormation resource of a service."""
    return cast("ecs.CfnService", service.service.node.default_child)


def literal_name(service: RunsTasks) -> str | None:
    """The name that the service was given; None where CloudFormation makes one up."""
    resource = resource_of(service)
    # The L2 gives a token in any case; that of a service without a name stands for nothing.
    return resource.service_name if cdk.Stack.of(resource).resolve(resource.service_name) is not None else None


class TaskMetrics:
    """The metrics of a service's tasks.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html and, for the counts of tasks,
    which need Container Insights,
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
    """

    def __init__(self, service: RunsTasks) -> None:
        self._dimensions = {
            "ClusterName": service.service.cluster.cluster_name,
            "ServiceName": literal_name(service) or service.service.service_name,
        }

    def cpu(self) -> cloudwatch.Metric:
        """CPU use in percent of what the task definition reserves, average."""
        return self._metric("AWS/ECS", "CPUUtilization", "Average")

    def memory(self) -> cloudwatch.Metric:
        """Memory use in percent of what the task definition reserves, average."""
        return self._metric("AWS/ECS", "MemoryUtilization", "Average")

    def running(self) -> cloudwatch.Metric:
        """How many tasks ran, at most."""
        return self._metric("ECS/ContainerInsights", "RunningTaskCount", "Maximum")

    def desired(self) -> cloudwatch.Metric:
        """How many tasks were wanted, at least."""
        return self._metric("ECS/ContainerInsights", "DesiredTaskCount", "Minimum")

    def missing(self) -> cloudwatch.MathExpression:
        """How many wanted tasks did not run at any time of a period."""
        return cloudwatch.MathExpression(
            label="Tasks that are wanted and do not run",
            expression="desired - FILL(running, 0)",  # without a running task ECS may report no count of them
            period=PERIOD,
            using_metrics={"desired": self.desired(), "running": self.running()},
        )

    def _metric(self, namespace: str, name: str, statistic: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=namespace,
            metric_name=name,
            dimensions_map=self._dimensions,
            statistic=statistic,
            period=PERIOD,
        )


def http_targets(service: RunsTasks) -> elbv2.ApplicationTargetGroup | None:
    """The target group behind an Application Load Balancer, where there is one."""
    group = getattr(service, "target_group", None)
    return group if isinstance(group, elbv2.ApplicationTargetGroup) else None


def second_http_targets(service: RunsTasks) -> elbv2.ApplicationTargetGroup | None:
    """The other target group, between which and the first blue/green deployments move the traffic; None without."""
    group = getattr(service, "second_target_group", None)
    return group if isinstance(group, elbv2.ApplicationTargetGroup) else None


class HostMetrics:
    """How many targets a load balancer holds healthy, and how many not, at most, in one target group or in both."""

    def __init__(self, group: Group, second: Group | None = None) -> None:
        self._group, self._second = group, second

    @classmethod
    def of(cls, service: RunsTasks) -> "HostMetrics | None":
        """Those of a service; None without a load balancer."""
        group = getattr(service, "target_group", None)
        if isinstance(group, elbv2.ApplicationTargetGroup | elbv2.NetworkTargetGroup):
            return cls(group, getattr(service, "second_target_group", None))
        return None

    def healthy(self) -> Measured:
        """Targets that are healthy."""
        return self._of_both(lambda group: group.metrics.healthy_host_count(period=PERIOD, statistic="Maximum"))

    def unhealthy(self) -> Measured:
        """Targets that are not."""
        return self._of_both(_unhealthy)

    def _of_both(self, metric: Callable[[Group], cloudwatch.Metric]) -> Measured:
        second = metric(self._second) if self._second else None
        return together(metric(self._group), second, Together.SUM)


def _unhealthy(group: Group) -> cloudwatch.Metric:
    if isinstance(group, elbv2.ApplicationTargetGroup):
        return group.metrics.unhealthy_host_count(period=PERIOD, statistic="Maximum")
    return group.metrics.un_healthy_host_count(period=PERIOD, statistic="Maximum")


def own_balancer(service: RunsTasks) -> elbv2.ApplicationLoadBalancer | None:
    """The Application Load Balancer that serves this service alone; what others share says nothing about one."""
    balancer = getattr(service, "load_balancer", None)
    if not isinstance(balancer, elbv2.ApplicationLoadBalancer):
        return None
    if isinstance(service, Construct) and not balancer.node.path.startswith(f"{service.node.path}/"):
        return None
    return balancer


def response_time(service: RunsTasks, *, statistic: str = "Average", period: cdk.Duration = PERIOD) -> Measured:
    """The targets' response time in seconds; of two target groups the longer one.

    Raises:
        TypeError: the service is not behind an Application Load Balancer.
    """
    return _of_groups(
        service, Together.WORST, lambda group: group.metrics.target_response_time(period=period, statistic=statistic)
    )


def request_count(service: RunsTasks, period: cdk.Duration) -> Measured:
    """How many requests the targets got.

    Raises:
        TypeError: the service is not behind an Application Load Balancer.
    """
    return _of_groups(service, Together.SUM, lambda group: group.metrics.request_count(period=period, statistic="Sum"))


def error_rate(service: RunsTasks) -> cloudwatch.MathExpression:
    """Answers of 5xx in percent of the requests; also the load balancer's own, where it serves this service alone.

    Raises:
        TypeError: the service is not behind an Application Load Balancer.
    """
    balancer, code = own_balancer(service), elbv2.HttpCodeTarget.TARGET_5XX_COUNT
    failed = _of_groups(
        service, Together.SUM, lambda group: group.metrics.http_code_target(code, period=PERIOD, statistic="Sum")
    )
    if balancer is None:
        return _rate(
            "IF(FILL(requests, 0) > 0, 100 * FILL(target, 0) / FILL(requests, 0), 0)",
            requests=request_count(service, PERIOD),
            target=failed,
        )
    return _rate(
        # RequestCount leaves out what the load balancer refused before it chose a target, which is everything when no
        # target is left: its own 5xx count as requests too. A period without any has no rate.
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
        "IF(FILL(requests, 0) + FILL(balancer, 0) > 0, "
        "100 * (FILL(target, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(balancer, 0)), 0)",
        requests=balancer.metrics.request_count(period=PERIOD, statistic="Sum"),
        target=failed,
        balancer=balancer.metrics.http_code_elb(elbv2.HttpCodeElb.ELB_5XX_COUNT, period=PERIOD, statistic="Sum"),
    )


def _of_groups(
    service: RunsTasks, how: Together, metric: Callable[[elbv2.ApplicationTargetGroup], cloudwatch.Metric]
) -> Measured:
    first, second = http_targets(service), second_http_targets(service)
    if first is None:
        raise TypeError(f"{service!r} is not behind an Application Load Balancer: it has no metrics of requests")
    return together(metric(first), metric(second) if second else None, how)


def _rate(expression: str, **metrics: cloudwatch.IMetric) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(
        label="5xx in percent of requests", expression=expression, period=PERIOD, using_metrics=metrics
    )
