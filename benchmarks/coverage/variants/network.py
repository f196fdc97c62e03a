"""Tasks that cannot reach what they need, or that the load balancer cannot reach."""

from typing import Any

from benchmarks.coverage.edits import REMOVED, Edit, add, drop, not_after, put
from benchmarks.coverage.good.alternatives import behind_network_load_balancer, in_public_subnets, isolated
from benchmarks.coverage.variant import broken

_PULL = "public-registry-without-egress missing-vpc-endpoint"
_OTHER_VPC = add("OtherVpc", "EC2::VPC", CidrBlock="10.1.0.0/16")
_THIRD_ZONE = {"Fn::Select": [2, {"Fn::GetAZs": ""}]}


def _https(**peer: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **peer}


def _postgres_only() -> Edit:
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/16"}
    return put({"ServiceGroup.SecurityGroupEgress": [rule]})


VARIANTS = [
    # NW-01
    broken(
        "no-egress-public-subnet",
        "no public address",
        in_public_subnets,
        put({"awsvpc.AssignPublicIp": "DISABLED"}),
        also=_PULL,
    ),
    broken(
        "no-egress-public-subnet",
        "left out",
        in_public_subnets,
        put({"awsvpc.AssignPublicIp": REMOVED}),
        also=_PULL,
        yaml=True,
    ),
    # NW-02
    broken("no-egress-private-subnet", "no default route", drop("PrivateDefaultRoute"), also=_PULL),
    broken(
        "no-egress-private-subnet",
        "public address without a gateway",
        drop("PrivateDefaultRoute", "NatGateway", "NatAddress"),
        put({"awsvpc.AssignPublicIp": "ENABLED"}),
        also=_PULL,
        yaml=True,
    ),
    # NW-03
    broken("missing-vpc-endpoint", "ecr.dkr", isolated, drop("EcrDkrEndpoint"), also="no-egress-private-subnet"),
    broken("missing-vpc-endpoint", "S3", isolated, drop("S3Endpoint"), also="no-egress-private-subnet", yaml=True),
    broken("missing-vpc-endpoint", "logs", isolated, drop("LogsEndpoint"), also="no-egress-private-subnet"),
    broken(
        "missing-vpc-endpoint",
        "secretsmanager",
        isolated,
        drop("SecretsmanagerEndpoint"),
        also="no-egress-private-subnet",
    ),
    broken(
        "missing-vpc-endpoint",
        "S3 for another route table",
        isolated,
        put({"S3Endpoint.RouteTableIds": [{"Ref": "PublicRoutes"}]}),
        also="no-egress-private-subnet",
    ),
    broken(
        "missing-vpc-endpoint",
        "no private DNS",
        isolated,
        put({"EcrApiEndpoint.PrivateDnsEnabled": False}),
        also="no-egress-private-subnet",
    ),
    # NW-04
    broken("endpoint-sg-blocks-task", "no rule", isolated, put({"EndpointGroup.SecurityGroupIngress": REMOVED})),
    broken(
        "endpoint-sg-blocks-task",
        "for others",
        isolated,
        put({"EndpointGroup.SecurityGroupIngress": [_https(CidrIp="192.168.0.0/16")]}),
        yaml=True,
    ),
    # NW-05
    broken("task-egress-blocks-443", "database only", _postgres_only(), also="efs-unreachable"),
    broken(
        "task-egress-blocks-443",
        "nothing, as CDK writes it",
        put(
            {
                "ServiceGroup.SecurityGroupEgress": [
                    {"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32"}
                ]
            }
        ),
        also="efs-unreachable",
        yaml=True,
    ),
    # NW-06
    broken("lb-to-task-port-blocked", "no rule", drop("TasksFromLoadBalancer")),
    broken(
        "lb-to-task-port-blocked",
        "another port",
        put({"TasksFromLoadBalancer.FromPort": 80, "TasksFromLoadBalancer.ToPort": 80}),
        yaml=True,
    ),
    broken(
        "lb-to-task-port-blocked",
        "another group",
        put({"TasksFromLoadBalancer.SourceSecurityGroupId": {"Fn::GetAtt": ["FileSystemGroup", "GroupId"]}}),
    ),
    broken(
        "lb-to-task-port-blocked",
        "health check port",
        put({"Targets.HealthCheckPort": "8081", "api.PortMappings.+": {"ContainerPort": 8081}}),
        also="lb-egress-blocks-task",
    ),
    # NW-07
    broken(
        "nlb-target-sg-closed",
        "no rule",
        behind_network_load_balancer,
        drop("TasksFromLoadBalancer"),
        also="lb-to-task-port-blocked",
    ),
    broken(
        "nlb-target-sg-closed",
        "another port",
        behind_network_load_balancer,
        put({"TasksFromLoadBalancer.FromPort": 80, "TasksFromLoadBalancer.ToPort": 80}),
        also="lb-to-task-port-blocked",
        yaml=True,
    ),
    # NW-08
    broken("lb-egress-blocks-task", "no rule", drop("LoadBalancerToTasks")),
    broken(
        "lb-egress-blocks-task",
        "another port",
        put({"LoadBalancerToTasks.FromPort": 80, "LoadBalancerToTasks.ToPort": 80}),
        yaml=True,
    ),
    # NW-09
    broken("lb-az-not-enabled", "third zone", put({"PrivateSubnetB.AvailabilityZone": _THIRD_ZONE})),
    broken(
        "lb-az-not-enabled",
        "literal zones",
        put({"PublicSubnetA.AvailabilityZone": "eu-west-1a", "PublicSubnetB.AvailabilityZone": "eu-west-1b"}),
        put({"PrivateSubnetA.AvailabilityZone": "eu-west-1a", "PrivateSubnetB.AvailabilityZone": "eu-west-1c"}),
        yaml=True,
    ),
    # NW-10
    broken("vpc-mismatch", "target group", _OTHER_VPC, put({"Targets.VpcId": {"Ref": "OtherVpc"}})),
    broken("vpc-mismatch", "security group", _OTHER_VPC, put({"ServiceGroup.VpcId": {"Ref": "OtherVpc"}}), yaml=True),
    # NW-11, NW-12
    broken("network-configuration-missing", "left out", put({"service.NetworkConfiguration": REMOVED})),
    broken("network-configuration-missing", "empty", put({"service.NetworkConfiguration": {}}), yaml=True),
    broken(
        "awsvpc-limits",
        "six security groups",
        put(
            {
                "awsvpc.SecurityGroups": [
                    {"Fn::GetAtt": ["ServiceGroup", "GroupId"]},
                    *(f"sg-0a1b2c3d4e5f6071{number}" for number in range(5)),
                ]
            }
        ),
    ),
    broken(
        "awsvpc-limits",
        "seventeen subnets",
        put({"awsvpc.Subnets": [f"subnet-0a1b2c3d4e5f607{number}" for number in range(10, 27)]}),
    ),
    # NW-13, NW-14
    broken("route-created-after-service", "NAT route", not_after("PrivateDefaultRoute")),
    broken(
        "route-created-after-service",
        "endpoints",
        isolated,
        not_after("EcrApiEndpoint", "EcrDkrEndpoint", "S3Endpoint"),
        yaml=True,
    ),
    broken(
        "ingress-rule-created-after-service",
        "load balancer to tasks",
        not_after("TasksFromLoadBalancer", "LoadBalancerToTasks"),
    ),
]
