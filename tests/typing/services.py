"""Every service with CDK's own classes for all that it takes, as mypy and pyright see it in a user's editor.

Nobody runs this file: `make check` reads its types.
"""

from typing import assert_type

import aws_cdk as cdk
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs

from roadworthy.patterns import (
    Capacity,
    Deployment,
    HealthCheck,
    HealthGate,
    Hook,
    HttpService,
    Image,
    LifecycleStage,
    PrivateNetwork,
    Route,
    Scaling,
    ScheduledTask,
    SingletonService,
    TaskOptions,
    TcpService,
    WorkerService,
)


def http_service_with_what_was_made_before(
    stack: cdk.Stack,
    vpc: ec2.Vpc,
    cluster: ecs.Cluster,
    certificate: acm.Certificate,
    balancer: elbv2.ApplicationLoadBalancer,
    access_logs: s3.Bucket,
    log_group: logs.LogGroup,
    key: kms.Key,
    role: iam.Role,
    repository: ecr.Repository,
) -> HttpService:
    return HttpService(
        stack,
        "Http",
        network=vpc,
        cluster=cluster,
        name="api",
        image=Image.from_ecr(repository, tag="3f2a9c1d0b7e"),
        port=8000,
        health_check=HealthCheck.http("/health"),
        certificate=certificate,
        load_balancer=balancer,
        access_logs=access_logs,
        log_group=log_group,
        encryption_key=key,
        task_role=role,
        execution_role=role,
        idle_timeout=cdk.Duration.minutes(1),
        scaling=Scaling(min=2, max=10),
        deployment=Deployment.rolling(),
        capacity=Capacity(base=1, spot_weight=3),
    )


def a_shared_listener(stack: cdk.Stack, network: PrivateNetwork, listener: elbv2.ApplicationListener) -> HttpService:
    return HttpService(
        stack,
        "Shared",
        network=network,
        name="shared",
        image=Image.from_registry("public.ecr.aws/nginx/nginx:1.27.3"),
        port=80,
        health_check=HealthCheck.grpc(),
        listener=listener,
        route=Route(priority=10, hosts=["a.example"], paths=["/a/*"]),
    )


def what_an_http_service_is_made_of(service: HttpService) -> None:
    assert_type(service.service, ecs.FargateService)
    assert_type(service.cluster, ecs.ICluster)
    assert_type(service.task_definition, ecs.FargateTaskDefinition)
    assert_type(service.container, ecs.ContainerDefinition)
    assert_type(service.target_group, elbv2.ApplicationTargetGroup)
    assert_type(service.security_group, ec2.SecurityGroup)
    assert_type(service.log_group, logs.ILogGroup)
    assert_type(service.scalable, ecs.ScalableTaskCount | None)
    assert_type(service.url, str)


def a_service_is_granted_to_and_connected(
    service: HttpService | WorkerService | TcpService | SingletonService | ScheduledTask,
    bucket: s3.Bucket,
    database: ec2.SecurityGroup,
) -> None:
    bucket.grant_read(service)
    database.connections.allow_from(service, ec2.Port.tcp(5432))
    service.connections.allow_to(database, ec2.Port.tcp(5432))


def clients_are_let_in(
    service: HttpService, pooler: TcpService, worker: WorkerService, instance: ec2.Instance, group: ec2.SecurityGroup
) -> None:
    service.allow_from(worker)
    service.allow_from(instance)
    service.allow_from(group)
    pooler.allow_from(service)


def options_that_services_share(network: PrivateNetwork, password: ecs.Secret) -> TaskOptions:
    return TaskOptions(
        network=network,
        name="shared",
        image=Image.from_registry("public.ecr.aws/nginx/nginx:1.27.3"),
        environment={"A": "b"},
        secrets={"PASSWORD": password},
    )


def services_without_http(stack: cdk.Stack, network: PrivateNetwork, dead_letters: sqs.Queue) -> None:
    image = Image.from_asset("containers/api")
    worker = WorkerService(stack, "Worker", network=network, name="worker", image=image, namespace=None)
    single = SingletonService(stack, "Single", network=network, name="single", image=image)
    pooler = TcpService(stack, "Pooler", network=network, name="pooler", image=image, port=6432)
    nightly = ScheduledTask(
        stack,
        "Nightly",
        network=network,
        name="nightly",
        image=image,
        schedule="rate(1 day)",
        dead_letters=dead_letters,
    )
    assert_type(worker.service, ecs.FargateService)
    assert_type(single.service, ecs.FargateService)
    assert_type(pooler.address, str)
    assert_type(nightly.task_definition, ecs.FargateTaskDefinition)


def a_schedule_of_our_own(service: HttpService) -> None:
    if service.scalable is not None:
        service.scalable.scale_on_schedule("Night", schedule=autoscaling.Schedule.cron(hour="22"), max_capacity=2)


def an_image_behind_a_password(credentials: secretsmanager.Secret) -> Image:
    return Image.from_registry("registry.example/api:1.2.3", credentials=credentials)


def ways_to_deploy(function: lambda_.Function, alias: lambda_.Alias, listener: elbv2.ApplicationListener) -> None:
    time = cdk.Duration.minutes(5)
    hooks = [
        Hook.function(function, LifecycleStage.TEST_TRAFFIC_SHIFT, timeout=time),
        Hook.function(alias, LifecycleStage.PRODUCTION_TRAFFIC_SHIFT, timeout=time),
    ]
    ways: list[Deployment] = [
        Deployment.rolling(alarms=["api-errors"]),
        Deployment.blue_green(hooks=hooks, health_gate=HealthGate(), test_listener=listener),
        Deployment.canary(10, hold=time, hooks=hooks),
        Deployment.linear(25, hold=time),
    ]
    Deployment.linear(25, bakes=time)  # type: ignore[call-arg]
    assert ways
