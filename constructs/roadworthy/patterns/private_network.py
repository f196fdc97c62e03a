"""A network without a way out: isolated subnets and exactly the AWS endpoints that its services need."""

import ipaddress
from collections.abc import Sequence
from functools import cached_property

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from roadworthy.errors import RoadworthyError
from roadworthy.patterns.log_group import ServiceLogs
from roadworthy.patterns.names import log_group_name
from roadworthy.patterns.values import is_token

_HTTPS = ec2.Port.tcp(443)
_FEWEST_ZONES = 2  # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
_SUBNET_BITS = 24
_LARGEST_BITS = 16  # https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html


class InvalidNetworkError(RoadworthyError, ValueError):
    """A network in which no task could start, that AWS would refuse, or that is not the one of the cluster."""


class PrivateNetwork(Construct):
    """A VPC of isolated subnets, with flow logs, where AWS is reached through endpoints alone.

    What a Fargate task needs without a NAT gateway: `ecr.api` and `ecr.dkr` for the image's manifest, S3 for its
    layers, `logs` for the awslogs driver. What else it needs is added when a service needs it: Secrets Manager and SSM
    for secrets, `ssmmessages` for ECS Exec; and when you ask for it: `execute_api`, `reach_tables`.
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html

    Args:
        scope: where it is made.
        id: its id.
        availability_zones: two zones or more, one subnet of 256 addresses each, pinned so that synthesis asks AWS
            nothing.
        flow_logs: makes the log group of the flow logs; default: kept for 30 days.
        cidr: the address range, from /16 on, with room for the subnets.

    Attributes:
        vpc: the VPC.
        endpoint_security_group: the endpoints' security group; nobody may reach them until `allow_from`.

    Raises:
        InvalidNetworkError: fewer than two zones, one of them twice, or an address range without room for them.
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
        _refuse_zones(availability_zones)
        _refuse_range(cidr, len(availability_zones))
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
        log_group = flow_logs.group(self, "FlowLogs", log_group_name("/vpc", self._path()))
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
        s3 = self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        s3.add_to_policy(self._read_image_layers())

    @cached_property
    def execute_api(self) -> ec2.InterfaceVpcEndpoint:
        """The endpoint through which private REST APIs are called; made when it is first asked for."""
        endpoint = self._interface("ExecuteApi", ec2.InterfaceVpcEndpointAwsService.APIGATEWAY)
        endpoint.add_to_policy(self._invoke_own_apis())
        return endpoint

    def allow_from(self, client: ec2.IConnectable) -> None:
        """Let `client` reach the endpoints over HTTPS, those of S3 and DynamoDB among them."""
        client.connections.allow_to(self.endpoint_security_group, _HTTPS, "AWS endpoints")
        # The addresses of S3 and DynamoDB are public ones, reached through the gateway endpoints' routes. The subnets
        # are isolated: there is no other route for them, so this opens the way to these two alone.
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

    def reach_tables(self) -> None:
        """Add the endpoint through which the account's DynamoDB tables are reached; a second call adds nothing.

        https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-ddb.html
        """
        if self.vpc.node.try_find_child("DynamoDb") is None:
            service = ec2.GatewayVpcEndpointAwsService.DYNAMODB
            self.vpc.add_gateway_endpoint("DynamoDb", service=service).add_to_policy(self._use_own_tables())

    def _path(self) -> str:
        """The stack's name and the construct's path in it: two networks of a stack have two log groups."""
        stack = cdk.Stack.of(self)
        return f"{stack.stack_name}{self.node.path.removeprefix(stack.node.path)}"

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

    def _use_own_tables(self) -> iam.PolicyStatement:
        tables = cdk.Stack.of(self).format_arn(service="dynamodb", resource="table", resource_name="*")
        return iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["dynamodb:*"], resources=[tables])

    def _read_image_layers(self) -> iam.PolicyStatement:
        # The bucket that holds ECR's layers, by the guide named in the class's docstring.
        stack = cdk.Stack.of(self)
        layers = f"arn:{stack.partition}:s3:::prod-{stack.region}-starport-layer-bucket/*"
        return iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["s3:GetObject"], resources=[layers])


def _refuse_zones(zones: Sequence[str]) -> None:
    if isinstance(zones, str) or is_token(list(zones)):
        raise InvalidNetworkError(f"availability_zones = {zones!r} is no list of names: write each zone")
    if len(zones) < _FEWEST_ZONES or len(set(zones)) < len(zones):
        raise InvalidNetworkError(
            f"availability_zones = {list(zones)!r}: name two different zones or more, since a load balancer needs two "
            "and a service should outlive one"
        )


def _refuse_range(cidr: str, zones: int) -> None:
    try:
        network = ipaddress.IPv4Network(cidr)
    except (ValueError, TypeError) as error:
        raise InvalidNetworkError(f"cidr = {cidr!r} is no range of IPv4 addresses: {error}") from None
    room = 2 ** (_SUBNET_BITS - network.prefixlen) if network.prefixlen <= _SUBNET_BITS else 0
    if network.prefixlen < _LARGEST_BITS or room < zones:
        raise InvalidNetworkError(
            f"cidr = {cidr!r} is not of /{_LARGEST_BITS} or less with room for {zones} subnets of /{_SUBNET_BITS}"
        )
