import pytest

PARAMETERS = {"Open": {"Type": "String"}, "Many": {"Type": "Number", "Default": 300}}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}
OTHER_VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.1.0.0/16"}}
NO_VALUE = {"Ref": "AWS::NoValue"}


def network(**changes):
    both = {"Subnets": [{"Ref": "A"}, {"Ref": "B"}], "SecurityGroups": [{"Ref": "TaskGroup"}], **changes}
    return {"NetworkConfiguration": {"AwsvpcConfiguration": both}}


@pytest.fixture
def says(found, built):
    """What a rule says of the changed resources."""
    return lambda rule, **changes: found(rule, built(**changes), Parameters=PARAMETERS, Conditions=CONDITIONS)


APART = {
    "target group": ({"Targets": {"VpcId": {"Ref": "Other"}}}, "target group `Targets` is in `Other`"),
    "security group": ({"TaskGroup": {"VpcId": {"Ref": "Other"}}}, "security group `TaskGroup` is in `Other`"),
    "subnet": ({"B": {"VpcId": {"Ref": "Other"}}}, "subnet `B` is in `Other`"),
    "an id": ({"Targets": {"VpcId": "vpc-0a1b2c3d"}}, "target group `Targets` is in `vpc-0a1b2c3d`"),
    "default VPC": (
        {"TaskGroup": {"VpcId": None}},
        "security group `TaskGroup` is in the account's default VPC",
    ),
}


@pytest.mark.parametrize("case", APART)
def test_parts_of_a_service_in_two_vpcs_are_an_error(says, case):
    changes, what = APART[case]
    assert says("vpc-mismatch", Other=OTHER_VPC, **changes) == [
        ("error", f"{what}, subnet `A` of the same service in `Vpc`")
    ]


def test_a_load_balancer_in_another_vpc_is_an_error(says):
    subnet = {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Other"}}}
    found = says("vpc-mismatch", Other=OTHER_VPC, C=subnet, Balancer={"Subnets": [{"Ref": "C"}]})
    assert found == [("error", "the load balancer's subnet `C` is in `Other`, subnet `A` of the same service in `Vpc`")]


TOGETHER = {
    "one VPC": {},
    "a parameter": {"Targets": {"VpcId": {"Ref": "Open"}}},
    "an import": {"TaskGroup": {"VpcId": {"Fn::ImportValue": "Vpc"}}},
    "never together": {
        "Other": OTHER_VPC,
        "Service": network(
            Subnets={"Fn::If": ["A", [{"Ref": "A"}], NO_VALUE]},
            SecurityGroups=[{"Fn::If": ["A", NO_VALUE, {"Ref": "OtherGroup"}]}],
        ),
        "OtherGroup": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": {"Ref": "Other"}}},
        "Targets": {"VpcId": {"Ref": "Open"}},
        "Balancer": {"Subnets": {"Ref": "Open"}},
    },
}


@pytest.mark.parametrize("case", TOGETHER)
def test_parts_that_are_or_may_be_in_one_vpc_are_silent(says, case):
    assert says("vpc-mismatch", **TOGETHER[case]) == []


MISSING = {
    "left out": {"NetworkConfiguration": None},
    "empty": {"NetworkConfiguration": {}},
    "without subnets": {"NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "ENABLED"}}},
    "under a condition": {"NetworkConfiguration": {"Fn::If": ["A", network()["NetworkConfiguration"], NO_VALUE]}},
}
WRITTEN = ["NetworkConfiguration", "AwsvpcConfiguration", "Subnets", "NetworkConfiguration"]


@pytest.mark.parametrize(("case", "name"), list(zip(MISSING, WRITTEN, strict=True)))
def test_awsvpc_without_subnets_is_an_error(says, case, name):
    message = f"service `Service` has no `{name}`, but its task definition `Task` uses the network mode `awsvpc`"
    assert says("network-configuration-missing", Service=MISSING[case]) == [("error", message)]


def test_fargate_without_subnets_is_an_error(says):
    found = says("network-configuration-missing", Service={"NetworkConfiguration": None, "TaskDefinition": "api:1"})
    assert found == [("error", "service `Service` has no `NetworkConfiguration`, but it runs on Fargate")]


SILENT = {
    "there": {},
    "bridge on EC2": {
        "Service": {"NetworkConfiguration": None, "LaunchType": "EC2"},
        "Task": {"NetworkMode": "bridge"},
    },
    "unknown": {"Service": {"NetworkConfiguration": {"Ref": "Open"}}},
    "a transform": {"Service": {"NetworkConfiguration": {"Fn::Transform": {"Name": "X"}}}},
    "task sets": {"Service": {"NetworkConfiguration": None, "DeploymentController": {"Type": "EXTERNAL"}}},
    "an unknown service": {"Service": {"NetworkConfiguration": None, "LaunchType": None, "TaskDefinition": "api:1"}},
}


@pytest.mark.parametrize("case", SILENT)
def test_a_network_that_is_there_or_not_needed_is_silent(says, case):
    assert says("network-configuration-missing", **SILENT[case]) == []


def test_a_raw_service_without_a_network_is_a_warning(report_of):
    report = report_of({"serviceName": "api", "taskDefinition": "api", "launchType": "FARGATE", "desiredCount": 1})
    found = [each for each in report.findings if each.rule == "network-configuration-missing"]
    assert [(each.severity, each.message) for each in found] == [
        ("warning", "service `api` has no `NetworkConfiguration`, but it runs on Fargate")
    ]


LIMITS = {
    "six security groups": (
        network(SecurityGroups=[f"sg-{n}" for n in range(6)]),
        "6 security groups; ECS takes 0 to 5",
    ),
    "seventeen subnets": (network(Subnets=[f"subnet-{n}" for n in range(17)]), "17 subnets; ECS takes 1 to 16"),
    "no subnet": (network(Subnets=[]), "0 subnets; ECS takes 1 to 16"),
}


@pytest.mark.parametrize("case", LIMITS)
def test_too_many_or_too_few_are_an_error(says, case):
    service, message = LIMITS[case]
    assert says("awsvpc-limits", Service=service) == [("error", f"service `Service` names {message}")]


def test_numbers_within_the_limits_and_conditional_ones_are_silent(says):
    groups = [f"sg-{n}" for n in range(5)]
    sixth = {"Fn::If": ["A", "sg-5", NO_VALUE]}
    assert says("awsvpc-limits", Service=network(SecurityGroups=[*groups, sixth])) == []
    assert says("awsvpc-limits", Service=network(Subnets=[f"subnet-{n}" for n in range(16)])) == []
    assert says("awsvpc-limits", Service=network(Subnets={"Ref": "Open"})) == []


TINY = {"A": {"CidrBlock": "10.0.0.0/28"}, "B": {"CidrBlock": "10.0.0.16/28"}}


def test_more_tasks_than_addresses_are_a_warning(says):
    message = (
        "the subnets of service `Service` have 22 free addresses, but a deployment runs up to 24 tasks (200 % of 12)"
    )
    assert says("subnet-ip-exhaustion", Service={"DesiredCount": 12}, **TINY) == [("warning", message)]


ROOMY = {
    "enough": {"DesiredCount": 11},
    "as texts, with less during deployments": {
        "DesiredCount": "12",
        "DeploymentConfiguration": {"MaximumPercent": "150"},
    },
    "unknown count": {"DesiredCount": {"Ref": "Open"}},
    "unknown percent": {"DesiredCount": 12, "DeploymentConfiguration": {"Ref": "Open"}},
    "other subnets": {"DesiredCount": 300, **network(Subnets=[{"Ref": "A"}, "subnet-0a1b2c3d"])},
}


@pytest.mark.parametrize("case", ROOMY)
def test_subnets_that_suffice_or_are_not_known_are_silent(says, case):
    assert says("subnet-ip-exhaustion", Service=ROOMY[case], **TINY) == []


@pytest.fixture
def not_after(found, built):
    """What a rule says when the service does not depend on some resources."""

    def check(rule, *names, **changes):
        resources = built(**changes)
        resources["Service"]["DependsOn"] = [each for each in resources["Service"]["DependsOn"] if each not in names]
        return found(rule, resources, Parameters=PARAMETERS)

    return check


def test_a_service_that_may_come_before_its_routes_is_a_warning(not_after):
    message = "service `Service` does not depend on `DefaultRoute`, without which its tasks cannot start"
    assert not_after("route-created-after-service", "DefaultRoute") == [("warning", message)]
    assert not_after("route-created-after-service") == []


def test_a_service_that_may_come_before_its_endpoints_is_a_warning(not_after):
    message = (
        "service `Service` does not depend on `EcrApi`, `EcrDkr`, `Logs`, `S3` and 1 more, without which its tasks "
        "cannot start"
    )
    assert not_after("route-created-after-service", isolated=True) == [("warning", message)]


def test_routes_that_no_task_needs_are_silent(not_after):
    unknown = {"ContainerDefinitions": [{"Name": "api", "Image": {"Ref": "Open"}}]}
    assert not_after("route-created-after-service", "DefaultRoute", Task=unknown) == []


def test_a_service_that_may_come_before_the_rule_that_opens_it_is_a_warning(not_after):
    message = (
        "service `Service` does not depend on `FromBalancer`, through which load balancer `Balancer` reaches its port "
        "8000"
    )
    assert not_after("ingress-rule-created-after-service", "FromBalancer") == [("warning", message)]
    assert not_after("ingress-rule-created-after-service") == []


def test_a_rule_in_the_group_itself_makes_the_other_needless(not_after):
    own = [{"IpProtocol": "tcp", "FromPort": 8000, "ToPort": 8000, "CidrIp": "0.0.0.0/0"}]
    changes = {"TaskGroup": {"SecurityGroupIngress": own}}
    assert not_after("ingress-rule-created-after-service", "FromBalancer", **changes) == []


def test_dependencies_through_others_count(not_after):
    waiting = {"Type": "AWS::ECS::Cluster", "DependsOn": ["FromBalancer"]}
    changes = {"Cluster": waiting, "Service": {"Cluster": {"Ref": "Cluster"}}}
    assert not_after("ingress-rule-created-after-service", "FromBalancer", **changes) == []
