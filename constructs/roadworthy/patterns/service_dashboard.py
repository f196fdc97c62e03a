"""One page that shows how an HTTP service does."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from roadworthy.patterns.http_service import HttpService
from roadworthy.patterns.service_alarms import error_rate

_HALF, _FULL = 12, 24  # a dashboard is 24 columns wide
_MINUTE = cdk.Duration.minutes(1)


class ServiceDashboard(cloudwatch.Dashboard):
    """Load, response time, errors, CPU and memory, the functions around the service, and its last errors.

    Args:
        scope: where it is made.
        id: its id.
        name: its name.
        service: the service.
        functions: the Lambda functions before and behind it.
        log_groups: where its last errors are looked for.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        service: HttpService,
        functions: Sequence[lambda_.IFunction],
        log_groups: Sequence[logs.ILogGroup],
    ) -> None:
        super().__init__(scope, id, dashboard_name=name)
        targets, tasks = service.target_group.metrics, service.service
        self.add_widgets(
            _graph("Requests", service.load_balancer.metrics.request_count(period=_MINUTE)),
            _graph("Errors, percent", error_rate(service)),
        )
        self.add_widgets(
            _graph(
                "Response time, s",
                *(targets.target_response_time(statistic=s) for s in ("Average", "p95", "p99")),
            ),
            _graph("Hosts", targets.healthy_host_count(), targets.unhealthy_host_count()),
        )
        self.add_widgets(
            _graph("CPU and memory, percent", tasks.metric_cpu_utilization(), tasks.metric_memory_utilization()),
            _graph(
                "Functions: errors",
                *(function.metric_errors(label=function.node.id) for function in functions),
            ),
        )
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
