"""Ports that are tokens, and what is none."""

import aws_cdk as cdk
import pytest

from roadworthy.patterns import HealthCheck, HttpService, TcpService
from roadworthy.patterns.values import is_token
from tests.synth.patterns import new_stack, options, synthesized

pytestmark = pytest.mark.synth


def number(stack, id):
    return cdk.CfnParameter(stack, id, type="Number").value_as_number


def opened(template):
    """The parameters whose ports the tasks let in."""
    rules = [
        one["Properties"] for one in template.resources.values() if one["Type"] == "AWS::EC2::SecurityGroupIngress"
    ]
    return {one["FromPort"]["Ref"] for one in rules if isinstance(one["FromPort"], dict)}


@pytest.mark.parametrize("pattern", [HttpService, TcpService])
def test_the_load_balancer_reaches_the_port_of_the_checks_where_both_ports_are_tokens(pattern):
    stack = new_stack()
    check = HealthCheck.http("/health", probe=None, port=number(stack, "Checks"))
    pattern(stack, "Service", port=number(stack, "Traffic"), health_check=check, **options(stack))
    assert opened(synthesized(stack)) == {"Checks", "Traffic"}


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 10**400, (), b"", object(), {"a": 1}, [], ["a", 1], None]
)
def test_what_cdk_cannot_read_is_no_token(value):
    assert not is_token(value)
