"""What stands around services: APIs, functions, tables, alarms, notifications, operators; see services.py."""

from pathlib import Path
from typing import assert_type

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns

import roadworthy
from roadworthy.patterns import (
    AlarmTopic,
    DeploymentNotifications,
    EncryptionKey,
    ExistingTable,
    Function,
    HttpService,
    Index,
    OperatorPolicy,
    PrivateApi,
    PrivateNetwork,
    PublicApi,
    RecordTable,
    ServiceAlarms,
    ServiceDashboard,
    ServiceLogs,
    grant_operate,
    waive,
)
from roadworthy.plugin import run_app, synth


def a_function_of_a_network(stack: cdk.Stack, network: PrivateNetwork, key: kms.Key, topic: sns.Topic) -> Function:
    return Function(
        stack,
        "Answer",
        package=Path("lambdas/answer"),
        name="answer",
        logs=ServiceLogs(retention_days=30, encryption_key=key),
        timeout=cdk.Duration.seconds(10),
        encryption_key=key,
        vpc=network.vpc,
        alarm_topic=topic,
    )


def apis(
    stack: cdk.Stack,
    function: Function,
    alias: lambda_.Alias,
    endpoint: ec2.InterfaceVpcEndpoint,
    logs: ServiceLogs,
) -> None:
    time = cdk.Duration.seconds(12)
    private = PrivateApi(
        stack, "Private", document={}, function=function, endpoint=endpoint, integration_timeout=time, logs=logs
    )
    public = PublicApi(
        stack, "Public", name="api", operations=[("GET", "/")], function=alias, integration_timeout=time, logs=logs
    )
    assert_type(private.url, str)
    assert_type(private.api, apigateway.SpecRestApi)
    assert_type(public.api, apigateway.RestApi)


def a_table(stack: cdk.Stack, key: kms.Key, reader: Function) -> None:
    text = dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING)
    table = RecordTable(
        stack,
        "Orders",
        name="orders",
        partition_key=text,
        indexes=[Index("by-id", text)],
        encryption_key=key,
        existing=ExistingTable(encryption_key=key),
    )
    table.grant_query(reader)
    assert_type(table.name, str)


def monitoring(
    stack: cdk.Stack, service: HttpService, topic: sns.Topic, function: Function, alarm: cloudwatch.Alarm
) -> None:
    key = EncryptionKey(stack, "Key", alias="shop")
    alarms = ServiceAlarms(stack, "Alarms", service=service, name="api", topic=topic)
    ServiceAlarms(stack, "Others", service=service, name="other", topic=AlarmTopic(stack, "Topic", encryption_key=key))
    ServiceDashboard(stack, "Dashboard", name="api", service=service, functions=[function])
    assert_type(alarms.alarms, dict[str, cloudwatch.Alarm])
    assert_type(ServiceAlarms.names_for("api"), list[str])
    waive(alarm, {"roadworthy::latest-image-tag": "a test of the tag itself"})


def notifications(
    stack: cdk.Stack, service: HttpService, webhook: secretsmanager.Secret, topic: sns.Topic, key: kms.Key
) -> None:
    DeploymentNotifications(
        stack,
        "Notifications",
        package=Path("lambdas/deployment_notifier"),
        name="shop",
        environment="stage",
        services=[service],
        topic=topic,
        slack_webhook=webhook,
        logs=ServiceLogs(retention_days=30),
        encryption_key=key,
    )


def operators(stack: cdk.Stack, service: HttpService, role: iam.Role, repository: ecr.Repository) -> None:
    grant_operate(service, role, repositories=[repository])
    OperatorPolicy(stack, "Operators", service=service, repositories=[repository])


def an_app_and_a_check(app: cdk.App) -> None:
    assert_type(synth(app), int)
    assert_type(run_app(lambda app: None), int)
    report = roadworthy.check("cdk.out")
    assert_type([finding.rule for finding in report.findings], list[str])
