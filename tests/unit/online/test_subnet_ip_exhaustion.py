import pytest

RULE = "subnet-ip-exhaustion"


@pytest.fixture
def small(client):
    """A subnet of 16 addresses, of which AWS keeps 5: 11 are free."""
    vpc = client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def build(number):
        answer = client("ec2").create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/28")
        return answer["Subnet"]["SubnetId"]

    return build


@pytest.fixture
def messages(found, task, service):
    def check(subnets, parameters=None, **properties):
        network = {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": subnets}}}
        resources = {**task(), **service(**network, **properties)}
        findings = found(resources, **({"Parameters": parameters} if parameters else {}))
        assert {(rule, severity) for rule, severity, _ in findings} <= {(RULE, "warning")}
        return [message for _, _, message in findings]

    return check


def short(needed, free, *subnets):
    names = ", ".join(f"`{subnet}`" for subnet in sorted(subnets))
    return f"a deployment of service `Api` needs {needed} free addresses, but its subnets {names} have {free}"


def test_a_deployment_that_fits_is_right(messages, small):
    assert messages([small(0)], DesiredCount=11) == []


def test_a_deployment_that_does_not_fit_is_a_warning(messages, small):
    subnet = small(0)
    assert messages([subnet], DesiredCount=12) == [short(12, 11, subnet)]


def test_subnets_count_together(messages, small):
    subnets = [small(0), small(1)]
    assert messages(subnets, DesiredCount=22) == []
    assert messages(subnets, DesiredCount="23") == [short(23, 22, *subnets)]


def test_a_running_service_may_replace_its_tasks_by_a_few(messages, small):
    subnet = small(0)
    assert messages([subnet], DesiredCount=20, DeploymentConfiguration={"MaximumPercent": 150}) == []
    assert messages([subnet], DesiredCount=20, DeploymentConfiguration={"MaximumPercent": 100}) == []
    assert messages([subnet], DesiredCount=24, DeploymentConfiguration={"MaximumPercent": 150}) == [
        short(12, 11, subnet)
    ]


@pytest.mark.parametrize("count", [None, {"Ref": "Count"}, {"Fn::GetAtt": ["Task", "X"]}, 0, "many"])
def test_a_count_that_is_not_known_is_silent(messages, small, count):
    properties = {} if count is None else {"DesiredCount": count}
    assert messages([small(0)], parameters={"Count": {"Type": "Number"}}, **properties) == []


@pytest.mark.parametrize("other", [{"Ref": "Subnet"}, "subnet-xyz", "<SUBNET>", "subnet-0123456789abcdef0", None])
def test_subnets_that_are_not_known_are_silent(messages, small, other):
    assert messages([small(0), other], parameters={"Subnet": {"Type": "String"}}, DesiredCount=500) == []


@pytest.mark.parametrize("subnets", [{"Ref": "Subnets"}, "subnet-1", [], None])
def test_a_list_that_is_not_known_is_silent(messages, subnets):
    parameters = {"Subnets": {"Type": "List<AWS::EC2::Subnet::Id>"}}
    assert messages(subnets, parameters=parameters, DesiredCount=500) == []


def test_a_lacking_permission_is_named(found, task, service, deny):
    deny("ec2", "describe_subnets", code="UnauthorizedOperation")
    network = {"AwsvpcConfiguration": {"Subnets": ["subnet-0123456789abcdef0"]}}
    findings = found({**task(), **service(NetworkConfiguration=network, DesiredCount=1)})
    arn = "arn:aws:ec2:eu-west-1:123456789012:subnet/*"
    message = f"could not check `{RULE}`: the caller lacks ec2:DescribeSubnets on {arn}"
    assert findings == [("online-check-skipped", "warning", message)]
