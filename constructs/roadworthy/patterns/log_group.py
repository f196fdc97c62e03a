"""Log groups with a retention, removed together with their stack."""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from roadworthy.environments import LOG_RETENTION_DAYS
from roadworthy.errors import RoadworthyError
from roadworthy.patterns.encryption import let_logs_use
from roadworthy.patterns.interfaces import AnyKey
from roadworthy.patterns.names import refuse_name
from roadworthy.patterns.values import is_token


class InvalidRetentionError(RoadworthyError, ValueError):
    """A retention that CloudWatch Logs does not have."""


class ServiceLogs:
    """Makes the log groups of one service alike.

    Args:
        retention_days: how long they are kept: a number of days that CloudWatch Logs has, such as 30 or 365.
        encryption_key: what encrypts them; CloudWatch Logs may then use it, where it was made in this app. Default:
            CloudWatch Logs' own key.

    Raises:
        InvalidRetentionError: CloudWatch Logs has no such retention; the message names those it has.
    """

    def __init__(self, *, retention_days: int, encryption_key: AnyKey | None = None) -> None:
        if not is_token(retention_days) and retention_days not in LOG_RETENTION_DAYS:
            raise InvalidRetentionError(
                f"retention_days = {retention_days!r} is none of {', '.join(map(str, LOG_RETENTION_DAYS))}"
            )
        self._retention_days = retention_days
        self._encryption_key = encryption_key

    def group(self, scope: Construct, id: str, name: str) -> logs.LogGroup:
        """A log group called `name`, e.g. `/ecs/query-service`.

        Raises:
            InvalidNameError: no log group can have the name.
        """
        refuse_name("log group", name)
        let_logs_use(self._encryption_key)
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
