"""Private networks: the endpoints that were needed and no others, and what is refused."""

import re

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ssm as ssm
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.patterns import InvalidNetworkError, PrivateNetwork, WorkerService
from tests.synth.patterns import ZONES, findings, new_stack, options, synthesized
from tests.synth.template import text

pytestmark = pytest.mark.synth

ALWAYS = {"ecr.api", "ecr.dkr", "logs", "s3"}


def endpoints(stack):
    names = [text(each["ServiceName"]) for each in synthesized(stack).of_type("AWS::EC2::VPCEndpoint").values()]
    return {re.split(r'eu-west-1\.|, "\.', name)[-1].rstrip('"]}') for name in names}


def secrets(stack):
    parameter = ssm.StringParameter.from_secure_string_parameter_attributes(stack, "Token", parameter_name="/token")
    return {"TOKEN": ecs.Secret.from_ssm_parameter(parameter)}


def test_a_network_has_what_every_task_needs():
    stack = new_stack()
    PrivateNetwork(stack, "Network", availability_zones=ZONES)
    assert endpoints(stack) == ALWAYS


def test_a_task_with_secrets_and_exec_brings_its_endpoints():
    stack = new_stack()
    WorkerService(stack, "Service", **options(stack, secrets=secrets(stack), execute_command=True))
    assert endpoints(stack) == ALWAYS | {"secretsmanager", "ssm", "ssmmessages"}
    assert findings(stack) == set()


def test_private_apis_and_tables_are_reached_when_asked_for_and_once():
    stack = new_stack()
    network = PrivateNetwork(stack, "Network", availability_zones=ZONES)
    assert network.execute_api is network.execute_api
    network.reach_tables()
    network.reach_tables()
    assert endpoints(stack) == ALWAYS | {"execute-api", "dynamodb"}


def test_tables_of_other_accounts_are_not_reached():
    stack = new_stack()
    PrivateNetwork(stack, "Network", availability_zones=ZONES).reach_tables()
    found = synthesized(stack).of_type("AWS::EC2::VPCEndpoint")
    (policy,) = [each["PolicyDocument"] for name, each in found.items() if "DynamoDb" in name]
    (statement,) = policy["Statement"]
    assert statement["Resource"]["Fn::Join"][1][-2:] == [{"Ref": "AWS::AccountId"}, ":table/*"]


def test_two_networks_of_a_stack_have_two_log_groups():
    stack = new_stack()
    for name in ("One", "Two (b)"):
        PrivateNetwork(cdk.Stack.of(stack), name, availability_zones=ZONES)
    groups = synthesized(stack).of_type("AWS::Logs::LogGroup").values()
    assert {each["LogGroupName"] for each in groups} == {"/vpc/Default/One", "/vpc/Default/Two-b-"}


def test_zones_may_be_tokens_and_as_many_as_there_is_room_for():
    stack = new_stack()
    names = [cdk.CfnParameter(stack, f"Zone{number}").value_as_string for number in range(4)]
    PrivateNetwork(stack, "Network", availability_zones=names, cidr="10.0.0.0/22")
    zones = [each["AvailabilityZone"] for each in synthesized(stack).of_type("AWS::EC2::Subnet").values()]
    assert zones == [{"Ref": f"Zone{number}"} for number in range(4)]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"availability_zones": ["eu-west-1a"]}, r"availability_zones = \['eu-west-1a'\]: name two different zones"),
        ({"availability_zones": []}, r"availability_zones = \[\]: name two"),
        ({"availability_zones": ["a", "a"]}, r"availability_zones = \['a', 'a'\]: name two different"),
        ({"availability_zones": "eu-west-1a"}, "availability_zones = 'eu-west-1a' is no list"),
        ({"availability_zones": cdk.Fn.get_azs()}, "is no list of names: write each zone"),
        ({"cidr": "10.0.0.0"}, "cidr = '10.0.0.0' is not of /16"),
        ({"cidr": "10.0.0.1/16"}, "cidr = '10.0.0.1/16' is no range of IPv4 addresses: 10.0.0.1/16 has host bits set"),
        ({"cidr": "10.0.0.0/8"}, "cidr = '10.0.0.0/8' is not of /16 or less with room for 2 subnets of /24"),
        ({"cidr": "10.0.0.0/24"}, "cidr = '10.0.0.0/24' is not of /16 or less with room for 2 subnets"),
        ({"cidr": None}, "cidr = None is no range"),
    ],
)
def test_a_network_that_could_not_be_is_refused_with_its_value(given, message):
    stack = new_stack()
    with pytest.raises(InvalidNetworkError, match=message):
        PrivateNetwork(stack, "Network", **{"availability_zones": ZONES, **given})
    assert stack.node.children == []


@given(cidr=st.text(max_size=20))
def test_any_other_text_is_no_range(cidr):
    with pytest.raises(InvalidNetworkError, match="cidr = "):
        PrivateNetwork(None, "Network", availability_zones=ZONES, cidr=cidr)
