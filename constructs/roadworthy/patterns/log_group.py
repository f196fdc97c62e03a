"""Log groups with a retention, removed together with their stack."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from roadworthy.patterns.interfaces import AnyKey


class ServiceLogs:
    """Makes the log groups of one service alike.

    Args:
        retention_days: how long they are kept, in days.
        encryption_key: what encrypts them; default: CloudWatch Logs' own key.
    """

    def __init__(self, *, retention_days: int, encryption_key: AnyKey | None = None) -> None:
        self._retention_days = retention_days
        self._encryption_key = encryption_key

    def group(self, scope: Construct, id: str, name: str) -> logs.LogGroup:
        """A log group called `name`, e.g. `/ecs/query-service`."""
        group = logs.LogGroup(
            scope,
            id,
            log_group_name=name,
            encryption_key=self._encryption_key,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        # The L2 takes an enum of the same numbers; the environments file has the numbers.
        resource = group.node.default_child
        assert isinstance(resource, logs.CfnLogGroup)
        resource.retention_in_days = self._retention_days
        return group
