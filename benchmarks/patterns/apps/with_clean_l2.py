"""The system with CDK's own L2 constructs alone, until no check has anything left to say: compare with_plain_l2.py."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct, IConstruct

PROBE = "python -c \"import urllib.request; urllib.request.urlopen('http://localhost:8000/health', timeout=4)\""


class Orders(cdk.Stack):
    """A service on Fargate, and the private API that it calls."""

    def __init__(self, scope: Construct, id: str, *, image_tag: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(region="eu-west-1"))
        vpc, endpoint = self._network()
        api = self._api(endpoint)
        service = self._service(vpc, api, image_tag)
        self._scale(service)
        self._alarms(service, self._balance(vpc, service))

    def _network(self) -> tuple[ec2.Vpc, ec2.InterfaceVpcEndpoint]:
        vpc = ec2.Vpc(
            self,
            "Vpc",
            availability_zones=["eu-west-1a", "eu-west-1b"],
            nat_gateways=0,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24)
            ],
        )
        flow_logs = ec2.FlowLogDestination.to_cloud_watch_logs(self._log_group("FlowLogs"))
        vpc.add_flow_log("FlowLog", destination=flow_logs)
        waive(vpc, {"AwsSolutions-EC23": "endpoints let in the network's own range, which the rule cannot read"})
        services = ec2.InterfaceVpcEndpointAwsService
        vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        vpc.add_interface_endpoint("EcrApi", service=services.ECR)
        vpc.add_interface_endpoint("EcrDocker", service=services.ECR_DOCKER)
        vpc.add_interface_endpoint("Logs", service=services.CLOUDWATCH_LOGS)
        return vpc, vpc.add_interface_endpoint("ExecuteApi", service=services.APIGATEWAY)

    def _api(self, endpoint: ec2.InterfaceVpcEndpoint) -> apigateway.RestApi:
        answer = lambda_.Function(
            self,
            "Answer",
            runtime=lambda_.Runtime.PYTHON_3_14,
            code=lambda_.Code.from_asset(str(Path(__file__).parents[1] / "answer")),
            handler="handler.handler",
            timeout=cdk.Duration.seconds(10),
            log_group=self._log_group("AnswerLogs"),
        )
        waive(
            answer, {f"AwsSolutions-IAM4[{_managed('AWSLambdaBasicExecutionRole')}]": "logs alone, by AWS's own policy"}
        )
        api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name="Orders",
            endpoint_configuration=apigateway.EndpointConfiguration(
                types=[apigateway.EndpointType.PRIVATE], vpc_endpoints=[endpoint]
            ),
            cloud_watch_role=False,
            deploy_options=apigateway.StageOptions(
                access_log_destination=apigateway.LogGroupLogDestination(self._log_group("AccessLog")),
                access_log_format=apigateway.AccessLogFormat.json_with_standard_fields(
                    caller=True,
                    http_method=True,
                    ip=True,
                    protocol=True,
                    request_time=True,
                    resource_path=True,
                    response_length=True,
                    status=True,
                    user=True,
                ),
                logging_level=apigateway.MethodLoggingLevel.ERROR,
            ),
        )
        api.node.add_dependency(self._api_logging())
        waive(
            api,
            {
                "AwsSolutions-APIG3": "private: a web ACL guards against the internet, which cannot reach it",
                "AwsSolutions-APIG4": "the resource policy lets one endpoint in, and nobody else",
                "AwsSolutions-COG4": "services call it, not people",
            },
        )
        api.grant_invoke_from_vpc_endpoints_only([endpoint])
        api.root.add_resource("orders").add_resource("{id}").add_method(
            "GET",
            apigateway.LambdaIntegration(answer),
            request_parameters={"method.request.path.id": True},
            request_validator_options=apigateway.RequestValidatorOptions(
                validate_request_body=True, validate_request_parameters=True
            ),
        )
        return api

    def _api_logging(self) -> apigateway.CfnAccount:
        policy = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
        role = iam.Role(
            self,
            "ApiLogging",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name(policy)],
        )
        waive(
            role, {f"AwsSolutions-IAM4[{_managed('AmazonAPIGatewayPushToCloudWatchLogs')}]": "API Gateway asks for it"}
        )
        return apigateway.CfnAccount(self, "ApiAccount", cloud_watch_role_arn=role.role_arn)

    def _log_group(self, id: str) -> logs.LogGroup:
        return logs.LogGroup(self, id, retention=logs.RetentionDays.ONE_MONTH)

    def _service(self, vpc: ec2.Vpc, api: apigateway.RestApi, image_tag: str) -> ecs.FargateService:
        repository = ecr.Repository.from_repository_name(self, "Images", "orders")
        task = ecs.FargateTaskDefinition(self, "Task", cpu=256, memory_limit_mib=512)
        task.add_container(
            "orders",
            image=ecs.ContainerImage.from_ecr_repository(repository, image_tag),
            port_mappings=[ecs.PortMapping(container_port=8000)],
            environment={"ORDERS_API": api.url},
            health_check=ecs.HealthCheck(command=["CMD-SHELL", PROBE]),
            logging=ecs.LogDrivers.aws_logs(stream_prefix="orders", log_group=self._log_group("ServiceLogs")),
        )
        role = task.obtain_execution_role()
        waive(task, {"AwsSolutions-ECS2": "the API's URL is no secret"})
        waive(role, {"AwsSolutions-IAM5[Resource::*]": "ecr:GetAuthorizationToken takes no resource in IAM"})
        # Not the one that the service would make: what opens it could not come before the service then.
        tasks = ec2.SecurityGroup(self, "Tasks", vpc=vpc)
        service = ecs.FargateService(
            self,
            "Service",
            cluster=ecs.Cluster(self, "Cluster", vpc=vpc, container_insights_v2=ecs.ContainerInsights.ENABLED),
            service_name="orders",
            task_definition=task,
            security_groups=[tasks],
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
        )
        # The first task starts at once: what it needs must be there.
        service.node.add_dependency(vpc, role, tasks)
        return service

    def _balance(self, vpc: ec2.Vpc, service: ecs.FargateService) -> elbv2.ApplicationTargetGroup:
        balancer = elbv2.ApplicationLoadBalancer(self, "LoadBalancer", vpc=vpc, internet_facing=False)
        balancer.log_access_logs(self._access_logs())
        listener = balancer.add_listener("Http", port=80, open=False)
        group = listener.add_targets(
            "Orders",
            port=8000,
            protocol=elbv2.ApplicationProtocol.HTTP,
            targets=[service],
            health_check=elbv2.HealthCheck(path="/health"),
        )
        service.node.add_dependency(*balancer.connections.security_groups)
        return group

    def _access_logs(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "BalancerLogs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(30))],
        )
        waive(bucket, {"AwsSolutions-S1": "the bucket of access logs: its own would log their own delivery"})
        return bucket

    def _scale(self, service: ecs.FargateService) -> None:
        scaling = service.auto_scale_task_count(min_capacity=2, max_capacity=10)
        scaling.scale_on_cpu_utilization("Cpu", target_utilization_percent=60)
        scaling.scale_on_memory_utilization("Memory", target_utilization_percent=70)

    def _alarms(self, service: ecs.FargateService, group: elbv2.ApplicationTargetGroup) -> None:
        topic = sns.Topic(self, "Alarms", enforce_ssl=True)
        targets = group.metrics
        errors = cloudwatch.MathExpression(
            expression="100 * failed / requests",
            using_metrics={
                "failed": targets.http_code_target(elbv2.HttpCodeTarget.TARGET_5XX_COUNT),
                "requests": targets.request_count(),
            },
        )
        alarms: dict[str, tuple[cloudwatch.IMetric, float]] = {
            "Cpu": (service.metric_cpu_utilization(), 70),
            "Memory": (service.metric_memory_utilization(), 80),
            "ResponseTime": (targets.target_response_time(), 0.1),
            "ErrorRate": (errors, 1),
        }
        for name, (metric, threshold) in alarms.items():
            alarm = cloudwatch.Alarm(
                self,
                f"{name}Alarm",
                metric=metric,
                threshold=threshold,
                evaluation_periods=2,
                comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            )
            alarm.add_alarm_action(actions.SnsAction(topic))
            alarm.add_ok_action(actions.SnsAction(topic))


def waive(scope: IConstruct, reasons: dict[str, str]) -> None:
    """Accept what cdk-nag finds on a construct and all below it."""
    acknowledged = [cdk.Acknowledgment(id=finding, reason=reason) for finding, reason in reasons.items()]
    cdk.Validations.of(scope).acknowledge(*acknowledged)


def _managed(policy: str) -> str:
    return f"Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/{policy}"


def build(app: cdk.App) -> None:
    """Add the stack to `app`."""
    Orders(app, "Orders", image_tag="3f2a9c1d0b7e")


if __name__ == "__main__":
    app = cdk.App()
    build(app)
    app.synth()
