"""Contract: security group rules, flow logs, NAT gateways and a VPC's attributes from a template."""

import pytest

from tests.local.templates import att, network, ref, resource, role

pytestmark = pytest.mark.e2e


def rule(**properties):
    return resource(
        "EC2::SecurityGroupEgress", GroupId=ref("Group"), IpProtocol="tcp", FromPort=80, ToPort=80, **properties
    )


def test_an_egress_rule_replaces_the_default_allow_all(aws, deploy):
    resources = {**network(), "Rule": rule(CidrIp="10.0.0.0/16")}
    stack = deploy(resources, group=att("Group", "GroupId"))
    group = aws.client("ec2").describe_security_groups(GroupIds=[stack["group"]])["SecurityGroups"][0]
    assert [one["IpRanges"] for one in group["IpPermissionsEgress"]] == [[{"CidrIp": "10.0.0.0/16"}]]


def test_a_deleted_ingress_rule_is_gone(aws, deploy):
    ingress = resource("EC2::SecurityGroupIngress", GroupId=ref("Group"), IpProtocol="-1", CidrIp="10.1.0.0/16")
    stack = deploy({**network(), "Rule": ingress}, group=att("Group", "GroupId"))
    name = stack["group"]
    stack.update(network(), {"group": att("Group", "GroupId")})
    assert aws.client("ec2").describe_security_groups(GroupIds=[name])["SecurityGroups"][0]["IpPermissions"] == []


def test_a_rule_of_an_unknown_group_fails_the_stack(deploy):
    unknown = resource("EC2::SecurityGroupIngress", GroupId="sg-0", IpProtocol="-1", CidrIp="10.1.0.0/16")
    with pytest.raises(Exception, match="The security group 'sg-0' does not exist"):
        deploy({"Rule": unknown})


def test_a_vpc_answers_its_range(deploy):
    assert deploy(network(), range=att("Vpc", "CidrBlock"))["range"] == "10.0.0.0/16"


def test_a_flow_log_is_recorded(aws, deploy):
    flow_log = resource(
        "EC2::FlowLog", ResourceId=ref("Vpc"), ResourceType="VPC", TrafficType="ALL", LogGroupName="/vpc",
        DeliverLogsPermissionArn=att("FlowRole", "Arn"),
    )  # fmt: skip
    stack = deploy({**network(), "FlowRole": role("vpc-flow-logs"), "Flow": flow_log}, id=ref("Flow"))
    assert stack["id"] in [one["FlowLogId"] for one in aws.client("ec2").describe_flow_logs()["FlowLogs"]]


def test_a_nat_gateway_has_its_address(aws, deploy):
    address = resource("EC2::EIP", Domain="vpc")
    gateway = resource("EC2::NatGateway", SubnetId=ref("Subnet"), AllocationId=att("Address", "AllocationId"))
    stack = deploy({**network(), "Address": address, "Nat": gateway}, nat=ref("Nat"), address=ref("Address"))
    found = aws.client("ec2").describe_nat_gateways(NatGatewayIds=[stack["nat"]])["NatGateways"]
    assert found[0]["SubnetId"].startswith("subnet-")
