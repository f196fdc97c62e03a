"""The notification-query service."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import yaml
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from constructs import Construct

from roadworthy.environments import Environment
from roadworthy.patterns import (
    AccessLogBucket,
    AlarmTopic,
    ApiGatewayLogging,
    DeploymentNotifications,
    EncryptionKey,
    Function,
    HealthCheck,
    HttpService,
    Image,
    ImageGate,
    PrivateApi,
    PrivateNetwork,
    PublicApi,
    Scaling,
    ServiceAlarms,
    ServiceDashboard,
    ServiceLogs,
    waive,
)
from stacks.image_repository import REPOSITORY_NAME
from stacks.query_service import timeouts
from stacks.query_service.records import Records

NAME = "query-service"
CONTAINER_NAME = "ecs-handler"
PORT = 8000
_LAMBDAS = Path(__file__).parents[2] / "lambdas"
_INTERNAL_API = Path(__file__).with_name("internal_api.yaml")
_METRICS = {"POWERTOOLS_METRICS_NAMESPACE": "QueryService"}


class QueryServiceStack(cdk.Stack):
    """Client -> public API -> query Lambda -> handler on Fargate -> internal API -> query-result Lambda -> DynamoDB.

    Args:
        scope: the app.
        id: the stack's id.
        env: the account and region.
        environment: how the stack is kept there.
        image_reference: the tag or the digest of the handler's image in ECR.

    Raises:
        UnpinnedImageError: the image reference is `latest` or malformed.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        env: cdk.Environment,
        environment: Environment,
        image_reference: str,
    ) -> None:
        super().__init__(scope, id, env=env, description="Notification-query service")
        self.environment_settings = environment
        self.key = EncryptionKey(self, "Key", alias=NAME)
        self.logs = ServiceLogs(retention_days=environment.log_retention_days, encryption_key=self.key)
        self.alarm_topic = AlarmTopic(self, "Alarms", encryption_key=self.key)
        repository = ecr.Repository.from_repository_name(self, "Repository", REPOSITORY_NAME)
        self.image = Image.from_ecr(repository, reference=image_reference)
        gate = ImageGate(
            self,
            "ImageGate",
            image=self.image,
            package=_LAMBDAS / "image_gate",
            name=f"{NAME}-image-gate",
            logs=self.logs,
            encryption_key=self.key,
            alarm_topic=self.alarm_topic,
        )
        self.network = PrivateNetwork(
            self, "Network", availability_zones=environment.availability_zones, flow_logs=self.logs
        )
        self.records = Records(
            self,
            "Records",
            name=NAME,
            environment=environment,
            encryption_key=self.key,
            logs=self.logs,
            lambdas=_LAMBDAS,
            alarm_topic=self.alarm_topic,
        )
        self.api_logging = ApiGatewayLogging(self, "ApiGatewayLogging")
        # Without an image nothing is made that takes minutes, or that a rollback could not take away again.
        for behind in (self.network, self.records, self.api_logging):
            behind.node.add_dependency(gate)
        self.query_result, self.internal_api = self._internal_api()
        self.handler = self._handler()
        self.query, self.public_api = self._public_api()
        self._notify(self._monitor())
        self.notifications.node.add_dependency(gate)
        self._outputs()

    def _internal_api(self) -> tuple[Function, PrivateApi]:
        function = Function(
            self,
            "QueryResult",
            package=_LAMBDAS / "query_result",
            name=f"{NAME}-query-result",
            logs=self.logs,
            timeout=timeouts.QUERY_RESULT_FUNCTION,
            environment={"NOTIFICATION_TABLE": self.records.notifications.name, **_METRICS},
            encryption_key=self.key,
            alarm_topic=self.alarm_topic,
        )
        self.records.notifications.grant_query(function)
        document: dict[str, Any] = yaml.safe_load(_INTERNAL_API.read_text(encoding="utf-8"))
        api = PrivateApi(
            self,
            "InternalApi",
            document=document,
            function=function,
            endpoint=self.network.execute_api,
            integration_timeout=timeouts.INTERNAL_INTEGRATION,
            logs=self.logs,
        )
        api.node.add_dependency(self.api_logging)
        return function, api

    def _handler(self) -> HttpService:
        cluster = ecs.Cluster(
            self,
            "Cluster",
            cluster_name="query-service-cluster",
            vpc=self.network.vpc,
            container_insights_v2=ecs.ContainerInsights.ENABLED,
        )
        handler = HttpService(
            self,
            "Handler",
            network=self.network,
            cluster=cluster,
            name=NAME,
            container_name=CONTAINER_NAME,
            image=self.image,
            port=PORT,
            cpu=256,
            memory_mib=512,
            health_check=HealthCheck.http("/health"),
            environment={
                "ENVIRONMENT": self.environment_settings.name,
                "INTERNAL_API_URL": self.internal_api.url,
                "REQUEST_TIMEOUT": "30",
                "AWS_DEFAULT_REGION": self.region,
            },
            scaling=Scaling(min=2, max=10),
            log_group=self.logs.group(self, "HandlerLogs", f"/ecs/{NAME}"),
            access_logs=AccessLogBucket(
                self, "AccessLogs", retention_days=self.environment_settings.log_retention_days
            ),
            longest_request=cdk.Duration.seconds(30),
            deletion_protection=self.environment_settings.guarded,
        )
        waive(
            handler.task_definition,
            {"AwsSolutions-ECS2": "names, a URL and a time-out: nothing secret, and the container's contract"},
        )
        return handler

    def _public_api(self) -> tuple[Function, PublicApi]:
        function = Function(
            self,
            "Query",
            package=_LAMBDAS / "query",
            name=f"{NAME}-query",
            logs=self.logs,
            timeout=timeouts.QUERY_FUNCTION,
            environment={
                "HANDLER_URL": self.handler.url,
                "HANDLER_TIMEOUT": str(timeouts.HANDLER_REQUEST.to_seconds()),
                **_METRICS,
            },
            encryption_key=self.key,
            alarm_topic=self.alarm_topic,
            vpc=self.network.vpc,
        )
        self.handler.allow_from(function)
        api = PublicApi(
            self,
            "PublicApi",
            name=NAME,
            operations=[
                ("POST", "/query/user"),
                ("POST", "/query/marketing"),
                ("POST", "/query/fail"),
                ("GET", "/health"),
            ],
            function=function,
            integration_timeout=timeouts.PUBLIC_INTEGRATION,
            logs=self.logs,
        )
        api.node.add_dependency(self.api_logging)
        return function, api

    def _monitor(self) -> list[cloudwatch.Alarm]:
        alarms = ServiceAlarms(self, "ServiceAlarms", service=self.handler, name=NAME, topic=self.alarm_topic)
        dead_letters = self.records.dead_letters.metric_approximate_number_of_messages_visible(statistic="Maximum")
        alarms.add("DeadLetters", dead_letters, 0, periods=1)
        given_back = cloudwatch.Metric(
            namespace=_METRICS["POWERTOOLS_METRICS_NAMESPACE"],
            metric_name="failed",  # the stream processor's own: a partial failure is no error of the function
            dimensions_map={"service": "stream-processor"},
            statistic="Sum",
        )
        alarms.add("StreamFailures", given_back, 0)
        minute_ms = cdk.Duration.minutes(1).to_milliseconds()
        alarms.add("StreamLag", self.records.processor.metric("IteratorAge", statistic="Maximum"), minute_ms)
        functions = [self.query, self.query_result, self.records.processor]
        log_groups = [self.handler.log_group, *(function.log_group for function in functions)]
        ServiceDashboard(
            self,
            "Dashboard",
            name=NAME,
            service=self.handler,
            functions=functions,
            log_groups=log_groups,
        )
        own = [alarm for function in functions for alarm in function.alarms.values()]
        return [*alarms.alarms.values(), *own]

    def _notify(self, alarms: list[cloudwatch.Alarm]) -> None:
        told = self.environment_settings.notifications
        secrets = secretsmanager.Secret
        webhook = secrets.from_secret_name_v2(self, "SlackWebhook", told.slack_secret) if told.slack_secret else None
        self.notifications = DeploymentNotifications(
            self,
            "Notifications",
            package=_LAMBDAS / "deployment_notifier",
            name=NAME,
            environment=self.environment_settings.name,
            services=[self.handler],
            alarms=alarms,
            emails=told.emails,
            topic=sns.Topic(self, "Notices", master_key=self.key, enforce_ssl=True),
            alarm_topic=self.alarm_topic,
            slack_webhook=webhook,
            logs=self.logs,
            encryption_key=self.key,
        )

    def _outputs(self) -> None:
        outputs = {
            "PublicApiUrl": self.public_api.api.url,
            "PublicApiId": self.public_api.api.rest_api_id,
            "InternalApiUrl": self.internal_api.url,
            "InternalApiId": self.internal_api.api.rest_api_id,
            "LoadBalancerDnsName": self.handler.load_balancer.load_balancer_dns_name,
            "ClusterName": self.handler.service.cluster.cluster_name,
            "ServiceName": self.handler.service.service_name,
            "CommandTableName": self.records.commands.name,
            "NotificationTableName": self.records.notifications.name,
            "AlarmTopicArn": self.alarm_topic.topic_arn,
            "NoticeTopicArn": self.notifications.topic.topic_arn,
            "DeadLetterQueueUrl": self.records.dead_letters.queue_url,
        }
        for name, value in outputs.items():
            cdk.CfnOutput(self, name, value=value)
