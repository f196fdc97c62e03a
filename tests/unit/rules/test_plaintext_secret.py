import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.rules.facts.credentials import credential

RULE = "plaintext-secret"
PARAMETERS = {"Open": {"Type": "String"}, "Weak": {"Type": "String", "Default": "hunter2"}}
PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE"
CREDENTIALS = [
    ("REDIS_PASSWORD", "s3cr3t-Hunter2!", "a password"),
    ("POSTGRES_PASSWORD", "postgres", "a password"),
    ("db_password", "blue-whale", "a password"),
    ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY", "a secret"),
    ("JWT_SECRET", "9f86d081884c7d65", "a secret"),
    ("STRIPE_API_KEY", "sk_live_51H8abcdef", "a secret"),
    ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", "an AWS access key"),
    ("KEY", PRIVATE_KEY, "a private key"),
    ("DATABASE_URL", "postgres://app:s3cr3t@db:5432/app", "a URL with a password"),
]
OTHERS = [
    ("REDIS_PASSWORD", ""),
    ("REDIS_PASSWORD", "$REDIS_PASSWORD"),
    ("REDIS_PASSWORD", "${REDIS_PASSWORD}"),
    ("REDIS_PASSWORD", "<password>"),
    ("REDIS_PASSWORD", "{{ password }}"),
    ("REDIS_PASSWORD", "REDIS_PASSWORD"),
    ("REDIS_PASSWORD", "YOUR_PASSWORD_HERE"),
    ("REDIS_PASSWORD", "your-password"),
    ("REDIS_PASSWORD", "changeme"),
    ("REDIS_PASSWORD", "xxxxxxxx"),
    ("REDIS_PASSWORD", "********"),
    ("REDIS_PASSWORD", "arn:aws:secretsmanager:eu-west-1:1:secret:x"),
    ("REDIS_PASSWORD", "/run/secrets/redis"),
    ("MYSQL_ALLOW_EMPTY_PASSWORD", "yes"),
    ("REQUIRE_PASSWORD", "true"),
    ("DB_SECRET", "prod/orders/db-2"),
    ("DB_SECRET", "orders-database"),
    ("MAX_TOKEN", "4096"),
    ("NEXT_PUBLIC_API_KEY", "pk_a1b2c3d4e5"),
    ("DB_SECRET_ARN", "9f86d081884c7d65"),
    ("PWD", "/srv/app1234"),
    ("URL", "https://example.com/a:b@c"),
    ("DATABASE_URL", "postgres://db:5432/app"),
    ("DATABASE_URL", "postgres://app:$PASSWORD@db/app"),
    ("DATABASE_URL", "postgres://app:<password>@db/app"),
    ("CERTIFICATE", "-----BEGIN CERTIFICATE-----"),
]


def entry(name, value):
    return {"Environment": [{"Name": name, "Value": value}]}


@pytest.mark.parametrize(("name", "value", "what"), CREDENTIALS, ids=[name for name, _, _ in CREDENTIALS])
def test_a_credential_in_the_environment_is_a_warning_without_its_value(found, task, name, value, what):
    findings = found(RULE, task(**entry(name, value)))
    assert findings == [("warning", f"container `api` has {what} in its plain environment, in `{name}`")]


@pytest.mark.parametrize(("name", "value"), OTHERS, ids=[f"{name}={value}" for name, value in OTHERS])
def test_what_may_be_a_placeholder_a_name_or_a_setting_is_silent(found, task, name, value):
    assert found(RULE, task(**entry(name, value))) == []


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Open"},
        "{{resolve:secretsmanager:x:SecretString:password}}",
        {"Fn::Sub": "postgres://app:${Open}@db/app"},
        {"Fn::ImportValue": "X"},
    ],
)
def test_a_value_that_the_template_does_not_tell_is_silent(found, task, value):
    assert found(RULE, task(**entry("REDIS_PASSWORD", value)), Parameters=PARAMETERS) == []


def test_a_password_as_a_parameters_default_is_one(found, task):
    ((_, message),) = found(RULE, task(**entry("REDIS_PASSWORD", {"Ref": "Weak"})), Parameters=PARAMETERS)
    assert message.endswith("in `REDIS_PASSWORD` (by the default of parameter `Weak`)")


def test_a_variable_without_a_value_is_a_warning(found, task):
    container = {"Environment": [{"Name": "TABLE"}, {"Name": "KEY", "ValueFrom": "x"}, {"Name": "A", "Value": ""}]}
    findings = found("empty-env-value-from-token", task(**container))
    assert findings == [("warning", "container `api` has the environment variable `TABLE` without a value")]


def test_a_value_that_a_branch_leaves_out_is_a_warning(found, task):
    value = {"Fn::If": ["A", "x", {"Ref": "AWS::NoValue"}]}
    sections = {"Parameters": {"Env": {"Type": "String"}}, "Conditions": {"A": {"Fn::Equals": [{"Ref": "Env"}, "b"]}}}
    findings = found("empty-env-value-from-token", task(**entry("TABLE", value)), **sections)
    assert findings == [("warning", "container `api` has the environment variable `TABLE` without a value")]


@given(st.sampled_from(["A_PASSWORD", "A_TOKEN", "URL"]), st.text(max_size=50) | st.text("a:/@.$<", max_size=2_000))
def test_any_value_is_judged_without_a_crash(name, value):
    assert credential(name, value) in {None, "a password", "a secret", "a URL with a password"}
