"""Contract: DynamoDB tables and Secrets Manager secrets from a template."""

import json
import string

import pytest

from tests.local.templates import ref, resource

pytestmark = pytest.mark.e2e


def table(**properties):
    return resource(
        "DynamoDB::Table",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        **properties,
    )


def test_a_table_has_its_ttl_recovery_and_encryption(aws, deploy):
    settings = {
        "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "SSESpecification": {"SSEEnabled": True},
    }
    name, dynamodb = deploy({"Table": table(**settings)}, name=ref("Table"))["name"], aws.client("dynamodb")
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
    assert (ttl["AttributeName"], ttl["TimeToLiveStatus"], recovery) == ("expires", "ENABLED", "ENABLED")
    assert dynamodb.describe_table(TableName=name)["Table"]["SSEDescription"]["Status"] == "ENABLED"


def test_a_table_that_dynamodb_refuses_fails_the_stack(deploy):
    attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("id", "unused")]
    refused = table()
    refused["Properties"]["AttributeDefinitions"] = attributes
    with pytest.raises(Exception, match="CreateTable"):
        deploy({"Table": refused})


def test_the_ref_of_a_secret_is_its_arn(deploy):
    secret = resource("SecretsManager::Secret", Name="token", SecretString="{}")
    assert deploy({"Secret": secret}, arn=ref("Secret"))["arn"].startswith("arn:aws:secretsmanager:")


def test_a_generated_secret_keeps_to_its_alphabet(aws, deploy):
    generate = {
        "SecretStringTemplate": '{"user": "app"}', "GenerateStringKey": "password", "PasswordLength": 64,
        "ExcludePunctuation": True, "ExcludeNumbers": True, "ExcludeCharacters": "aeiou",
    }  # fmt: skip
    secret = resource("SecretsManager::Secret", GenerateSecretString=generate)
    arn = deploy({"Secret": secret}, arn=ref("Secret"))["arn"]
    value = json.loads(aws.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
    assert value["user"] == "app"
    assert len(value["password"]) == 64
    assert set(value["password"]) <= set(string.ascii_letters) - set("aeiou")
