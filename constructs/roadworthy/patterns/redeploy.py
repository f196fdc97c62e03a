"""New tasks for a new secret: ECS reads a secret's value only when a task starts."""

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_ssm as ssm
from aws_cdk import aws_stepfunctions as stepfunctions
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.dead_letter_queue import DeadLetterQueue
from roadworthy.patterns.interfaces import AnySecret
from roadworthy.patterns.service_metrics import RunsTasks
from roadworthy.patterns.waivers import waive

Changing = AnySecret | ssm.IParameter

_RETRIES = 5  # after 10, 20, 40, 80 and 160 s: a service that is being updated may refuse for a while


class InvalidRedeployError(RoadworthyError, ValueError):
    """What has no value that could change."""


class RedeployOnRotation(Construct):
    """Forces a new deployment of a service when a secret or a parameter has a new value.

    Secrets Manager and Parameter Store tell EventBridge themselves, without CloudTrail, on a best-effort basis:
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
    https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-eventbridge-events.html
    A state machine of one step calls ECS, since EventBridge cannot; it may update this service and do nothing else.
    What EventBridge could not start waits in `dead_letters`; `state_machine.metric_failed()` is worth an alarm.

    Args:
        scope: where it is made.
        id: its id.
        service: whose tasks are replaced.

    Attributes:
        state_machine: calls ECS.
        dead_letters: events for which it was not started.
    """

    def __init__(self, scope: Construct, id: str, *, service: RunsTasks) -> None:
        super().__init__(scope, id)
        self.dead_letters = DeadLetterQueue(self, "DeadLetters")
        self.state_machine = stepfunctions.StateMachine(
            self,
            "StateMachine",
            definition_body=stepfunctions.DefinitionBody.from_chainable(self._update(service)),
            timeout=cdk.Duration.minutes(10),
        )
        waive(
            self.state_machine,
            {
                "AwsSolutions-SF1": "one call; Step Functions keeps the history of each execution",
                "AwsSolutions-SF2": "one call: there is nothing to trace",
            },
        )

    def watch(self, *changing: Changing) -> None:
        """Watch these too; one that is watched already is watched once.

        Raises:
            InvalidRedeployError: nothing, or neither a secret nor a parameter.
        """
        if not changing:
            raise InvalidRedeployError(f"{self.node.path}: give the secrets and parameters that may change")
        for one in changing:
            pattern = _pattern(one, self.node.path)
            id = f"Changed{one.node.addr[-8:]}"
            if self.node.try_find_child(id) is None:
                target = targets.SfnStateMachine(self.state_machine, dead_letter_queue=self.dead_letters)
                events.Rule(self, id, event_pattern=pattern, targets=[target])

    def _update(self, service: RunsTasks) -> tasks.CallAwsService:
        fargate = service.service
        call = tasks.CallAwsService(
            self,
            "UpdateService",
            service="ecs",
            action="updateService",
            iam_action="ecs:UpdateService",
            iam_resources=[fargate.service_arn],
            parameters={
                "Cluster": fargate.cluster.cluster_name,
                "Service": fargate.service_name,
                "ForceNewDeployment": True,
            },
        )
        call.add_retry(interval=cdk.Duration.seconds(10), max_attempts=_RETRIES)
        return call


def _pattern(changing: Changing, where: str) -> events.EventPattern:
    if hasattr(changing, "secret_arn"):
        return _of_secret(cast("AnySecret", changing))
    if hasattr(changing, "parameter_name"):
        name = changing.parameter_name
        return events.EventPattern(
            source=["aws.ssm"],
            detail_type=["Parameter Store Change"],
            detail={"name": [name], "operation": ["Create", "Update"]},
        )
    raise InvalidRedeployError(f"{where}: {changing!r} is neither a secret nor a parameter")


def _of_secret(secret: AnySecret) -> events.EventPattern:
    """By its ARN where that is known with its six letters, else by its name."""
    kind, label = "Secret Label Updated", ["AWSCURRENT"]
    if secret.secret_full_arn is not None:
        return events.EventPattern(
            source=["aws.secretsmanager"],
            detail_type=[kind],
            resources=[secret.secret_full_arn],
            detail={"labelUpdated": label},
        )
    return events.EventPattern(
        source=["aws.secretsmanager"], detail_type=[kind], detail={"labelUpdated": label, "name": [secret.secret_name]}
    )
