from tests.unit.rules.permissions import PARAMETERS, SECRETS, allow, attached, on_fargate, role

RULE = "policy-created-after-service"


def resources(execution_role=None, statement=None, **service):
    policy = attached("Policy", statement or allow("ssm:GetParameters"), Roles=[{"Ref": "Role"}])
    properties = {"TaskDefinition": {"Ref": "Task"}}
    others = {"Policy": policy, "Service": {"Type": "AWS::ECS::Service", "Properties": properties, **service}}
    return on_fargate(execution_role or role(), others, Secrets=SECRETS)


def test_a_policy_that_is_needed_and_not_waited_for_is_a_hazard(found):
    message = (
        "service `Service` does not wait for policy `Policy`, which lets execution role `Role` "
        "read `/api/token` for `TOKEN`"
    )
    assert found(RULE, resources()) == [("warning", message)]


def test_waiting_is_right(found):
    assert found(RULE, resources(DependsOn=["Policy"])) == []


def test_a_policy_that_is_not_alone_is_no_hazard(found):
    inline = role(allow("ssm:*"))
    managed = role(ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"])
    unknown = role(ManagedPolicyArns=[{"Ref": "Open"}])
    for each in (inline, managed, unknown):
        assert found(RULE, resources(each), Parameters=PARAMETERS) == []


def test_a_policy_for_other_things_is_no_hazard(found):
    assert found(RULE, resources(statement=allow("sqs:SendMessage"))) == []
