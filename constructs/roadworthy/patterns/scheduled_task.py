"""A Fargate task that runs at certain times: EventBridge Scheduler starts it."""

import re
import zoneinfo
from typing import Unpack

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.dead_letter_queue import DeadLetterQueue
from roadworthy.patterns.draining import drain_time, refuse_duration
from roadworthy.patterns.fargate_task import FargateTask
from roadworthy.patterns.names import refuse_name
from roadworthy.patterns.task_options import TaskOptions, TaskSettings
from roadworthy.patterns.values import is_token, out_of_range

# https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
_EXPRESSION = re.compile(
    r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|rate\([1-9]\d* (minute|hour|day)s?\)|cron\(\S+( \S+){5}\)"
)
# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
_MOST_RETRIES, _SHORTEST_AGE, _LONGEST_AGE = 185, 60, 86_400


class InvalidScheduleError(RoadworthyError, ValueError):
    """A schedule that EventBridge Scheduler would refuse."""


class ScheduledTask(FargateTask):
    """A task that is started at certain times and ends by itself.

    A start that fails, for lack of capacity or permission, is tried again and then kept in a queue of dead letters.
    What a task that was started does is its own affair: `on_failure` tells of those that end with an error. Nothing
    keeps a task from being started while the one before still runs.

    Args:
        scope: where it is made.
        id: its id.
        schedule: when: `cron(0 3 * * ? *)`, `rate(12 hours)` or `at(2027-01-01T00:00:00)`.
        time_zone: of the schedule, as `Asia/Singapore`; default: UTC.
        enabled: whether it runs at all.
        retry_attempts: how often a failed start is tried again, 0 to 185; default: 3.
        max_event_age: how late it may still be started, 1 minute to 24 hours; default: 1 hour.
        stop_timeout: how long the container may take to end when it is stopped, 2 to 120 s; default: 30 s.
        dead_letters: where starts go that failed for good; default: a new queue, which keeps them for 14 days.
        options: the attributes of `TaskSettings`.

    Attributes:
        schedule, schedule_role, dead_letters: what starts it.
        cluster, task_definition, container, log_group, security_group: what it is made of.

    Raises:
        InvalidNameError: no schedule can have the name.
        InvalidScheduleError: the schedule, its time zone or its retries are malformed.
        InvalidTimeoutError: a time is out of its range.
        RoadworthyError: what `TaskSettings` raises.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        schedule: str,
        time_zone: str | None = None,
        enabled: bool = True,
        retry_attempts: int = 3,
        max_event_age: cdk.Duration | None = None,
        stop_timeout: cdk.Duration | None = None,
        dead_letters: sqs.IQueue | None = None,
        **options: Unpack[TaskOptions],
    ) -> None:
        settings = TaskSettings(**options)
        where = f"task `{settings.name}`:"
        _refuse(where, settings.name, schedule, time_zone, retry_attempts)
        refuse_duration(f"{where} max_event_age", max_event_age, _SHORTEST_AGE, _LONGEST_AGE)
        super().__init__(scope, id, settings=settings, stop_timeout=drain_time(f"{where} stop_timeout", stop_timeout))
        self.dead_letters: sqs.IQueue = dead_letters or DeadLetterQueue(self, "DeadLetters")
        self.schedule_role = self._make_role()
        self.grant_run(self.schedule_role)
        self.dead_letters.grant_send_messages(self.schedule_role)
        self.schedule = scheduler.CfnSchedule(
            self,
            "Schedule",
            name=settings.name,
            schedule_expression=schedule,
            schedule_expression_timezone=time_zone or "UTC",
            state="ENABLED" if enabled else "DISABLED",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=self._target(retry_attempts, max_event_age or cdk.Duration.hours(1)),
        )
        self.schedule.node.add_dependency(*self._needed(settings), self.schedule_role, self.task_role)

    def grant_run(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let `grantee` run this task, in this cluster, with its roles and no others."""
        roles = [self.task_role.role_arn, self.execution_role.role_arn]
        may_pass = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["iam:PassRole"],
            resource_arns=roles,
            conditions={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        )
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["ecs:RunTask"],
            resource_arns=[self.task_definition.task_definition_arn],
            conditions={"ArnEquals": {"ecs:cluster": self.cluster.cluster_arn}},
        ).combine(may_pass)

    def on_failure(self, id: str, target: events.IRuleTarget) -> events.Rule:
        """Tell `target` of each task that was started and ended with an exit code other than 0, or could not start.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
        """
        failed = {"containers": {"exitCode": [{"anything-but": [0]}]}}
        never_started = {"stopCode": ["TaskFailedToStart"]}
        pattern = events.EventPattern(
            source=["aws.ecs"],
            detail_type=["ECS Task State Change"],
            detail={
                "clusterArn": [self.cluster.cluster_arn],
                "taskDefinitionArn": [self.task_definition.task_definition_arn],
                "lastStatus": ["STOPPED"],
                "$or": [failed, never_started],
            },
        )
        return events.Rule(self, id, event_pattern=pattern, targets=[target])

    def _make_role(self) -> iam.Role:
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        account = {"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}}
        return iam.Role(
            self, "ScheduleRole", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com", conditions=account)
        )

    def _target(self, retry_attempts: int, max_event_age: cdk.Duration) -> scheduler.CfnSchedule.TargetProperty:
        subnets = self.placement.select().subnet_ids
        kinds = scheduler.CfnSchedule
        network = kinds.AwsVpcConfigurationProperty(
            subnets=subnets, security_groups=[self.security_group.security_group_id], assign_public_ip="DISABLED"
        )
        return kinds.TargetProperty(
            arn=self.cluster.cluster_arn,
            role_arn=self.schedule_role.role_arn,
            dead_letter_config=kinds.DeadLetterConfigProperty(arn=self.dead_letters.queue_arn),
            retry_policy=kinds.RetryPolicyProperty(
                maximum_retry_attempts=retry_attempts, maximum_event_age_in_seconds=max_event_age.to_seconds()
            ),
            ecs_parameters=kinds.EcsParametersProperty(
                task_definition_arn=self.task_definition.task_definition_arn,
                launch_type="FARGATE",
                task_count=1,
                network_configuration=kinds.NetworkConfigurationProperty(awsvpc_configuration=network),
            ),
        )


def _refuse(where: str, name: str, schedule: str, time_zone: str | None, retry_attempts: int) -> None:
    refuse_name("schedule", name)
    if not is_token(schedule) and not (isinstance(schedule, str) and _EXPRESSION.fullmatch(schedule)):
        raise InvalidScheduleError(
            f"{where} schedule {schedule!r} is none of cron(six fields), rate(12 hours) and at(2027-01-01T00:00:00)"
        )
    zones = zoneinfo.available_timezones()  # none where the system has no such data
    if time_zone is not None and not is_token(time_zone) and zones and time_zone not in zones:
        raise InvalidScheduleError(f"{where} time zone {time_zone!r} is unknown; write one such as Asia/Singapore")
    wrong = out_of_range(retry_attempts, 0, _MOST_RETRIES)
    if wrong:
        raise InvalidScheduleError(f"{where} retry_attempts = {retry_attempts!r} {wrong}")
