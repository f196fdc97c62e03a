"""A deployment that has not ended in time goes back: ECS lets a green that never gets healthy try for a day.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
"""

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler

from roadworthy.patterns.blue_green.site import Site
from roadworthy.patterns.function import Function

_ONE_CALL = 60
_SCHEDULER = "scheduler.amazonaws.com"


def watch_deadline(site: Site, seconds: int) -> Function:
    """Stop each deployment of the service that is not over after so many seconds.

    EventBridge tells the function of each deployment; it asks EventBridge Scheduler to be called again at the deadline,
    and then stops what is still going on, so that ECS goes back. The time in which a person is waited for is added.
    """
    scope = site.scope
    group = scheduler.ScheduleGroup(scope, "Deadlines", removal_policy=cdk.RemovalPolicy.DESTROY)
    role = _caller(site)
    function = site.function(
        "Deadline",
        "deployment_deadline",
        timeout_seconds=_ONE_CALL,
        environment={
            "DEADLINE_SECONDS": str(seconds),
            "SCHEDULER_ROLE_ARN": role.role_arn,
            "SCHEDULE_GROUP": group.schedule_group_name,
        },
    )
    # A policy of its own: the function names the role.
    role.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.function_arn]))
    _let_stop(site, function, group, role)
    function.keep_failed_events()
    events.Rule(
        scope,
        "Deployments",
        event_pattern=events.EventPattern(
            source=["aws.ecs"], detail_type=["ECS Deployment State Change"], resources=[site.service_arn()]
        ),
        targets=[targets.LambdaFunction(function, dead_letter_queue=function.dead_letters)],
    )
    return function


def _caller(site: Site) -> iam.Role:
    account = {"StringEquals": {"aws:SourceAccount": cdk.Stack.of(site.scope).account}}
    return iam.Role(site.scope, "DeadlineCaller", assumed_by=iam.ServicePrincipal(_SCHEDULER, conditions=account))


def _let_stop(site: Site, function: Function, group: scheduler.ScheduleGroup, role: iam.Role) -> None:
    deployments = site.deployment_arns()
    site.allow(function, ["ecs:ListServiceDeployments"], [site.service_arn()])
    site.allow(function, ["ecs:DescribeServiceDeployments"], deployments)
    site.allow(function, ["ecs:StopServiceDeployment"], deployments[1:])
    schedules = cdk.Stack.of(site.scope).format_arn(
        service="scheduler", resource="schedule", resource_name=f"{group.schedule_group_name}/deadline-*"
    )
    site.allow(function, ["scheduler:CreateSchedule", "scheduler:DeleteSchedule"], [schedules])
    only_scheduler = {"StringEquals": {"iam:PassedToService": _SCHEDULER}}
    site.allow(function, ["iam:PassRole"], [role.role_arn], only_scheduler)
