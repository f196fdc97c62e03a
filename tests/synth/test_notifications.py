"""Deployments and alarms are told to people."""

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from cdk_nag import AwsSolutionsChecks

from roadworthy.patterns import (
    AlarmTopic,
    DeploymentNotifications,
    DeploymentState,
    EncryptionKey,
    InvalidNotificationError,
    ServiceLogs,
)
from roadworthy.patterns.deployment_notifications import _batches
from tests.synth.template import Template, reference, text

pytestmark = pytest.mark.synth

PACKAGE = Path(__file__).parents[2] / "lambdas" / "deployment_notifier"


class Own:
    """A service of one's own: nothing of the patterns."""

    def __init__(self, stack: cdk.Stack, name: str) -> None:
        cluster = ecs.Cluster.from_cluster_attributes(
            stack, f"{name}Cluster", cluster_name="shop", vpc=vpc(stack, name)
        )
        task = ecs.FargateTaskDefinition(stack, f"{name}Task")
        task.add_container(
            name,
            image=ecs.ContainerImage.from_registry("public.ecr.aws/shop/worker:1.2"),
            logging=ecs.LogDrivers.aws_logs(stream_prefix="ecs"),
        )
        self.service = ecs.FargateService(
            stack, name, service_name=name, cluster=cluster, task_definition=task, min_healthy_percent=100
        )


def vpc(stack: cdk.Stack, name: str) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack,
        f"{name}Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["a"],
        private_subnet_ids=["subnet-0123456789abcdef0"],
    )


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Two services, an alarm, an e-mail and Slack; cdk-nag would end the synthesis."""
    app = cdk.App(outdir=str(tmp_path_factory.mktemp("notifications")))
    stack = cdk.Stack(app, "Stage")
    key = EncryptionKey(stack, "Key", alias="shop")
    metric = cloudwatch.Metric(namespace="AWS/ECS", metric_name="CPUUtilization")
    DeploymentNotifications(
        stack,
        "Notifications",
        package=PACKAGE,
        name="shop",
        environment="stage",
        services=[Own(stack, "worker"), Own(stack, "scheduler")],
        alarms=[cloudwatch.Alarm(stack, "Alarm", metric=metric, threshold=1, evaluation_periods=1)],
        states=[DeploymentState.FAILED, DeploymentState.COMPLETED],
        emails=["oncall@example.com"],
        slack_webhook=secretsmanager.Secret.from_secret_name_v2(stack, "Webhook", "shop/slack"),
        logs=ServiceLogs(retention_days=30, encryption_key=key),
        encryption_key=key,
    )
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    document = json.loads((Path(app.synth().directory) / "Stage.template.json").read_text())
    return Template(document["Resources"], {})


def rule(template: Template, kind: str) -> dict:
    (found,) = [
        each for each in template.of_type("AWS::Events::Rule").values() if each["EventPattern"]["detail-type"] == [kind]
    ]
    return found


def test_the_chosen_states_of_these_services_are_listened_to(template):
    pattern = rule(template, "ECS Deployment State Change")["EventPattern"]
    assert pattern["detail"] == {"eventName": ["SERVICE_DEPLOYMENT_FAILED", "SERVICE_DEPLOYMENT_COMPLETED"]}
    ends = [arn["Fn::Join"][1][-1] for arn in pattern["resources"]]
    assert ends == [":service/shop/worker", ":service/shop/scheduler"]


def test_more_services_than_fit_in_a_pattern_make_another_rule():
    assert list(_batches(list("abcdefghi"))) == [("", list("abcdefgh")), ("2", ["i"])]


def test_an_alarm_is_told_when_it_goes_off_and_when_it_ends_and_not_when_it_is_new(template):
    pattern = rule(template, "CloudWatch Alarm State Change")["EventPattern"]
    assert pattern["resources"] == [{"Fn::GetAtt": ["Alarm7103F465", "Arn"]}]
    went_off, ended = pattern["detail"]["$or"]
    assert went_off == {"state": {"value": ["ALARM"]}}
    assert ended == {"state": {"value": ["OK"]}, "previousState": {"value": ["ALARM"]}}


def test_no_event_is_lost_when_the_function_fails(template):
    (queue,) = template.of_type("AWS::SQS::Queue")
    target = rule(template, "ECS Deployment State Change")["Targets"][0]
    assert reference(target["DeadLetterConfig"]["Arn"]) == queue
    for config in template.of_type("AWS::Lambda::EventInvokeConfig").values():
        assert config["MaximumRetryAttempts"] == 2
        assert reference(config["DestinationConfig"]["OnFailure"]["Destination"]) == queue


def test_email_and_slack_are_subscribed_each_by_itself_to_an_encrypted_topic(template):
    subscriptions = template.of_type("AWS::SNS::Subscription").values()
    assert sorted(each["Protocol"] for each in subscriptions) == ["email", "lambda"]
    assert reference(template.only("AWS::SNS::Topic")["KmsMasterKeyId"]) in template.of_type("AWS::KMS::Key")
    statements = template.only("AWS::SNS::TopicPolicy")["PolicyDocument"]["Statement"]
    assert {"Bool": {"aws:SecureTransport": "false"}} in [each.get("Condition") for each in statements]


def test_only_the_slack_function_may_read_the_webhook_and_only_the_other_may_publish(template):
    notifier = text(template.statements("NotificationsNotifierRole"))
    slack = text(template.statements("NotificationsSlackRole"))
    assert ("sns:Publish" in notifier, "secretsmanager:GetSecretValue" in notifier) == (True, False)
    assert ("sns:Publish" in slack, "secretsmanager:GetSecretValue" in slack) == (False, True)


def test_the_webhook_is_in_the_template_by_its_name_alone(template):
    slack = template.only("AWS::Lambda::Function", FunctionName="shop-slack")["Environment"]["Variables"]
    assert slack["SLACK_WEBHOOK_SECRET_ARN"]["Fn::Join"][1][-1] == ":secret:shop/slack"
    assert "{{resolve" not in text(template.resources)


def test_the_notifier_looks_up_deployments_of_these_services_alone(template):
    (statement,) = [
        each
        for each in template.statements("NotificationsNotifierRole")
        if "ecs:ListServiceDeployments" in each["Action"]
    ]
    ends = {arn["Fn::Join"][1][-1] for arn in statement["Resource"]}
    assert {end for end in ends if "worker" in end} == {
        ":service/shop/worker",
        ":service-deployment/shop/worker/*",
        ":service-revision/shop/worker/*",
    }


def test_what_could_not_be_told_is_an_alarm_and_the_alarms_of_the_notifier_go_elsewhere():
    stack = cdk.Stack()
    key = EncryptionKey(stack, "Key", alias="shop")
    pager, notices = AlarmTopic(stack, "Pager", encryption_key=key), sns.Topic(stack, "Notices", master_key=key)
    told = DeploymentNotifications(
        stack,
        "Notifications",
        package=PACKAGE,
        name="shop",
        environment="stage",
        services=[Own(stack, "worker")],
        topic=notices,
        alarm_topic=pager,
        logs=ServiceLogs(retention_days=30),
        encryption_key=key,
    )
    alarms = assertions.Template.from_stack(stack).find_resources("AWS::CloudWatch::Alarm")
    names = {each["Properties"]["AlarmName"] for each in alarms.values()}
    assert told.topic is notices
    assert names == {"shop-untold", "shop-notifier-errors", "shop-notifier-throttles"}
    for each in alarms.values():
        assert each["Properties"]["AlarmActions"] == [stack.resolve(pager.topic_arn)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"emails": ["a@example.com"]}, "tell of nothing"),
        ({"alarms": ["an alarm"]}, "reach nobody"),
        ({"alarms": ["an alarm"], "emails": "a@example.com"}, "is one text"),
        ({"alarms": ["an alarm"], "emails": ["oncall"]}, "'oncall' is no e-mail address"),
    ],
)
def test_notifications_of_nothing_or_to_nobody_are_refused(arguments, message):
    stack = cdk.Stack()
    given = {"package": PACKAGE, "name": "shop", "environment": "stage", "logs": None, "encryption_key": None}
    with pytest.raises(InvalidNotificationError, match=message):
        DeploymentNotifications(stack, "Notifications", **{**given, **arguments})
