"""The system with CDK's own L2 constructs alone."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from constructs import Construct

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
            log_group=logs.LogGroup(self, "AnswerLogs", retention=logs.RetentionDays.ONE_MONTH),
        )
        api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name="Orders",
            endpoint_configuration=apigateway.EndpointConfiguration(
                types=[apigateway.EndpointType.PRIVATE], vpc_endpoints=[endpoint]
            ),
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

    def _service(self, vpc: ec2.Vpc, api: apigateway.RestApi, image_tag: str) -> ecs.FargateService:
        repository = ecr.Repository.from_repository_name(self, "Images", "orders")
        task = ecs.FargateTaskDefinition(self, "Task", cpu=256, memory_limit_mib=512)
        task.add_container(
            "orders",
            image=ecs.ContainerImage.from_ecr_repository(repository, image_tag),
            port_mappings=[ecs.PortMapping(container_port=8000)],
            environment={"ORDERS_API": api.url},
            health_check=ecs.HealthCheck(command=["CMD-SHELL", PROBE]),
            logging=ecs.LogDrivers.aws_logs(stream_prefix="orders", log_retention=logs.RetentionDays.ONE_MONTH),
        )
        return ecs.FargateService(
            self,
            "Service",
            cluster=ecs.Cluster(self, "Cluster", vpc=vpc, container_insights_v2=ecs.ContainerInsights.ENABLED),
            service_name="orders",
            task_definition=task,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
        )

    def _balance(self, vpc: ec2.Vpc, service: ecs.FargateService) -> elbv2.ApplicationTargetGroup:
        balancer = elbv2.ApplicationLoadBalancer(self, "LoadBalancer", vpc=vpc, internet_facing=False)
        listener = balancer.add_listener("Http", port=80, open=False)
        return listener.add_targets(
            "Orders",
            port=8000,
            protocol=elbv2.ApplicationProtocol.HTTP,
            targets=[service],
            health_check=elbv2.HealthCheck(path="/health"),
        )

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


def build(app: cdk.App) -> None:
    """Add the stack to `app`."""
    Orders(app, "Orders", image_tag="3f2a9c1d0b7e")


if __name__ == "__main__":
    app = cdk.App()
    build(app)
    app.synth()
