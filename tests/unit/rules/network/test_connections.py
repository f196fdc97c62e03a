import pytest

GROUP = "AWS::EC2::SecurityGroup"
OPEN = {"Open": {"Type": "String"}, "Port": {"Type": "Number", "Default": 80}}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}
IN = "lb-to-task-port-blocked"
NLB = "nlb-target-sg-closed"
OUT = "lb-egress-blocks-task"
ZONE = "lb-az-not-enabled"


def tcp(port, **peer):
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peer}


def rules(direction, *entries):
    return {f"SecurityGroup{direction}": list(entries)}


def from_balancer(**changes):
    return {"FromBalancer": {"SourceSecurityGroupId": None, **changes}}


@pytest.fixture
def says(found, built):
    """What a rule says of the changed resources."""
    return lambda rule, **changes: found(rule, built(**changes), Parameters=OPEN, Conditions=CONDITIONS)


@pytest.fixture
def behind_nlb(says):
    """What is said of the tasks' group behind a Network Load Balancer without security groups."""

    def check(**changes):
        balancer = {"Type": "network", "SecurityGroups": None}
        return says(NLB, Balancer={**balancer, **changes.pop("Balancer", {})}, **changes)

    return check


BLOCKED = {
    "no rule": {"FromBalancer": None},
    "another port": {"FromBalancer": {"FromPort": 80, "ToPort": 80}},
    "another group": {"FromBalancer": {"SourceSecurityGroupId": {"Ref": "TaskGroup"}}},
    "another protocol": {"FromBalancer": {"IpProtocol": "udp"}},
    "a range elsewhere": from_balancer(CidrIp="192.168.0.0/16"),
    "its own group alone": {
        "FromBalancer": None,
        "TaskGroup": rules("Ingress", tcp(8000, SourceSecurityGroupId={"Ref": "TaskGroup"})),
    },
}
OPENED = {
    "from the group": {},
    "from the group by its attribute": from_balancer(
        SourceSecurityGroupId={"Fn::GetAtt": ["BalancerGroup", "GroupId"]}
    ),
    "from everywhere": from_balancer(CidrIp="0.0.0.0/0"),
    "from the load balancer's subnets": from_balancer(CidrIp="10.0.0.0/23"),
    "from one of its subnets": from_balancer(CidrIp="10.0.1.0/24"),
    "all ports": {"FromBalancer": {"IpProtocol": "-1", "FromPort": None, "ToPort": None}},
    "a range of ports as texts": {"FromBalancer": {"FromPort": "1024", "ToPort": "65535"}},
    "an unknown port": {"FromBalancer": {"FromPort": {"Ref": "Open"}}},
    "the port by a default or an unknown one": {
        "FromBalancer": {"FromPort": {"Ref": "Port"}, "ToPort": {"Ref": "Open"}},
    },
    "an unknown range": from_balancer(CidrIp={"Ref": "Open"}),
    "a prefix list": from_balancer(SourcePrefixListId="pl-1"),
    "an id": from_balancer(SourceSecurityGroupId="sg-0a1b2c3d"),
    "an unknown list": {"FromBalancer": None, "TaskGroup": {"SecurityGroupIngress": {"Ref": "Open"}}},
    "a rule under a condition": {
        "FromBalancer": {
            "Type": "AWS::EC2::SecurityGroupIngress",
            "Condition": "A",
            "Properties": {"GroupId": {"Ref": "TaskGroup"}, **tcp(8000, CidrIp="0.0.0.0/0")},
        }
    },
    "a rule for a group that cannot be told": {"FromBalancer": {"GroupId": {"Fn::Select": [0, {"Ref": "Open"}]}}},
    "a group in foreign hands": {
        "FromBalancer": None,
        "Custom": {"Type": "Custom::Rules", "Properties": {"Group": {"Ref": "TaskGroup"}}},
    },
    "a macro": {"FromBalancer": None, "Fn::Transform": {"Type": "x"}},
    "a load balancer in the default group": {"Balancer": {"SecurityGroups": None}},
    "a listener of another stack": {"FromBalancer": None, "Listener": None},
}


@pytest.mark.parametrize("case", BLOCKED)
def test_a_load_balancer_that_is_not_let_in_is_an_error(says, case):
    message = "security group `TaskGroup` does not let load balancer `Balancer` in on port 8000 of service `Service`"
    assert says(IN, **BLOCKED[case]) == [("error", message)]


def test_a_load_balancer_that_is_let_in_on_another_port_by_a_default_is_a_warning(says):
    message = "security group `TaskGroup` does not let load balancer `Balancer` in on port 8000 of service `Service`"
    opened = {"FromBalancer": {"FromPort": {"Ref": "Port"}, "ToPort": {"Ref": "Port"}}}
    assert says(IN, **opened) == [("warning", f"{message} (by the default of parameter `Port`)")]


@pytest.mark.parametrize("case", OPENED)
def test_a_load_balancer_that_is_let_in_or_may_be_is_silent(says, case):
    assert says(IN, **OPENED[case]) == []


def test_the_health_checks_port_is_looked_at_as_well(says):
    found = says(IN, Targets={"HealthCheckPort": "8081"})
    message = (
        "security group `TaskGroup` does not let load balancer `Balancer` in on port 8081 of service `Service` for "
        "health checks"
    )
    assert found == [("error", message)]
    assert says(IN, Targets={"HealthCheckPort": "traffic-port"}) == []


def test_a_port_by_a_parameters_default_is_a_warning(says):
    entry = {"ContainerName": "api", "ContainerPort": {"Ref": "Port"}, "TargetGroupArn": {"Ref": "Targets"}}
    assert [severity for severity, _ in says(IN, Service={"LoadBalancers": [entry]})] == ["warning"]


def test_a_rule_of_a_listener_forwards_as_well(says):
    rule = {"ListenerArn": {"Ref": "Listener"}, "Actions": [{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}]}
    resources = {"Rule": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": rule}}
    found = says(IN, FromBalancer=None, Listener={"DefaultActions": []}, **resources)
    assert [severity for severity, _ in found] == ["error"]


def test_a_network_load_balancer_comes_from_its_subnets(behind_nlb):
    message = (
        "security group `TaskGroup` does not let Network Load Balancer `Balancer` in on port 8000 of service `Service`"
    )
    assert behind_nlb(FromBalancer=None) == [("error", message)]
    assert behind_nlb(**from_balancer(CidrIp="192.0.2.0/24")) == [("error", message)]
    assert behind_nlb() == [("error", message)]  # another group cannot be where it comes from


NLB_OPENED = {
    "from the VPC": from_balancer(CidrIp="10.0.0.0/16"),
    "from everywhere": from_balancer(CidrIp="0.0.0.0/0"),
    "from its subnets, of which one is not known": {
        **from_balancer(CidrIp="192.0.2.0/24"),
        "Balancer": {"Subnets": [{"Ref": "A"}, {"Ref": "Open"}]},
    },
    "with a group": {"Balancer": {"SecurityGroups": [{"Ref": "BalancerGroup"}]}},
}


@pytest.mark.parametrize("case", NLB_OPENED)
def test_a_network_load_balancer_that_is_let_in_or_may_be_is_silent(behind_nlb, case):
    assert behind_nlb(**NLB_OPENED[case]) == []


KEPT_IN = {
    "another port": rules("Egress", tcp(80, CidrIp="0.0.0.0/0")),
    "another group": rules("Egress", tcp(8000, DestinationSecurityGroupId={"Ref": "BalancerGroup"})),
    "another range": rules("Egress", tcp(8000, CidrIp="10.0.7.0/24")),
    "CDK's rule for nothing": rules(
        "Egress", {"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32"}
    ),
}
LET_OUT = {
    "to the group": {},
    "without an outbound rule": {"SecurityGroupEgress": None},
    "to one of the subnets": rules("Egress", tcp(8000, CidrIp="10.0.0.0/24")),
    "to a prefix list": rules("Egress", tcp(8000, DestinationPrefixListId="pl-1")),
    "to an unknown group": rules("Egress", tcp(8000, DestinationSecurityGroupId={"Ref": "Open"})),
}


@pytest.mark.parametrize("case", KEPT_IN)
def test_a_load_balancer_that_is_not_let_out_is_an_error(says, case):
    message = (
        "security group `BalancerGroup` does not let load balancer `Balancer` out to port 8000 of service `Service`"
    )
    assert says(OUT, BalancerGroup=KEPT_IN[case]) == [("error", message)]


@pytest.mark.parametrize("case", LET_OUT)
def test_a_load_balancer_that_is_let_out_or_may_be_is_silent(says, case):
    assert says(OUT, BalancerGroup=LET_OUT[case]) == []


def at(number, region=""):
    return {"AvailabilityZone": {"Fn::Select": [number, {"Fn::GetAZs": region}]}}


def only_in(*subnets):
    return {"Balancer": {"Subnets": [{"Ref": name} for name in subnets]}}


def test_a_zone_without_the_load_balancer_is_an_error(says):
    message = (
        "service `Service` starts tasks in subnet `B`, in zone number 1 of the region's, where its load balancer "
        "`Balancer` has no subnet"
    )
    assert says(ZONE, **only_in("A")) == [("error", message)]


def test_zones_are_compared_by_name_as_well(says):
    zones = {"A": {"AvailabilityZone": "eu-west-1a"}, "B": {"AvailabilityZone": "eu-west-1b"}}
    ((severity, message),) = says(ZONE, **zones, **only_in("A"))
    assert (severity, "in zone `eu-west-1b`" in message) == ("error", True)


ENABLED = {
    "the same subnets": {},
    "the same zone": {"B": at(0), **only_in("A")},
    "the same region": {"B": at(0, {"Ref": "AWS::Region"}), **only_in("A")},
    "a name and a number": {"B": {"AvailabilityZone": "eu-west-1b"}, **only_in("A")},
    "numbers of two lists": {"B": at(1, "eu-west-1"), **only_in("A")},
    "an unknown zone": {"B": {"AvailabilityZone": {"Ref": "Open"}}, **only_in("A")},
    "no zone": {"B": {"AvailabilityZone": None}, **only_in("A")},
    "an unknown subnet of the load balancer": only_in("A", "Open"),
    "mapped subnets": {"Balancer": {"Subnets": None, "SubnetMappings": [{"SubnetId": {"Ref": name}} for name in "AB"]}},
}


@pytest.mark.parametrize("case", ENABLED)
def test_zones_that_are_enabled_or_may_be_are_silent(says, case):
    assert says(ZONE, **ENABLED[case]) == []
