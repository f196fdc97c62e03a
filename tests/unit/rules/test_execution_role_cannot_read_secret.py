import pytest

from tests.unit.rules.permissions import PARAMETERS, SECRET_ARN, SECRETS, allow, on_fargate, role

RULE = "execution-role-cannot-read-secret"
DATABASE = {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "app/db"}}
OTHER = {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "app/other"}}
KEY = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": []}}}

LACKING = {
    "the plural is missing": (
        "/api/token",
        allow("ssm:GetParameter"),
        "`ssm:GetParameters` to read `/api/token` for `S`, only `ssm:GetParameter`",
    ),
    "another path": (
        "/api/token",
        allow("ssm:GetParameters", "arn:aws:ssm:*:*:parameter/web/*"),
        "`ssm:GetParameters` to read `/api/token` for `S`, only on other resources",
    ),
    "another path than that of a parameter of the template": (
        {"Ref": "Named"},
        allow("ssm:GetParameters", "arn:aws:ssm:*:*:parameter/web/*"),
        "`ssm:GetParameters` to read `${Named}` for `S`, only on other resources",
    ),
    "no suffix in the policy": (
        {"Ref": "Secret"},
        allow("secretsmanager:GetSecretValue", SECRET_ARN.removesuffix("-a1B2c3")),
        "`secretsmanager:GetSecretValue` to read `${Secret}` for `S`, only on other resources",
    ),
    "no suffix on both sides": (
        SECRET_ARN.removesuffix("-a1B2c3"),
        allow("secretsmanager:GetSecretValue", SECRET_ARN.removesuffix("-a1B2c3")),
        f"`secretsmanager:GetSecretValue` to read `{SECRET_ARN.removesuffix('-a1B2c3')}` for `S`, "
        "only on other resources",
    ),
    "another secret": (
        {"Fn::Sub": "${Secret}:password::"},
        allow("secretsmanager:*", {"Ref": "Other"}),
        "`secretsmanager:GetSecretValue` to read `${Secret}:password::` for `S`, only on other resources",
    ),
    "only describing": (
        SECRET_ARN,
        allow("secretsmanager:DescribeSecret"),
        f"`secretsmanager:GetSecretValue` to read `{SECRET_ARN}` for `S`",
    ),
}
ENOUGH = {
    "by reference": (
        {"Fn::Sub": "${Secret}:password::"},
        allow("secretsmanager:GetSecretValue", {"Ref": "Secret"}),
    ),
    "by Id": ({"Ref": "Secret"}, allow("secretsmanager:*", {"Fn::GetAtt": ["Secret", "Id"]})),
    "with ??????": ({"Ref": "Secret"}, allow("secretsmanager:*", SECRET_ARN.replace("a1B2c3", "??????"))),
    "with *": (SECRET_ARN + ":k::", allow("secretsmanager:*", "arn:aws:secretsmanager:*:*:secret:app/*")),
    "the ARN itself": (SECRET_ARN, allow("secretsmanager:GetSecretValue", [SECRET_ARN])),
    "a partial ARN": (SECRET_ARN.removesuffix("-a1B2c3"), allow("secretsmanager:*", SECRET_ARN + "*")),
    "all parameters": ("/api/token", allow("ssm:Get*", {"Fn::Sub": "arn:aws:ssm:${AWS::Region}:*:parameter/*"})),
    "a parameter of the template": (
        {"Ref": "Token"},
        allow("ssm:*", {"Fn::Sub": "arn:aws:ssm:*:*:parameter/${Token}"}),
    ),
    "the path of a parameter of the template": ({"Ref": "Named"}, allow("ssm:*", "arn:aws:ssm:*:*:parameter/api/*")),
    "a parameter without a name": ({"Ref": "Token"}, allow("ssm:*", "arn:aws:ssm:*:*:parameter/api/*")),
    "with a leading slash": ("api/token", allow("ssm:*", "arn:aws:ssm:eu-west-1:123456789012:parameter/api/token")),
    "unknown": ({"Ref": "Open"}, allow("sqs:*")),
    "imported": ({"Fn::ImportValue": "secret"}, allow("sqs:*")),
}


def reading(value, statement):
    token = {"Type": "AWS::SSM::Parameter", "Properties": {"Value": "x"}}
    named = {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/api/token", "Value": "x"}}
    others = {"Secret": DATABASE, "Other": OTHER, "Token": token, "Named": named}
    return on_fargate(role(statement), others, Secrets=[{"Name": "S", "ValueFrom": value}])


@pytest.mark.parametrize("case", LACKING)
def test_what_is_missing_is_named(found, case):
    value, statement, what = LACKING[case]
    findings = found(RULE, reading(value, statement))
    assert findings == [("error", f"execution role `Role` has no permission {what}")]


@pytest.mark.parametrize("case", ENOUGH)
def test_what_may_be_enough_is_silent(found, case):
    value, statement = ENOUGH[case]
    assert found(RULE, reading(value, statement), Parameters=PARAMETERS) == []


def encrypted(statement, *key_statements):
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}}
    root = {**allow("kms:*"), "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}}
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [root, *key_statements]}}}
    secrets = [{"Name": "S", "ValueFrom": {"Ref": "Secret"}}]
    return on_fargate(role(allow("secretsmanager:*"), statement), {"Secret": secret, "Key": key}, Secrets=secrets)


def test_the_key_of_a_secret_must_be_usable(found):
    findings = found(RULE, encrypted(allow("sqs:*")))
    message = "execution role `Role` has no permission `kms:Decrypt` to read `${Secret}` for `S`"
    assert findings == [("error", message)]


def test_a_policy_of_the_role_or_of_the_key_makes_it_usable(found):
    by_role = encrypted(allow("kms:Decrypt", {"Fn::GetAtt": ["Key", "Arn"]}))
    principal = {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}
    by_key = encrypted(allow("sqs:*"), {**allow("kms:Decrypt"), "Principal": principal})
    assert found(RULE, by_role) == found(RULE, by_key) == []


def test_a_secret_with_a_policy_of_its_own_may_let_the_role_read(found):
    resources = reading({"Ref": "Secret"}, allow("sqs:*"))
    properties = {"SecretId": {"Ref": "Secret"}, "ResourcePolicy": {"Statement": []}}
    resources["Policy"] = {"Type": "AWS::SecretsManager::ResourcePolicy", "Properties": properties}
    assert found(RULE, resources) == []


def test_options_of_a_log_driver_are_read_as_well(found):
    options = [{"Name": "splunk-token", "ValueFrom": SECRET_ARN}]
    resources = on_fargate(role(), LogConfiguration={"LogDriver": "splunk", "SecretOptions": options})
    assert [severity for severity, _ in found(RULE, resources)] == ["error"]


def test_a_grant_on_the_task_role_is_reported_as_that_alone(found):
    resources = on_fargate(role(), task_role=role(allow("ssm:GetParameters")), Secrets=SECRETS)
    message = (
        "task role `TaskRole` has the permission `ssm:GetParameters` to read `/api/token` for `TOKEN`, "
        "but ECS uses execution role `Role`, which has not"
    )
    assert found("grant-on-wrong-role", resources) == [("error", message)]
    assert found(RULE, resources) == []


def test_one_role_for_both_purposes_is_judged_as_execution_role(found):
    resources = on_fargate(role(), Secrets=SECRETS)
    resources["Task"]["Properties"]["TaskRoleArn"] = {"Ref": "Role"}
    assert found("grant-on-wrong-role", resources) == []
    assert [severity for severity, _ in found(RULE, resources)] == ["error"]
