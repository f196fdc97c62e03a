import subprocess
import sys
import threading
import time

import botocore.exceptions
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from moto import mock_aws

from roadworthy.aws.trouble import refusal
from roadworthy.online.aws import RETRIES, Aws
from roadworthy.online.errors import OnlineError
from roadworthy.online.failures import Absent, Denied, Elsewhere, Unanswered, meaning
from roadworthy.online.operations import DESCRIBE_ALARMS, DESCRIBE_IMAGES, DESCRIBE_SECRET

HERE = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"


def refused(code, operation="DescribeSecret"):
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)


class Session:
    """A session whose one call does what a test wants."""

    def __init__(self, call):
        self.call = call

    def client(self, service, region_name, config):
        identity = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/me"}
        return type("Client", (), {"get_caller_identity": lambda _: identity, "describe_alarms": self.call})()


def test_it_knows_who_asks(aws):
    assert (aws.account, aws.region) == ("123456789012", "eu-west-1")
    assert aws.caller.startswith("arn:aws:sts::123456789012:")


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("nowhere", "aws", "amazonaws.com"),
    ],
)
def test_partitions_are_the_regions(aws, region, partition, suffix):
    assert (aws.partition(region), aws.url_suffix(region)) == (partition, suffix)


def test_a_question_is_asked_once_by_however_many_threads():
    calls = []

    def answer(_, AlarmNames):  # noqa: N803 - boto3's spelling
        calls.append(AlarmNames)
        time.sleep(0.05)
        return {"MetricAlarms": [{"AlarmName": "cpu", "StateValue": "OK"}]}

    aws, answers = Aws(Session(answer), "eu-west-1"), []
    ask = lambda: answers.append(aws.ask(DESCRIBE_ALARMS, region="eu-west-1", about="x", AlarmNames=["cpu"]))  # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert calls == [["cpu"]]
    assert answers == [{"cpu": "OK"}] * 8


def test_a_failure_is_the_answer_of_all_who_ask(aws, deny):
    deny("secretsmanager", "describe_secret")
    for _ in range(2):
        with pytest.raises(Denied, match=f"secretsmanager:DescribeSecret on {HERE}"):
            aws.ask(DESCRIBE_SECRET, region="eu-west-1", about=HERE, SecretId=HERE)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (refused("ResourceNotFoundException"), Absent),
        (refused("AccessDeniedException"), Denied),
        (refused("UnauthorizedOperation"), Denied),
        (refused("ExpiredTokenException"), OnlineError),
        (refused("UnrecognizedClientException"), OnlineError),
        (refused("ThrottlingException"), Unanswered),
        (refused("InternalFailure"), Unanswered),
        (botocore.exceptions.NoCredentialsError(), OnlineError),
        (botocore.exceptions.EndpointConnectionError(endpoint_url="https://x"), OnlineError),
        (botocore.exceptions.ReadTimeoutError(endpoint_url="https://x"), Unanswered),
        (KeyError("Certificate"), Unanswered),
    ],
)
def test_every_failure_has_a_meaning(error, expected):
    assert type(meaning(error, DESCRIBE_SECRET, HERE, at_home=True, own=True)) is expected


@pytest.mark.parametrize(
    "error",
    [
        refused("UnrecognizedClientException"),
        botocore.exceptions.EndpointConnectionError(endpoint_url="https://x"),
    ],
)
def test_trouble_in_another_region_does_not_end_the_run(error):
    assert type(meaning(error, DESCRIBE_SECRET, HERE, at_home=False, own=True)) is Unanswered


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException"])
def test_another_account_keeps_what_it_has_to_itself(code):
    assert type(meaning(refused(code), DESCRIBE_SECRET, HERE, at_home=True, own=False)) is Elsewhere


def test_a_code_is_absent_only_where_the_operation_says_so():
    error = refused("ImageNotFoundException")
    assert type(meaning(error, DESCRIBE_IMAGES, HERE, at_home=True, own=True)) is Absent
    assert type(meaning(error, DESCRIBE_SECRET, HERE, at_home=True, own=True)) is Unanswered


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (refused("ExpiredToken"), "the AWS credentials have expired (ExpiredToken): log in again"),
        (
            refused("InvalidClientTokenId"),
            "AWS does not accept the credentials (InvalidClientTokenId): check them, or name others with --profile",
        ),
        (
            botocore.exceptions.NoCredentialsError(),
            "no usable AWS credentials (Unable to locate credentials): log in, or name a profile with --profile",
        ),
        (
            botocore.exceptions.EndpointConnectionError(endpoint_url="https://sts.moon.amazonaws.com"),
            'AWS cannot be reached (Could not connect to the endpoint URL: "https://sts.moon.amazonaws.com"): '
            "check the network and --region",
        ),
        (ValueError("a\nb"), "AWS cannot be asked (a b): check --profile and --region"),
    ],
)
def test_a_refusal_is_one_line_that_says_what_to_do(error, message):
    assert refusal(error) == message


def test_no_region_is_one_line():
    with pytest.raises(OnlineError, match="no AWS region: pass --region, or set AWS_DEFAULT_REGION"):
        Aws.open()


def test_no_credentials_are_one_line(monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setattr("botocore.session.Session.get_credentials", lambda _: None)
    with pytest.raises(OnlineError, match="no usable AWS credentials"):
        Aws.open(region="eu-west-1")


def test_a_profile_that_does_not_exist_is_one_line():
    with pytest.raises(OnlineError, match=r"AWS cannot be asked \(The config profile \(nobody\) could not be found\)"):
        Aws.open("nobody", "eu-west-1")


@pytest.mark.parametrize("variable", ["AWS_DEFAULT_REGION", "AWS_REGION"])
def test_the_region_may_come_from_the_environment(monkeypatch, variable):
    monkeypatch.setenv(variable, "eu-central-1")
    with mock_aws():
        assert Aws.open().region == "eu-central-1"


def test_expired_credentials_are_told_by_the_first_call(monkeypatch):
    def expired(_):
        raise refused("ExpiredToken", "GetCallerIdentity")

    session = Session(None)
    monkeypatch.setattr(session, "client", lambda *_, **__: type("Sts", (), {"get_caller_identity": expired})())
    with pytest.raises(OnlineError, match="expired"):
        Aws(session, "eu-west-1")


def test_throttled_calls_are_tried_again(aws, monkeypatch):
    statuses = [400, 400, 200]
    bodies = {400: b'{"__type": "ThrottlingException"}', 200: b'{"VersionIdsToStages": {"a": ["AWSCURRENT"]}}'}

    def send(request, **_):
        status = statuses.pop(0)
        return AWSResponse(request.url, status, {}, type("Raw", (), {"stream": lambda *_: [bodies[status]]})())

    monkeypatch.setattr(time, "sleep", lambda _: None)
    client = aws._client("secretsmanager", "eu-west-1", RETRIES)
    client.meta.events.register_first("before-send.secretsmanager", send)
    answer = aws.ask(DESCRIBE_SECRET, region="eu-west-1", about=HERE, SecretId=HERE)
    assert (answer.stages, statuses) == ({"AWSCURRENT"}, [])


def test_reading_the_checks_imports_no_boto3():
    code = "import sys, roadworthy.online.engine.run; assert not {'boto3', 'botocore'} & {*sys.modules}"
    subprocess.run([sys.executable, "-c", code], check=True)
