"""STS, Service Quotas, Secrets Manager and Systems Manager: who asks, how much there may be, and its secrets."""

import pytest

from roadworthy.testing import FakeEcs


@pytest.fixture
def fake():
    return FakeEcs()


def test_the_caller_is_a_user_of_the_account(fake):
    answer = fake.session().client("sts").get_caller_identity()
    assert (answer["Account"], answer["Arn"]) == ("111122223333", "arn:aws:iam::111122223333:user/roadworthy")


def test_the_caller_can_be_another(fake):
    fake.backend.caller = "arn:aws:sts::111122223333:assumed-role/deployer/ci"
    assert fake.session().client("sts").get_caller_identity()["Arn"].endswith("assumed-role/deployer/ci")


def test_a_quota_has_its_value(fake):
    fake.neighbours.service_quotas.set("fargate", "L-3032A538", 6, name="Fargate On-Demand vCPU resource count")
    quotas = fake.session().client("service-quotas")
    quota = quotas.get_service_quota(ServiceCode="fargate", QuotaCode="L-3032A538")["Quota"]
    assert (quota["Value"], quota["QuotaName"]) == (6.0, "Fargate On-Demand vCPU resource count")


def test_a_quota_that_was_not_set_does_not_exist(fake):
    quotas = fake.session().client("service-quotas")
    with pytest.raises(quotas.exceptions.NoSuchResourceException):
        quotas.get_service_quota(ServiceCode="fargate", QuotaCode="L-0")


def test_a_secret_is_found_by_name_by_arn_and_by_the_arn_without_its_last_characters(fake):
    arn = fake.neighbours.secretsmanager.add("db", '{"password": "x"}')
    secrets = fake.session().client("secretsmanager")
    assert arn.startswith("arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-")
    for wanted in ("db", arn, arn[:-7]):
        assert secrets.describe_secret(SecretId=wanted)["Name"] == "db"
    assert secrets.get_secret_value(SecretId="db")["SecretString"] == '{"password": "x"}'
    assert list(secrets.describe_secret(SecretId="db")["VersionIdsToStages"].values()) == [["AWSCURRENT"]]


def test_a_secret_that_does_not_exist_is_refused_as_aws_does(fake):
    secrets = fake.session().client("secretsmanager")
    with pytest.raises(secrets.exceptions.ResourceNotFoundException, match="can't find the specified secret"):
        secrets.describe_secret(SecretId="db")


def test_a_version_that_does_not_exist_is_refused_as_aws_does(fake):
    fake.neighbours.secretsmanager.add("db")
    secrets = fake.session().client("secretsmanager")
    with pytest.raises(secrets.exceptions.ResourceNotFoundException, match="for staging label: NEXT"):
        secrets.get_secret_value(SecretId="db", VersionStage="NEXT")


def test_parameters_are_found_by_name_and_by_arn_and_the_others_are_told(fake):
    arn = fake.neighbours.ssm.add("/shop/api/level", "INFO")
    assert arn == "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/api/level"
    answer = fake.session().client("ssm").get_parameters(Names=["/shop/api/level", arn, "/none"])
    assert [parameter["Value"] for parameter in answer["Parameters"]] == ["INFO", "INFO"]
    assert answer["InvalidParameters"] == ["/none"]


def test_more_than_ten_parameters_are_refused(fake):
    ssm = fake.session().client("ssm")
    with pytest.raises(ssm.exceptions.ClientError, match="Member must have length less than or equal to 10"):
        ssm.get_parameters(Names=[str(number) for number in range(11)])
