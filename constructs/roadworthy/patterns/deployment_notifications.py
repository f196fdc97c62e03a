"""Who deploys, fails and rolls back is told to people: by e-mail and in Slack."""

import enum
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.alarm import PERIOD, add_alarm
from roadworthy.patterns.dead_letter_queue import DeadLetterQueue
from roadworthy.patterns.function import Function
from roadworthy.patterns.interfaces import AnyKey, AnySecret, AnyTopic
from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.names import refuse_name
from roadworthy.patterns.service_metrics import RunsTasks, literal_name
from roadworthy.patterns.values import is_token
from roadworthy.patterns.waivers import waive
from roadworthy.patterns.wildcards import waive_wildcards

# A pattern may have 2,048 characters: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
_ARNS_IN_A_PATTERN = 8
_NOTIFIER = "notifier"
_TIMEOUT = cdk.Duration.seconds(60)
_MAX_AGE = cdk.Duration.hours(6)


class InvalidNotificationError(RoadworthyError, ValueError):
    """Notifications of nothing, or to nobody."""


class DeploymentState(enum.Enum):
    """What ECS says of a deployment; a rollback is a deployment too, and has the same states.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
    """

    STARTED = "SERVICE_DEPLOYMENT_IN_PROGRESS"
    COMPLETED = "SERVICE_DEPLOYMENT_COMPLETED"
    FAILED = "SERVICE_DEPLOYMENT_FAILED"


class DeploymentNotifications(Construct):
    """Tells of deployments and alarms: service, environment, image from and to, reason, and a link to the console.

    A completed rollback is called a rollback, though ECS sends the same event as for a completed deployment. E-mails
    do not depend on Slack: the one function publishes to the topic, the other one is subscribed to it.

    The functions are in no VPC: they reach AWS, and `hooks.slack.com`, over Lambda's own network, and open nothing in
    yours. What cannot be told after all retries waits in `dead_letters` for 14 days, under the alarm `<name>-untold`.

    Args:
        scope: where they are made.
        id: their id.
        package: the folder of the `deployment_notifier` Lambda package.
        name: the prefix of the functions' names.
        environment: its name, as it stands in the messages.
        services: whose deployments are told of.
        alarms: whose beginning and end are told of; those that send to a topic themselves are told twice.
        states: which states of deployments; default: all.
        emails: who gets an e-mail; each address must confirm its subscription once.
        topic: to which notices are published, encrypted by `encryption_key`; default: a new one. With a topic of yours
            nobody need be named here: its subscribers are told.
        alarm_topic: is told when the notifications themselves fail; default: nobody is. Not `topic`: what Slack is sent
            must be a notice.
        slack_webhook: the secret that holds the URL of a Slack incoming webhook, as text or as JSON `{"url": ...}`. It
            is read when it is needed; the template has its name alone.
        logs: makes the log groups.
        encryption_key: encrypts the topic, the functions' variables and the table of deliveries.

    Attributes:
        topic: to which each notice is published; subscribe more to it.
        dead_letters: the queue of what could not be told.
        untold: the alarm on that queue.
        notifier: the function that publishes.
        slack: the function that posts to Slack; None without a webhook.
        deliveries: the table by which each notice is told once.

    Raises:
        InvalidNameError: the functions' names would be too long.
        InvalidNotificationError: neither services nor alarms, no states, neither an e-mail nor a webhook nor a topic,
            or what is no address.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        package: Path,
        name: str,
        environment: str,
        services: Sequence[RunsTasks] = (),
        alarms: Sequence[cloudwatch.IAlarm] = (),
        states: Sequence[DeploymentState] = tuple(DeploymentState),
        emails: Sequence[str] = (),
        topic: AnyTopic | None = None,
        alarm_topic: AnyTopic | None = None,
        slack_webhook: AnySecret | None = None,
        logs: ServiceLogs,
        encryption_key: AnyKey,
    ) -> None:
        _refuse_silence(name, told=[*services, *alarms], listeners=[*emails, slack_webhook, topic], states=states)
        _refuse_addresses(name, emails)
        refuse_name("function", f"{name}-{_NOTIFIER}")
        super().__init__(scope, id)
        self._package, self._name, self._logs, self._key = package, name, logs, encryption_key
        self._alarm_topic = alarm_topic
        self.topic = topic or sns.Topic(self, "Topic", master_key=encryption_key, enforce_ssl=True)
        # SQS's own key: EventBridge and SNS write here too, and would have to be let in to another one.
        self.dead_letters = DeadLetterQueue(self, "DeadLetters")
        self.untold = self._watch_dead_letters()
        self.deliveries = self._deliveries()
        self.notifier = self._notifier(environment)
        self._let_look_up(services)
        self._listen_to_deployments(services, states)
        self._listen_to_alarms(alarms)
        for address in emails:
            self.topic.add_subscription(subscriptions.EmailSubscription(address))
        self.slack = self._slack(slack_webhook) if slack_webhook is not None else None

    def _watch_dead_letters(self) -> cloudwatch.Alarm:
        letters = self.dead_letters.metric_approximate_number_of_messages_visible(statistic="Maximum", period=PERIOD)
        return add_alarm(
            self, "Untold", name=f"{self._name}-untold", metric=letters, threshold=0, topic=self._alarm_topic, periods=1
        )

    def _deliveries(self) -> dynamodb.Table:
        table = dynamodb.Table(
            self,
            "Deliveries",
            partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            time_to_live_attribute="expires_at",
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=self._key,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        waive(table, {"AwsSolutions-DDB3": "ids of what was told in the last two days: nothing to recover"})
        return table

    def _function(self, id: str, suffix: str, environment: dict[str, str]) -> Function:
        function = Function(
            self,
            id,
            package=self._package,
            name=f"{self._name}-{suffix}",
            logs=self._logs,
            timeout=_TIMEOUT,
            memory_mib=256,
            environment={"DELIVERIES_TABLE": self.deliveries.table_name, **environment},
            encryption_key=self._key,
            alarm_topic=self._alarm_topic,
        )
        self.deliveries.grant(function, "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
        function.keep_failed_events(self.dead_letters)
        return function

    def _notifier(self, environment: str) -> Function:
        variables = {"ENVIRONMENT": environment, "TOPIC_ARN": self.topic.topic_arn}
        function = self._function("Notifier", _NOTIFIER, variables)
        assert function.role is not None
        function.role.add_to_principal_policy(
            iam.PolicyStatement(actions=["sns:Publish"], resources=[self.topic.topic_arn])
        )
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html; the role may decrypt already.
        self._key.grant(function, "kms:GenerateDataKey*")
        waive(
            function.role,
            {"AwsSolutions-IAM5[Action::kms:GenerateDataKey*]": "what SNS asks of its publishers, on this one key"},
        )
        return function

    def _slack(self, webhook: AnySecret) -> Function:
        function = self._function("Slack", "slack", {"SLACK_WEBHOOK_SECRET_ARN": webhook.secret_arn})
        webhook.grant_read(function)
        subscription = subscriptions.LambdaSubscription(function, dead_letter_queue=self.dead_letters)
        self.topic.add_subscription(subscription)
        return function

    def _let_look_up(self, services: Sequence[RunsTasks]) -> None:
        if not services:
            return
        role = self.notifier.role
        assert role is not None
        details = [
            _arn(service, resource, "/*")
            for service in services
            for resource in ("service-deployment", "service-revision")
        ]
        actions = ["ecs:DescribeServiceDeployments", "ecs:DescribeServiceRevisions", "ecs:ListServiceDeployments"]
        arns = [*(_arn(service, "service") for service in services), *details]
        role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=arns))
        assert isinstance(role, Construct)
        waive_wildcards(role, details, "the deployments and revisions of these services, whose ids nobody knows before")

    def _listen_to_deployments(self, services: Sequence[RunsTasks], states: Sequence[DeploymentState]) -> None:
        for number, some in _batches([_arn(service, "service") for service in services]):
            self._rule(
                f"Deployments{number}",
                source="aws.ecs",
                detail_type="ECS Deployment State Change",
                resources=some,
                detail={"eventName": [state.value for state in states]},
            )

    def _listen_to_alarms(self, alarms: Sequence[cloudwatch.IAlarm]) -> None:
        for number, some in _batches([alarm.alarm_arn for alarm in alarms]):
            self._rule(
                f"Alarms{number}",
                source="aws.cloudwatch",
                detail_type="CloudWatch Alarm State Change",
                resources=some,
                # A new alarm becomes OK as soon as it has data: that is no news.
                detail={
                    "$or": [
                        {"state": {"value": ["ALARM"]}},
                        {"state": {"value": ["OK"]}, "previousState": {"value": ["ALARM"]}},
                    ]
                },
            )

    def _rule(self, id: str, *, source: str, detail_type: str, resources: list[str], detail: dict[str, Any]) -> None:
        target = targets.LambdaFunction(
            self.notifier, dead_letter_queue=self.dead_letters, retry_attempts=24, max_event_age=_MAX_AGE
        )
        pattern = events.EventPattern(source=[source], detail_type=[detail_type], resources=resources, detail=detail)
        events.Rule(self, id, event_pattern=pattern, targets=[target])


def _arn(service: RunsTasks, resource: str, end: str = "") -> str:
    """The ARN of a service, or of what belongs to it; of a literal name, so that nothing waits for the service."""
    fargate = service.service
    name = f"{fargate.cluster.cluster_name}/{literal_name(service) or fargate.service_name}"
    return cdk.Stack.of(fargate).format_arn(service="ecs", resource=resource, resource_name=f"{name}{end}")


def _batches(arns: list[str]) -> Iterator[tuple[str, list[str]]]:
    """As many ARNs as fit in a pattern, each with the end of its rule's id: nothing, 2, 3 and so on."""
    for start in range(0, len(arns), _ARNS_IN_A_PATTERN):
        number = start // _ARNS_IN_A_PATTERN
        yield str(number + 1) if number else "", arns[start : start + _ARNS_IN_A_PATTERN]


def _refuse_silence(
    name: str, *, told: Sequence[object], listeners: Sequence[object], states: Sequence[DeploymentState]
) -> None:
    if not told or not states:
        raise InvalidNotificationError(f"notifications `{name}` tell of nothing: give services or alarms, and states")
    if not any(listener is not None for listener in listeners):
        raise InvalidNotificationError(f"notifications `{name}` reach nobody: give emails, slack_webhook or a topic")


def _refuse_addresses(name: str, emails: Sequence[str]) -> None:
    if isinstance(emails, str):
        raise InvalidNotificationError(f"notifications `{name}`: emails {emails!r} is one text: write a list")
    for address in emails:
        if not is_token(address) and not 0 < address.find("@") < len(address) - 1:
            raise InvalidNotificationError(f"notifications `{name}`: {address!r} is no e-mail address")
