import pytest

from tests.unit.rules.permissions import PARAMETERS, allow, on_fargate, role

RULE = "environment-file-invalid"
FILE = "arn:aws:s3:::settings/api.env"


def resources(*values, type="s3", execution_role=None):
    files = [{"Type": type, "Value": value} for value in values]
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {}}
    return on_fargate(execution_role or role(allow("s3:*")), {"Bucket": bucket}, EnvironmentFiles=files)


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("s3://settings/api.env", "`s3://settings/api.env` of container `api` is no ARN of an object in S3"),
        ("arn:aws:s3:::settings", "`arn:aws:s3:::settings` of container `api` is no ARN of an object in S3"),
        ("arn:aws:s3:::settings/api.txt", "`arn:aws:s3:::settings/api.txt` of container `api` does not end in `.env`"),
        ({"Fn::Sub": "${Bucket.Arn}/api.json"}, "`…/api.json` of container `api` does not end in `.env`"),
    ],
)
def test_a_file_is_an_object_that_ends_in_env(found, value, wrong):
    assert found(RULE, resources(value)) == [("error", f"environment file {wrong}")]


def test_the_only_type_is_s3(found):
    message = "an environment file of container `api` has the type `S3`, not `s3`"
    assert found(RULE, resources(FILE, type="S3")) == [("error", message)]


def test_ten_files_are_the_most(found):
    message = "container `api` has 11 environment files; ECS takes 10"
    assert found(RULE, resources(*[FILE] * 11)) == [("error", message)]
    assert found(RULE, resources(*[FILE] * 10)) == []


@pytest.mark.parametrize(
    ("value", "severity"),
    [({"Fn::Sub": "${Bucket.Arn}/api.env"}, "error"), (FILE, "warning")],
    ids=["here", "elsewhere"],
)
def test_the_execution_role_must_read_it(found, value, severity):
    other = role(allow("sqs:*"), allow("s3:GetObject", "arn:aws:dynamodb:*:*:table/x"))
    ((found_severity, message),) = found(RULE, resources(value, execution_role=other))
    assert message.startswith("execution role `Role` has no permission `s3:GetObject` to read environment file `")
    assert found_severity == severity


def test_the_buckets_own_policy_may_let_it_read(found):
    statement = {**allow("s3:GetObject"), "Principal": {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}}
    properties = {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": {"Statement": [statement]}}
    given = resources({"Fn::Sub": "${Bucket.Arn}/api.env"}, execution_role=role())
    assert found(RULE, {**given, "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": properties}}) == []


READABLE = {
    "the file": (FILE, role(allow("s3:GetObject", FILE))),
    "the bucket's objects": (
        {"Fn::Sub": "${Bucket.Arn}/api.env"},
        role(allow("s3:Get*", {"Fn::Sub": "${Bucket.Arn}/*"})),
    ),
    "by the bucket's name": (
        {"Fn::Sub": "arn:aws:s3:::${Bucket}/api.env"},
        role(allow("s3:GetObject", {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/*"})),
    ),
    "a pattern": (FILE, role(allow("s3:GetObject", "arn:aws:s3:::settings/*.env"))),
    "unknown": ({"Ref": "Open"}, role(allow("s3:GetObject", "arn:aws:s3:::settings/*"))),
    "an unknown role": (FILE, role(ManagedPolicyArns=[{"Ref": "Open"}])),
}


@pytest.mark.parametrize("case", READABLE)
def test_what_may_be_read_is_silent(found, case):
    value, execution_role = READABLE[case]
    findings = found(RULE, resources(value, execution_role=execution_role), Parameters=PARAMETERS)
    assert findings == []


def test_placeholders_are_silent(report_of):
    files = [{"type": "s3", "value": "{{ tfstate `bucket.arn` }}/api.env"}, {"type": "s3", "value": "${FILE}"}]
    container = {"name": "api", "image": "api:1", "environmentFiles": files}
    assert RULE not in {finding.rule for finding in report_of({"containerDefinitions": [container]}).findings}
