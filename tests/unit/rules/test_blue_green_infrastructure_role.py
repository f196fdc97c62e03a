import pytest

from tests.unit.rules.permissions import PARAMETERS, allow, role

RULE = "blue-green-infrastructure-role"
ECS = "ecs.amazonaws.com"
POLICY = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
VOLUMES = "arn:aws:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForVolumes"
START = "role `Role`, which service `Service` gives ECS for its load balancer,"


def shifting(execution_role):
    entry = {"ContainerName": "api", "AdvancedConfiguration": {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}}
    service = {"Type": "AWS::ECS::Service", "Properties": {"LoadBalancers": [entry]}}
    return {"Service": service, "Role": execution_role}


def with_volume(execution_role):
    entry = {"Name": "data", "ManagedEBSVolume": {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}}
    service = {"Type": "AWS::ECS::Service", "Properties": {"VolumeConfigurations": [entry]}}
    return {"Service": service, "Role": execution_role}


def test_tasks_are_not_ecs(found):
    message = f"{START} lets `ecs-tasks.amazonaws.com` assume it, not `ecs.amazonaws.com`"
    assert found(RULE, shifting(role(ManagedPolicyArns=[POLICY]))) == [("error", message)]


def test_missing_permissions_are_named(found):
    given = role(allow("elasticloadbalancing:Describe*"), allow("elasticloadbalancing:ModifyListener"), trust=ECS)
    message = (
        f"{START} has no permission `elasticloadbalancing:RegisterTargets` and `elasticloadbalancing:DeregisterTargets`"
    )
    assert found(RULE, shifting(given)) == [("error", message)]


def test_volumes_need_their_own(found):
    message = (
        "role `Role`, which service `Service` gives ECS for its volumes, has no permission "
        "`ec2:CreateVolume` and `ec2:AttachVolume`"
    )
    assert found(RULE, with_volume(role(trust=ECS, ManagedPolicyArns=[POLICY]))) == [("error", message)]
    assert found(RULE, with_volume(role(trust=ECS, ManagedPolicyArns=[VOLUMES]))) == []


ENOUGH = {
    "managed": role(trust=ECS, ManagedPolicyArns=[POLICY]),
    "own": role(allow("elasticloadbalancing:*"), trust=[ECS, "ecs-tasks.amazonaws.com"]),
    "unknown": role(trust={"Ref": "Open"}, ManagedPolicyArns=[{"Ref": "Open"}]),
}


@pytest.mark.parametrize("case", ENOUGH)
def test_what_may_be_enough_is_silent(found, case):
    assert found(RULE, shifting(ENOUGH[case]), Parameters=PARAMETERS) == []
