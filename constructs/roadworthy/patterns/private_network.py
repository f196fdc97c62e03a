"""A network without a way out: isolated subnets and exactly the AWS endpoints that its services need."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from roadworthy.patterns.log_group import ServiceLogs

_HTTPS = ec2.Port.tcp(443)


class PrivateNetwork(Construct):
    """A VPC of isolated subnets, with flow logs, where AWS is reached through endpoints alone.

    What a Fargate task needs without a NAT gateway: `ecr.api` and `ecr.dkr` for the image's manifest, S3 for its
    layers, `logs` for the awslogs driver; and `execute-api` where it calls a private REST API.
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html

    Args:
        scope: where it is made.
        id: its id.
        availability_zones: the zones, one subnet each, pinned so that synthesis asks AWS nothing.
        flow_logs: makes the log group of the flow logs; default: kept for 30 days.
        cidr: the address range.

    Attributes:
        vpc: the VPC.
        execute_api: the endpoint through which private REST APIs are called.
        endpoint_security_group: the endpoints' security group; nobody may reach them until `allow_from`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        availability_zones: Sequence[str],
        flow_logs: ServiceLogs | None = None,
        cidr: str = "10.20.0.0/16",
    ) -> None:
        super().__init__(scope, id)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(cidr),
            availability_zones=list(availability_zones),
            nat_gateways=0,
            create_internet_gateway=False,
            restrict_default_security_group=False,  # nothing uses it; closing it would take a custom resource
            subnet_configuration=[
                ec2.SubnetConfiguration(name="isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24)
            ],
        )
        flow_logs = flow_logs or ServiceLogs(retention_days=30)
        log_group = flow_logs.group(self, "FlowLogs", f"/vpc/{cdk.Stack.of(self).stack_name}")
        self.vpc.add_flow_log("FlowLog", destination=ec2.FlowLogDestination.to_cloud_watch_logs(log_group))
        self.endpoint_security_group = ec2.SecurityGroup(
            self,
            "EndpointSecurityGroup",
            vpc=self.vpc,
            description="AWS endpoints: reached over HTTPS by the services that were allowed",
            allow_all_outbound=False,
        )
        services = ec2.InterfaceVpcEndpointAwsService
        self._interface("EcrApi", services.ECR)
        self._interface("EcrDocker", services.ECR_DOCKER)
        self._interface("Logs", services.CLOUDWATCH_LOGS)
        self.execute_api = self._interface("ExecuteApi", services.APIGATEWAY)
        self.execute_api.add_to_policy(self._invoke_own_apis())
        s3 = self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        s3.add_to_policy(self._read_image_layers())

    def allow_from(self, client: ec2.IConnectable) -> None:
        """Let `client` reach the endpoints over HTTPS, S3's among them."""
        client.connections.allow_to(self.endpoint_security_group, _HTTPS, "AWS endpoints")
        # S3's addresses are public ones, reached through the gateway endpoint's route. The subnets are isolated:
        # there is no other route for them, so this opens the way to S3 alone.
        client.connections.allow_to_any_ipv4(_HTTPS, "S3 through its gateway endpoint")

    def reach_secrets(self) -> None:
        """Add the endpoints through which ECS reads a task's secrets; a second call adds nothing."""
        services = ec2.InterfaceVpcEndpointAwsService
        for id, service in (("SecretsManager", services.SECRETS_MANAGER), ("Ssm", services.SSM)):
            if self.vpc.node.try_find_child(id) is None:
                self._interface(id, service)

    def reach_exec(self) -> None:
        """Add the endpoint through which ECS Exec opens its sessions; a second call adds nothing.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
        """
        if self.vpc.node.try_find_child("SsmMessages") is None:
            self._interface("SsmMessages", ec2.InterfaceVpcEndpointAwsService.SSM_MESSAGES)

    def _interface(self, id: str, service: ec2.InterfaceVpcEndpointAwsService) -> ec2.InterfaceVpcEndpoint:
        return self.vpc.add_interface_endpoint(
            id,
            service=service,
            private_dns_enabled=True,
            open=False,
            security_groups=[self.endpoint_security_group],
            subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        )

    def _invoke_own_apis(self) -> iam.PolicyStatement:
        apis = cdk.Stack.of(self).format_arn(service="execute-api", resource="*")
        return iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["execute-api:Invoke"], resources=[apis])

    def _read_image_layers(self) -> iam.PolicyStatement:
        # The bucket that holds ECR's layers, by the guide named in the class's docstring.
        stack = cdk.Stack.of(self)
        layers = f"arn:{stack.partition}:s3:::prod-{stack.region}-starport-layer-bucket/*"
        return iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["s3:GetObject"], resources=[layers])
