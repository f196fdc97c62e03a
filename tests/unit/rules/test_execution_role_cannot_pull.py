import pytest

from tests.unit.rules.permissions import ECR, PARAMETERS, allow, attached, on_fargate, role

RULE = "execution-role-cannot-pull"
STANDARD = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
PULL = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
REPOSITORY = {"Fn::Sub": "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/api"}
LACKING = {
    "nothing": (role(), "ecr:GetAuthorizationToken"),
    "only the token": (role(allow("ecr:GetAuthorizationToken")), "ecr:BatchGetImage"),
    "no layers": (role(allow(PULL[:2])), "ecr:GetDownloadUrlForLayer"),
    "another repository": (
        role(allow(PULL[0]), allow("ecr:*", "arn:aws:ecr:eu-west-1:123456789012:repository/other")),
        "ecr:BatchGetImage",
    ),
    "denied": (role(allow("*"), {"Effect": "Deny", "Action": "ecr:Batch*", "Resource": "*"}), "ecr:BatchGetImage"),
    "another managed policy": (
        role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonSQSFullAccess"]),
        "ecr:GetAuthorizationToken",
    ),
}
ENOUGH = {
    "the managed policy": role(ManagedPolicyArns=[STANDARD]),
    "in any partition": role(ManagedPolicyArns=[{"Fn::Sub": STANDARD.replace("arn:aws", "arn:${AWS::Partition}")}]),
    "the pull-only policy": role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"]),
    "wildcards": role(allow(["ecr:Get*", "ecr:BatchGet?mage"])),
    "any case": role(allow("ECR:*")),
    "this repository": role(allow(PULL[0]), allow(PULL[1:], REPOSITORY)),
    "a condition": role(allow("ecr:*", Condition={"StringEquals": {"aws:RequestedRegion": "x"}})),
    "NotAction": role({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    "NotResource": role({"Effect": "Allow", "Action": "ecr:*", "NotResource": "x"}),
    "an unknown managed policy": role(ManagedPolicyArns=["arn:aws:iam::aws:policy/Unheard"]),
    "a customer's policy": role(ManagedPolicyArns=["arn:aws:iam::123456789012:policy/pull"]),
    "a list from a parameter": role(ManagedPolicyArns={"Ref": "Open"}),
    "an imported policy": role(ManagedPolicyArns=[{"Fn::ImportValue": "policy"}]),
    "an unknown document": role(Policies=[{"PolicyName": "p", "PolicyDocument": {"Ref": "Open"}}]),
    "an unknown action": role(allow({"Ref": "Open"})),
    "an unknown resource": role(allow("ecr:*", {"Ref": "Open"})),
    "a macro": role(Policies={"Fn::Transform": {"Name": "AWS::Include"}}),
}


@pytest.mark.parametrize("case", LACKING)
def test_the_first_permission_that_is_missing_is_named(found, case):
    execution_role, action = LACKING[case]
    message = (
        f"execution role `Role` has no permission `{action}` to pull `….dkr.ecr.….amazonaws.com/api:82f44fb` "
        "for container `api`"
    )
    assert found(RULE, on_fargate(execution_role, Image=ECR)) == [("error", message)]


@pytest.mark.parametrize("case", ENOUGH)
def test_what_may_be_enough_is_silent(found, case):
    assert found(RULE, on_fargate(ENOUGH[case], Image=ECR), Parameters=PARAMETERS) == []


ATTACHED = {
    "by a policy": attached("Policy", allow("ecr:*"), Roles=[{"Ref": "Role"}]),
    "by a managed policy": attached("ManagedPolicy", allow("ecr:*"), Roles=[{"Ref": "Role"}]),
    "by a role policy": attached("RolePolicy", allow("ecr:*"), RoleName={"Ref": "Role"}),
    "by name": attached("Policy", allow("ecr:*"), Roles=["the-role"]),
    "perhaps": attached("Policy", allow("sqs:*"), Roles=[{"Ref": "Open"}]),
}


@pytest.mark.parametrize("case", ATTACHED)
def test_policies_that_attach_themselves_count(found, case):
    resources = on_fargate(role(RoleName="the-role"), {"Policy": ATTACHED[case]}, Image=ECR)
    assert found(RULE, resources, Parameters=PARAMETERS) == []


def test_a_managed_policy_of_the_template_counts(found):
    execution_role = role(ManagedPolicyArns=[{"Ref": "Policy"}])
    resources = on_fargate(execution_role, {"Policy": attached("ManagedPolicy", allow("ecr:*"))}, Image=ECR)
    assert found(RULE, resources) == []


def test_another_roles_policy_does_not_count(found):
    policy = attached("Policy", allow("ecr:*"), Roles=[{"Ref": "Other"}])
    resources = on_fargate(role(), {"Policy": policy, "Other": role()}, Image=ECR)
    assert [severity for severity, _ in found(RULE, resources)] == ["error"]


def test_a_repository_with_a_policy_of_its_own_may_let_the_role_pull(found):
    repository = {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryPolicyText": {"Statement": []}}}
    image = {"Fn::Sub": "${Repository.RepositoryUri}:1"}
    resources = on_fargate(role(allow("ecr:GetAuthorizationToken")), {"Repository": repository}, Image=image)
    assert found(RULE, resources) == []


def test_a_grant_on_another_repository_of_the_template_is_none(found):
    repositories = {name: {"Type": "AWS::ECR::Repository"} for name in ("Repository", "Other")}
    grant = allow("ecr:*", {"Fn::GetAtt": ["Other", "Arn"]})
    image = {"Fn::Sub": "${Repository.RepositoryUri}:1"}
    resources = on_fargate(role(allow("ecr:GetAuthorizationToken"), grant), repositories, Image=image)
    assert [severity for severity, _ in found(RULE, resources)] == ["error"]
    resources["Role"] = role(allow("ecr:GetAuthorizationToken"), allow("ecr:*", {"Fn::GetAtt": "Repository.Arn"}))
    assert found(RULE, resources) == []


def test_instances_pull_with_their_own_role(found):
    resources = on_fargate(role(), Image=ECR)
    del resources["Task"]["Properties"]["RequiresCompatibilities"]
    assert found(RULE, resources) == []
