import json

import pytest

RULE = "secret-json-key-unknown"


@pytest.fixture
def secret(client):
    def build(**value):
        return client("secretsmanager").create_secret(Name="db", **value)["ARN"]

    return build


@pytest.fixture
def reported(report_of, task):
    def check(*sources):
        secrets = [{"Name": f"S{number}", "ValueFrom": source} for number, source in enumerate(sources)]
        return report_of({"Resources": task(Secrets=secrets)}).findings

    return check


def test_a_key_that_is_in_the_secret_is_right(secret, reported):
    arn = secret(SecretString='{"password": "hunter2", "host": "db"}')
    assert reported(f"{arn}:password::", f"{arn}:host:AWSCURRENT:", arn) == []


def test_a_key_that_is_not_in_the_secret_is_an_error(secret, reported):
    arn = secret(SecretString='{"password": "hunter2"}')
    (finding,) = reported(f"{arn}:passwd::")
    name = arn.rpartition(":")[2]
    assert (finding.rule, finding.severity) == (RULE, "error")
    assert finding.message == f"container `api` asks for the key `passwd` of secret `{name}`, which has no such key"


@pytest.mark.parametrize("text", ["hunter2", '"hunter2"', "[]", "{", "{}", "[" * 100_000])
def test_a_secret_that_is_no_json_object_has_no_keys(secret, reported, text):
    (finding,) = reported(f"{secret(SecretString=text)}:password::")
    assert finding.message.endswith("which is no JSON object with keys")


def test_a_binary_secret_is_silent(secret, reported):
    assert reported(f"{secret(SecretBinary=b'hunter2')}:password::") == []


def test_neither_the_report_nor_the_answers_hold_a_value(secret, reported, aws):
    findings = reported(f"{secret(SecretString=json.dumps({'user': 'hunter2'}))}:password::")
    answers = [future.result() for future in aws._answers.values()]
    assert len(findings) == 1
    assert frozenset({"user"}) in answers
    assert "hunter2" not in repr((findings, answers))


def test_without_a_key_the_secret_is_not_read(secret, reported, aws):
    assert reported(secret(SecretString="hunter2")) == []
    assert [call for call, _, _ in aws._answers] == ["secretsmanager.describe_secret"]


@pytest.mark.parametrize(
    ("message", "action"),
    [("not authorized", "secretsmanager:GetSecretValue"), ("Access to KMS is not allowed", "kms:Decrypt")],
)
def test_a_lacking_permission_is_named(stub, reported, message, action):
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"
    calls = stub("secretsmanager")
    calls.add_client_error("get_secret_value", "AccessDeniedException", message, 400)
    calls.add_response("describe_secret", {"VersionIdsToStages": {"a" * 32: ["AWSCURRENT"]}})
    (finding,) = reported(f"{arn}:password::")
    assert finding.rule == "online-check-skipped"
    assert finding.message == f"could not check `{RULE}`: the caller lacks {action} on {arn}"
    assert finding.fix.startswith(f"Allow {action} to arn:aws:sts::123456789012:")
