"""One page that shows how a service does."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from roadworthy.patterns.interfaces import AnyFunction
from roadworthy.patterns.names import refuse_name
from roadworthy.patterns.service_metrics import (
    HostMetrics,
    RunsTasks,
    TaskMetrics,
    error_rate,
    http_targets,
    own_balancer,
    request_count,
    response_time,
)

_HALF, _FULL = 12, 24  # a dashboard is 24 columns wide
_MINUTE = cdk.Duration.minutes(1)


class ServiceDashboard(cloudwatch.Dashboard):
    """CPU, memory, tasks, the last errors; behind a load balancer also load, response time, errors and hosts.

    Args:
        scope: where it is made.
        id: its id.
        name: its name.
        service: the service.
        functions: the Lambda functions before and behind it.
        log_groups: where its last errors are looked for; default: the service's own, where it has one.

    Raises:
        InvalidNameError: no dashboard can have the name.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        service: RunsTasks,
        functions: Sequence[AnyFunction] = (),
        log_groups: Sequence[logs.ILogGroup] | None = None,
    ) -> None:
        refuse_name("dashboard", name)
        super().__init__(scope, id, dashboard_name=name)
        self._show_traffic(service)
        tasks = TaskMetrics(service)
        self.add_widgets(
            _graph("CPU and memory, percent", tasks.cpu(), tasks.memory()),
            _graph("Tasks", tasks.desired(), tasks.running()),
        )
        if functions:
            errors = (function.metric_errors(label=function.node.id) for function in functions)
            self.add_widgets(_graph("Functions: errors", *errors))
        own = getattr(service, "log_group", None)
        self._show_errors(log_groups if log_groups is not None else [own] if own else [])

    def _show_traffic(self, service: RunsTasks) -> None:
        hosts, balancer = HostMetrics.of(service), own_balancer(service)
        if http_targets(service) is not None:
            requests = balancer.metrics.request_count(period=_MINUTE) if balancer else request_count(service, _MINUTE)
            times = (response_time(service, statistic=s) for s in ("Average", "p95", "p99"))
            self.add_widgets(_graph("Requests", requests), _graph("Errors, percent", error_rate(service)))
            self.add_widgets(_graph("Response time, s", *times))
        if hosts is not None:
            self.add_widgets(_graph("Hosts", hosts.healthy(), hosts.unhealthy()))

    def _show_errors(self, log_groups: Sequence[logs.ILogGroup]) -> None:
        if log_groups:
            self.add_widgets(
                cloudwatch.LogQueryWidget(
                    title="Last errors",
                    width=_FULL,
                    log_group_names=[group.log_group_name for group in log_groups],
                    query_lines=[
                        "fields @timestamp, @log, correlation_id, message",
                        "filter level in ['ERROR', 'CRITICAL', 'error', 'critical']",
                        "sort @timestamp desc",
                        "limit 50",
                    ],
                )
            )


def _graph(title: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, width=_HALF, left=list(metrics))
