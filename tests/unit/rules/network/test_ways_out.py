import pytest

PUBLIC = {"NatGatewayId": None, "GatewayId": {"Ref": "Gateway"}}
OPEN = {"Type": "String"}


def network(**changes):
    both = {"Subnets": [{"Ref": "A"}, {"Ref": "B"}], "SecurityGroups": [{"Ref": "TaskGroup"}], **changes}
    return {"NetworkConfiguration": {"AwsvpcConfiguration": both}}


def route(**target):
    return {"Type": "AWS::EC2::Route", "Properties": {"RouteTableId": {"Ref": "Routes"}, **target}}


def container(**changes):
    return {"ContainerDefinitions": [{"Name": "api", **changes}]}


def container_from(image):
    return container(Image=image)


def if_a(yes, no):
    return {"Fn::If": ["A", yes, no]}


NEEDS = "the image of container `api`, the logs of container `api`, secret `TOKEN`"
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}
PARAMETERS = {"Stage": OPEN, "Open": OPEN, "Public": {"Type": "String", "Default": "DISABLED"}}
TRANSIT = route(DestinationCidrBlock="10.9.0.0/16", TransitGatewayId="tgw-1")
CUSTOM = {"Type": "Custom::Routes", "Properties": {"Table": {"Ref": "Routes"}}}
NO_ADDRESS = "no-egress-public-subnet"
NO_ROUTE = "no-egress-private-subnet"
NO_ENDPOINT = "missing-vpc-endpoint"
ALL = [NO_ADDRESS, NO_ROUTE, NO_ENDPOINT, "public-registry-without-egress"]


@pytest.fixture
def rules(found, built):
    """rule -> (severity, message) of what the rules about ways out find."""

    def check(**changes):
        resources = built(**changes)
        answers = {rule: found(rule, resources, Conditions=CONDITIONS, Parameters=PARAMETERS) for rule in ALL}
        return {rule: findings for rule, findings in answers.items() if findings}

    return check


SILENT = {
    "a NAT gateway": {},
    "a public address": {"DefaultRoute": PUBLIC, "Service": network(AssignPublicIp="ENABLED")},
    "an unknown public address": {"DefaultRoute": PUBLIC, "Service": network(AssignPublicIp={"Ref": "Open"})},
    "all endpoints": {"isolated": True},
    "the main route table": {"DefaultRoute": None, "AssociationA": None, "AssociationB": None},
    "an unknown gateway": {"DefaultRoute": {"NatGatewayId": None, "GatewayId": {"Ref": "Open"}}},
    "a transit gateway": {"DefaultRoute": {"NatGatewayId": None, "TransitGatewayId": "tgw-1"}},
    "a peering": {"DefaultRoute": {"NatGatewayId": None, "VpcPeeringConnectionId": "pcx-1"}},
    "a firewall": {"DefaultRoute": {"NatGatewayId": None, "VpcEndpointId": "vpce-1"}},
    "a transit gateway for some addresses": {"DefaultRoute": None, "Transit": TRANSIT},
    "a route under a condition": {
        "DefaultRoute": {**route(DestinationCidrBlock="0.0.0.0/0", NatGatewayId="n"), "Condition": "A"}
    },
    "a route of a custom resource": {"DefaultRoute": None, "Custom": CUSTOM},
    "a route for a table that cannot be told": {
        "DefaultRoute": None,
        "Other": route(RouteTableId={"Fn::Select": [0, {"Ref": "Open"}]}, NatGatewayId="nat-1"),
    },
    "a loop of resources": {"DefaultRoute": None, "Fn::ForEach::Routes": {"Type": "x"}},
    "a NAT gateway under one condition, an internet gateway under the other": {
        "DefaultRoute": {
            "NatGatewayId": if_a("nat-1", {"Ref": "AWS::NoValue"}),
            "GatewayId": if_a({"Ref": "AWS::NoValue"}, {"Ref": "Gateway"}),
        }
    },
    "a way out by IPv6": {
        "DefaultRoute": PUBLIC,
        "Six": route(DestinationIpv6CidrBlock="::/0", GatewayId={"Ref": "Gateway"}),
    },
    "routes of a VPN gateway": {
        "DefaultRoute": None,
        "Vpn": {"Type": "AWS::EC2::VPNGatewayRoutePropagation", "Properties": {"RouteTableIds": [{"Ref": "Routes"}]}},
    },
    "subnets by a parameter": {"DefaultRoute": None, "Service": network(Subnets={"Ref": "Open"})},
    "an unknown image": {"DefaultRoute": None, "Task": container_from({"Ref": "Open"})},
    "an image of a registry in the VPC": {"DefaultRoute": None, "Task": container_from("registry.internal/api:1")},
    "tasks on EC2": {"DefaultRoute": None, "Service": {"LaunchType": "EC2"}},
    "an endpoint whose service is not known": {
        "isolated": True,
        "Logs": {"ServiceName": {"Ref": "Open"}},
    },
    "an endpoint whose private DNS is left to AWS": {"isolated": True, "Logs": {"PrivateDnsEnabled": None}},
    "a hosted zone beside an endpoint without private DNS": {
        "isolated": True,
        "Logs": {"PrivateDnsEnabled": False},
        "Zone": {"Type": "AWS::Route53::HostedZone", "Properties": {}},
    },
    "an endpoint for unknown route tables": {"isolated": True, "S3": {"RouteTableIds": {"Ref": "Open"}}},
}


@pytest.mark.parametrize("case", SILENT)
def test_a_way_that_exists_or_may_exist_is_silent(rules, case):
    assert rules(**SILENT[case]) == {}


def test_an_internet_gateway_needs_a_public_address(rules):
    found = rules(DefaultRoute=PUBLIC)
    expected = (
        f"tasks of service `Service` have no public address in subnet `A`, `B`, whose only way out is an internet "
        f"gateway: they cannot reach {NEEDS}"
    )
    assert found == {NO_ADDRESS: [("error", expected)]}


def test_an_address_that_a_default_denies_is_a_warning(rules):
    found = rules(DefaultRoute=PUBLIC, Service=network(AssignPublicIp={"Ref": "Public"}))
    assert [severity for severity, _ in found[NO_ADDRESS]] == ["warning"]


def test_an_address_under_a_condition_is_missing_under_the_other(rules):
    found = rules(DefaultRoute=PUBLIC, Service=network(AssignPublicIp=if_a("ENABLED", "DISABLED")))
    assert [severity for severity, _ in found[NO_ADDRESS]] == ["error"]


def test_a_subnet_without_a_default_route_is_an_error(rules):
    expected = f"no route leads out of subnet `A`, `B`: tasks of service `Service` cannot reach {NEEDS}"
    assert rules(DefaultRoute=None) == {NO_ROUTE: [("error", expected)]}


def test_a_public_address_does_not_replace_a_route(rules):
    found = rules(DefaultRoute=None, Service=network(AssignPublicIp="ENABLED"))
    assert "and a public address does not help" in found[NO_ROUTE][0][1]


def test_one_of_two_subnets_without_a_route_is_a_warning(rules):
    other = {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}}
    found = rules(AssociationB={"RouteTableId": {"Ref": "Other"}}, Other=other)
    assert [(severity, "subnet `B`:" in message) for severity, message in found[NO_ROUTE]] == [("warning", True)]


def test_a_service_without_tasks_is_a_warning(rules):
    found = rules(DefaultRoute=None, Service={"DesiredCount": 0})
    assert [severity for severity, _ in found[NO_ROUTE]] == ["warning"]


def test_an_image_of_a_public_registry_has_no_endpoint(rules):
    found = rules(isolated=True, Task=container(Image="ghcr.io/org/api:1", LogConfiguration={"LogDriver": "awslogs"}))
    expected = (
        "no way leads from subnet `A`, `B` of service `Service` to the internet: its tasks cannot pull the image of "
        "container `api` from ghcr.io"
    )
    assert found == {"public-registry-without-egress": [("error", expected)]}


LACKING = {
    "ECR": ({"EcrDkr": None}, "`ecr.dkr`", "the image of container `api`"),
    "layers in S3": ({"S3": None}, "`s3`", "the image of container `api`"),
    "logs": ({"Logs": None}, "`logs`", "the logs of container `api`"),
    "parameters": ({"Ssm": None}, "`ssm`", "secret `TOKEN`"),
    "no names in the VPC": (
        {"Vpc": {"EnableDnsHostnames": False}},
        "`ecr.api`, `ecr.dkr`, `logs`, `ssm`",
        NEEDS,
    ),
    "no private DNS": ({"Logs": {"PrivateDnsEnabled": False}}, "`logs`", "the logs of container `api`"),
}


@pytest.mark.parametrize("case", LACKING)
def test_each_endpoint_that_a_task_needs_is_asked_for(rules, case):
    changes, names, what = LACKING[case]
    expected = (
        f"no VPC endpoint for {names} serves subnet `A`, `B`, from which no way leads to the internet: tasks of "
        f"service `Service` cannot reach {what}"
    )
    assert rules(isolated=True, **changes) == {NO_ENDPOINT: [("error", expected)]}


def test_a_gateway_endpoint_serves_its_own_route_tables_only(rules):
    other = {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}}
    found = rules(isolated=True, Other=other, S3={"RouteTableIds": [{"Ref": "Other"}]})
    assert "no VPC endpoint for `s3` serves" in found[NO_ENDPOINT][0][1]


def test_ecs_exec_without_its_endpoint_is_a_warning(rules):
    found = rules(isolated=True, Service={"EnableExecuteCommand": True})
    assert [(severity, "`ssmmessages`" in message) for severity, message in found[NO_ENDPOINT]] == [("warning", True)]


def test_an_endpoint_that_keeps_the_tasks_out_is_an_error(found, built):
    resources = built(isolated=True, EndpointGroup={"SecurityGroupIngress": [], "VpcId": {"Ref": "Vpc"}})
    expected = (
        "security group `EndpointGroup` of the VPC endpoint for `ecr.api`, `ecr.dkr`, `logs`, `ssm` does not let tasks "
        f"of service `Service` in on port 443: they cannot reach {NEEDS}"
    )
    assert found("endpoint-sg-blocks-task", resources) == [("error", expected)]


LET_IN = {
    "the VPC's range": {"CidrIp": "10.0.0.0/16"},
    "the VPC's range by its attribute": {"CidrIp": {"Fn::GetAtt": ["Vpc", "CidrBlock"]}},
    "the tasks' group": {"SourceSecurityGroupId": {"Fn::GetAtt": ["TaskGroup", "GroupId"]}},
    "a prefix list": {"SourcePrefixListId": "pl-1"},
    "an unknown group": {"SourceSecurityGroupId": {"Ref": "Open"}},
    "a group of another stack": {"SourceSecurityGroupId": {"Fn::ImportValue": "Group"}},
}


@pytest.mark.parametrize("case", LET_IN)
def test_an_endpoint_that_lets_the_tasks_in_or_may_is_silent(found, built, case):
    rule = {"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, **LET_IN[case]}
    resources = built(isolated=True, EndpointGroup={"SecurityGroupIngress": [rule]})
    assert found("endpoint-sg-blocks-task", resources, Parameters=PARAMETERS) == []


def https(**peer):
    return {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **peer}


KEPT_IN = {
    "another port": {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "0.0.0.0/0"},
    "another protocol": {"IpProtocol": "udp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"},
    "private addresses": https(CidrIp="10.0.0.0/8"),
    "another group": https(DestinationSecurityGroupId={"Ref": "BalancerGroup"}),
    "CDK's rule for nothing": {"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32"},
}


@pytest.mark.parametrize("case", KEPT_IN)
def test_tasks_that_cannot_leave_over_https_are_an_error(found, built, case):
    resources = built(TaskGroup={"SecurityGroupEgress": [KEPT_IN[case]]})
    expected = f"security group `TaskGroup` does not let tasks of service `Service` out on port 443 to {NEEDS}"
    assert found("task-egress-blocks-443", resources) == [("error", expected)]


def test_the_endpoints_alone_are_not_enough_for_the_layers_in_s3(found, built):
    rule = https(DestinationSecurityGroupId={"Ref": "EndpointGroup"})
    ((severity, message),) = found(
        "task-egress-blocks-443", built(isolated=True, TaskGroup={"SecurityGroupEgress": [rule]})
    )
    assert (severity, message.partition("port 443 to ")[2]) == ("error", "the image of container `api`")


LET_OUT = {
    "no outbound rule": None,
    "everything": [{"IpProtocol": -1, "CidrIp": "0.0.0.0/0"}],
    "protocol by number": [{"IpProtocol": "6", "FromPort": 1, "ToPort": 1024, "CidrIp": "0.0.0.0/0"}],
    "a prefix list": [https(DestinationPrefixListId="pl-1")],
    "an unknown range": [https(CidrIp={"Ref": "Open"})],
    "an unknown protocol": [{"IpProtocol": {"Ref": "Open"}, "CidrIp": "0.0.0.0/0"}],
    "an unknown list": {"Ref": "Open"},
    "a rule under a condition": [if_a(https(CidrIp="0.0.0.0/0"), {"Ref": "AWS::NoValue"})],
}


@pytest.mark.parametrize("case", LET_OUT)
def test_tasks_that_can_leave_or_may_are_silent(found, built, case):
    resources = built(TaskGroup={"SecurityGroupEgress": LET_OUT[case]})
    assert found("task-egress-blocks-443", resources, Parameters=PARAMETERS, Conditions=CONDITIONS) == []
