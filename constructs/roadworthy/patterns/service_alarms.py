"""The alarms of an HTTP service, on one topic."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from roadworthy.patterns.http_service import HttpService

_PERIOD = cdk.Duration.minutes(5)


class AlarmTopic(sns.Topic):
    """An encrypted topic to which CloudWatch alarms of this account publish, over TLS alone.

    Args:
        scope: where it is made.
        id: its id.
        encryption_key: what encrypts it; alarms must be allowed to use it (`EncryptionKey` allows them).
    """

    def __init__(self, scope: Construct, id: str, *, encryption_key: kms.IKey) -> None:
        super().__init__(scope, id, master_key=encryption_key, enforce_ssl=True)
        # A topic with a policy of its own no longer has the default one, so alarms must be let in by name.
        self.add_to_resource_policy(
            iam.PolicyStatement(
                sid="AlarmsOfThisAccount",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}},
            )
        )


class ServiceAlarms(Construct):
    """CPU, memory, response time, error rate, unhealthy hosts and the last healthy one of an `HttpService`.

    Each looks at periods of 300 s and goes off after two in a row over its threshold.

    Args:
        scope: where they are made.
        id: their id.
        service: the service.
        name: the prefix of the alarms' names.
        topic: is told of each alarm and of its end.
        cpu_percent: CPU use, average, in percent.
        memory_percent: memory use, average, in percent.
        response_time: the targets' response time, average.
        error_percent: answers of 5xx among all requests, in percent.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: HttpService,
        name: str,
        topic: sns.ITopic,
        cpu_percent: float = 70,
        memory_percent: float = 80,
        response_time: cdk.Duration | None = None,
        error_percent: float = 1,
    ) -> None:
        super().__init__(scope, id)
        self._name, self._action = name, actions.SnsAction(topic)
        response_time = response_time or cdk.Duration.millis(100)
        metrics = service.target_group.metrics
        self.add("Cpu", service.service.metric_cpu_utilization(period=_PERIOD), cpu_percent)
        self.add("Memory", service.service.metric_memory_utilization(period=_PERIOD), memory_percent)
        self.add(
            "ResponseTime",
            metrics.target_response_time(period=_PERIOD, statistic="Average"),
            response_time.to_seconds(integral=False),
        )
        self.add("ErrorRate", error_rate(service), error_percent)
        self.add("UnhealthyHosts", metrics.unhealthy_host_count(period=_PERIOD, statistic="Maximum"), 0)
        # Where no task is registered there is no metric of its CPU, its answers or its health: silence is the alarm.
        self.add(
            "NoHealthyHost",
            metrics.healthy_host_count(period=_PERIOD, statistic="Maximum"),
            1,
            comparison=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
            missing_data=cloudwatch.TreatMissingData.BREACHING,
        )

    def add(
        self,
        id: str,
        metric: cloudwatch.IMetric,
        threshold: float,
        *,
        periods: int = 2,
        comparison: cloudwatch.ComparisonOperator = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        missing_data: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
    ) -> cloudwatch.Alarm:
        """One more alarm: `metric` over `threshold` in so many periods in a row; by default no data is no alarm."""
        alarm = cloudwatch.Alarm(
            self,
            id,
            alarm_name=f"{self._name}-{_kebab(id)}",
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=comparison,
            treat_missing_data=missing_data,
        )
        alarm.add_alarm_action(self._action)
        alarm.add_ok_action(self._action)
        return alarm


def error_rate(service: HttpService) -> cloudwatch.MathExpression:
    """Answers of 5xx, from tasks and from the load balancer itself, in percent of the requests."""
    codes, balancer = service.target_group.metrics, service.load_balancer.metrics
    return cloudwatch.MathExpression(
        label="5xx in percent of requests",
        # RequestCount leaves out what the load balancer refused before it chose a target, which is everything when no
        # target is left: its own 5xx count as requests too. A period without any has no rate.
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
        expression=(
            "IF(FILL(requests, 0) + FILL(balancer, 0) > 0, "
            "100 * (FILL(target, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(balancer, 0)), 0)"
        ),
        period=_PERIOD,
        using_metrics={
            "requests": balancer.request_count(period=_PERIOD, statistic="Sum"),
            "target": codes.http_code_target(elbv2.HttpCodeTarget.TARGET_5XX_COUNT, period=_PERIOD, statistic="Sum"),
            "balancer": balancer.http_code_elb(elbv2.HttpCodeElb.ELB_5XX_COUNT, period=_PERIOD, statistic="Sum"),
        },
    )


def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")
