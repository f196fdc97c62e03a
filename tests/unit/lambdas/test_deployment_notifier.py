import datetime
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import boto3
import pytest
from botocore.stub import Stubber
from deployment_notifier import clients, compose, mail, rollout, slack
from deployment_notifier.deliveries import KEPT_SECONDS, LEASE_SECONDS, BusyError, Deliveries
from deployment_notifier.events import AlarmEvent, DeploymentEvent, UnknownEventError, parse
from deployment_notifier.handler import handler
from deployment_notifier.notice import Mood, Notice
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

REGION = "us-west-2"
SERVICE_ARN = "arn:aws:ecs:us-west-2:111122223333:service/default/servicetest"
DEPLOYMENT_ARN = "arn:aws:ecs:us-west-2:111122223333:service-deployment/default/servicetest/r9i43YFjvgF_xlg7m2eJ1r"
OLD = "arn:aws:ecs:us-west-2:111122223333:service-revision/default/servicetest/1"
NEW = "arn:aws:ecs:us-west-2:111122223333:service-revision/default/servicetest/2"
REGISTRY = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
TOPIC = "arn:aws:sns:us-west-2:111122223333:deployments"
SECRET_PATH = "/services/T000/B000/XXXXSECRETXXXX"
WEBHOOK = f"https://hooks.slack.com{SECRET_PATH}"
TABLE = "deliveries"
WHEN = datetime.datetime(2020, 5, 23, 12, 30, tzinfo=datetime.UTC)
BREAKER = "ECS deployment circuit breaker: task failed to start."


def deployment(name: str = "SERVICE_DEPLOYMENT_FAILED", reason: str = BREAKER) -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html"""
    return {
        "version": "0",
        "id": "ddca6449-b258-46c0-8653-e0e3aEXAMPLE",
        "detail-type": "ECS Deployment State Change",
        "source": "aws.ecs",
        "account": "111122223333",
        "time": "2020-05-23T12:31:14Z",
        "region": REGION,
        "resources": [SERVICE_ARN],
        "detail": {
            "eventType": "ERROR",
            "eventName": name,
            "deploymentId": "ecs-svc/123",
            "updatedAt": "2020-05-23T11:11:11Z",
            "reason": reason,
        },
    }


def alarm(state: str = "ALARM") -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html"""
    return {
        "version": "0",
        "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": "123456789012",
        "time": "2019-10-02T17:04:40Z",
        "region": "us-east-1",
        "resources": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:api-error-rate"],
        "detail": {
            "alarmName": "api-error-rate",
            "configuration": {"metrics": [], "description": ""},
            "previousState": {"value": "OK", "timestamp": "2019-10-02T17:03:40.100+0000"},
            "state": {
                "value": state,
                "reason": "Threshold Crossed: 1 datapoint [9.2] was greater than the threshold (1.0).",
                "timestamp": "2019-10-02T17:04:40.985+0000",
            },
        },
    }


def notice(**changes: Any) -> Notice:
    values: dict[str, Any] = {
        "id": "1",
        "mood": Mood.BAD,
        "title": "deployment failed",
        "subject": "api",
        "environment": "stage",
        "reason": BREAKER,
        "time": "2020-05-23T12:31:14Z",
        "link": "https://console.aws.amazon.com/",
        "images": ("api: shop/api:1 -> shop/api:2",),
    }
    return Notice(**{**values, **changes})


def to_slack(text: str) -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html"""
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "m", "Message": text}}]}


def stubbed(service: str) -> tuple[Any, Stubber]:
    client = boto3.client(service, region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
    return client, Stubber(client)


def expect_rollout(ecs: Stubber, status: str = "ROLLBACK_IN_PROGRESS") -> None:
    """A service deployment from tag 1 to tag 2."""
    brief = {"serviceDeploymentArn": DEPLOYMENT_ARN, "createdAt": WHEN}
    older = {"serviceDeploymentArn": "older", "createdAt": WHEN - datetime.timedelta(days=1)}
    ecs.add_response("list_service_deployments", {"serviceDeployments": [older, brief]})
    found = {"status": status, "sourceServiceRevisions": [{"arn": OLD}], "targetServiceRevision": {"arn": NEW}}
    asked = {"serviceDeploymentArns": [DEPLOYMENT_ARN]}
    ecs.add_response("describe_service_deployments", {"serviceDeployments": [found]}, asked)
    revisions = [
        {
            "serviceRevisionArn": arn,
            "containerImages": [{"containerName": "api", "image": f"{REGISTRY}/shop/api:{tag}"}],
        }
        for arn, tag in ((OLD, "1"), (NEW, "2"))
    ]
    ecs.add_response("describe_service_revisions", {"serviceRevisions": revisions})


@pytest.fixture
def ecs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    client, stubber = stubbed("ecs")
    monkeypatch.setattr(clients, "ecs", lambda: client)
    with stubber:
        yield stubber


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The table of deliveries."""
    for name, value in {"ENVIRONMENT": "stage", "TOPIC_ARN": TOPIC, "DELIVERIES_TABLE": TABLE}.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        client = boto3.client("dynamodb", region_name=REGION)
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        monkeypatch.setattr(clients, "dynamodb", lambda: client)
        yield client


@pytest.fixture
def published(table: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was published to the topic."""
    messages: list[dict[str, Any]] = []

    class Topic:
        def publish(self, **message: Any) -> None:
            messages.append(message)

    monkeypatch.setattr(clients, "sns", Topic)
    return messages


@pytest.fixture
def posted(table: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What was posted to Slack, and `answer`: (status, body) of its next answers."""

    class Slack:
        answer: tuple[int, bytes] = (200, b"ok")
        requests: ClassVar[list[tuple[str, str, str, bytes]]]

        def __init__(self, host: str, timeout: float) -> None:
            self.host = host

        def request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
            Slack.requests.append((self.host, method, path, body))

        def getresponse(self) -> Any:
            self.status = Slack.answer[0]
            return self

        def read(self, size: int) -> bytes:
            return Slack.answer[1][:size]

        def close(self) -> None: ...

    Slack.requests = []
    monkeypatch.setattr(slack, "HTTPSConnection", Slack)
    return Slack


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], list[str]]]:
    """Sets the secret; gives the list of times it was read."""
    reads: list[str] = []

    def hold(text: str) -> list[str]:
        class Secrets:
            def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - boto3's name
                reads.append(SecretId)
                return {"SecretString": text}

        monkeypatch.setattr(clients, "secrets", Secrets)
        return reads

    monkeypatch.setenv("SLACK_WEBHOOK_SECRET_ARN", "arn:secret")
    clients.webhook.cache_clear()
    yield hold
    clients.webhook.cache_clear()


def test_a_failed_deployment_is_published_with_its_images_and_its_reason(ecs, published):
    expect_rollout(ecs)
    handler(deployment(), None)
    (message,) = published
    text = json.loads(message["Message"])["email"]
    assert message["Subject"] == "[stage] servicetest: deployment failed, rolling back"
    assert "Image:       api: shop/api:1 -> shop/api:2\n" in text
    assert f"Reason:      {BREAKER}\n" in text
    assert "/ecs/v2/clusters/default/services/servicetest/deployments?region=us-west-2\n" in text


def test_a_completed_rollback_is_never_called_deployed(ecs, published):
    expect_rollout(ecs, "ROLLBACK_SUCCESSFUL")
    handler(deployment("SERVICE_DEPLOYMENT_COMPLETED", "ECS deployment deploymentID completed."), None)
    assert published[0]["Subject"] == "[stage] servicetest: rolled back"


def test_a_rollback_that_failed_is_not_said_to_be_on_its_way(ecs, published):
    expect_rollout(ecs, "ROLLBACK_FAILED")
    handler(deployment(), None)
    assert published[0]["Subject"] == "[stage] servicetest: rollback failed"


def test_a_time_that_cannot_be_read_costs_the_images_and_not_the_notice(ecs, published):
    handler({**deployment(), "time": "yesterday"}, None)
    assert published[0]["Subject"] == "[stage] servicetest: deployment failed"


def test_a_completed_deployment_is_called_deployed(ecs, published):
    expect_rollout(ecs, "SUCCESSFUL")
    handler(deployment("SERVICE_DEPLOYMENT_COMPLETED", "ECS deployment deploymentID completed."), None)
    assert published[0]["Subject"] == "[stage] servicetest: deployed"


def test_the_reason_tells_a_rollback_when_ecs_cannot_be_asked(ecs, published):
    ecs.add_client_error("list_service_deployments", "AccessDeniedException")
    reason = "ECS deployment circuit breaker: rolling back to deploymentId deploymentID."
    handler(deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", reason), None)
    assert published[0]["Subject"] == "[stage] servicetest: rolling back"


def test_an_event_that_is_given_twice_is_published_once(ecs, published):
    for _ in range(2):
        expect_rollout(ecs)
        handler(deployment(), None)
    assert len(published) == 1


def test_an_alarm_is_published_with_its_reason_and_its_page(published):
    handler(alarm(), None)
    text = json.loads(published[0]["Message"])["email"]
    assert published[0]["Subject"] == "[stage] api-error-rate: alarm"
    assert "Threshold Crossed" in text
    assert "us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/api-error-rate" in text


def test_what_is_published_for_slack_is_posted_to_the_webhook(published, posted, secret):
    secret(WEBHOOK)
    handler(alarm("OK"), None)
    handler(to_slack(json.loads(published[0]["Message"])["lambda"]), None)
    ((host, method, path, body),) = posted.requests
    assert (host, method, path) == ("hooks.slack.com", "POST", SECRET_PATH)
    assert json.loads(body)["text"] == "api-error-rate: alarm is over"


def test_a_notice_that_sns_delivers_twice_is_posted_once(posted, secret):
    secret(WEBHOOK)
    for _ in range(2):
        handler(to_slack(notice().to_json()), None)
    assert len(posted.requests) == 1


def test_slacks_refusal_is_an_error_that_can_be_tried_again(posted, secret):
    secret(WEBHOOK)
    posted.answer = (429, b"rate_limited")
    with pytest.raises(slack.SlackError, match="429: rate_limited"):
        handler(to_slack(notice().to_json()), None)
    posted.answer = (200, b"ok")
    handler(to_slack(notice().to_json()), None)
    assert len(posted.requests) == 2


def test_the_secret_is_read_once_and_again_when_slack_forgot_the_webhook(posted, secret):
    reads = secret(json.dumps({"url": WEBHOOK}))
    handler(to_slack(notice(id="1").to_json()), None)
    posted.answer = (404, b"no_service")
    for each in ("2", "3"):
        with pytest.raises(slack.WebhookGoneError, match="404: no_service"):
            handler(to_slack(notice(id=each).to_json()), None)
    assert reads == ["arn:secret"] * 2


@pytest.mark.parametrize("status", [200, 404, 500])
def test_the_webhooks_url_is_neither_logged_nor_raised(posted, secret, caplog, status):
    caplog.set_level(logging.DEBUG)
    secret(WEBHOOK)
    posted.answer = (status, b"answer")
    said = ""
    try:
        handler(to_slack(notice().to_json()), None)
    except slack.SlackError as error:
        said = repr(error)
    assert "SECRET" not in caplog.text + said


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/services/A",
        "https://evil.example/services/A",
        "https://[SECRET",
        "",
        "SECRET",
        "https://hooks.slack.com/é",
    ],
)
def test_a_secret_that_is_no_webhook_is_refused_without_being_shown(url):
    with pytest.raises(slack.SlackError) as raised:
        slack.post(url, {})
    assert str(raised.value) == "the secret holds no URL of a Slack webhook: https://hooks.slack.com/services/..."


def test_control_characters_of_slack_are_escaped():
    text = slack.payload(notice(reason="<!channel> & <https://evil.example|x>"))["blocks"][0]["text"]["text"]
    assert "&lt;!channel&gt; &amp; &lt;https://evil.example|x&gt;" in text


@given(st.text(max_size=9000), st.lists(st.text(max_size=800), max_size=10), st.text(max_size=3000))
def test_a_section_never_exceeds_slacks_limit(reason, images, link):
    message = slack.payload(notice(reason=reason, images=tuple(images), link=link, subject="&" * 300))
    assert len(message["blocks"][0]["text"]["text"]) <= 3000
    assert len(message["text"]) <= 700


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_subject_is_one_short_line_of_ascii(name, title):
    subject = mail.subject(notice(subject=name, title=title))
    assert len(subject) < 100
    assert subject.isascii()
    assert subject.isprintable()


def test_a_notice_survives_its_way_through_the_topic():
    assert Notice.from_json(notice().to_json()) == notice()


@pytest.mark.parametrize("event", [{}, {"detail-type": "ECS Task State Change"}, {**deployment(), "resources": []}])
def test_other_events_are_refused_by_name(event):
    with pytest.raises(UnknownEventError):
        parse(event)


def test_the_short_form_of_a_services_arn_is_read():
    event = {**deployment(), "resources": ["arn:aws:ecs:us-west-2:111122223333:service/servicetest"]}
    event["detail"]["clusterArn"] = "arn:aws:ecs:us-west-2:111122223333:cluster/other"
    read = parse(event)
    assert isinstance(read, DeploymentEvent)
    assert (read.cluster, read.service) == ("other", "servicetest")


def test_a_state_that_is_neither_alarm_nor_ok_is_named():
    read = parse(alarm("INSUFFICIENT_DATA"))
    assert isinstance(read, AlarmEvent)
    assert compose.of_alarm(read, environment="stage").title == "alarm has insufficient data"


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        (f"{REGISTRY}/shop/api:1.2", "shop/api:1.2"),
        (f"{REGISTRY}/api@sha256:{'ab' * 32}", "api@sha256:abababababab"),
        ("library/nginx:1", "library/nginx:1"),
        ("nginx", "nginx"),
    ],
)
def test_an_image_is_shown_without_its_registry(image, shown):
    assert rollout.short(image) == shown


def test_a_first_deployment_has_no_image_before(ecs):
    ecs.add_response("list_service_deployments", {"serviceDeployments": []})
    found = rollout.look_up(clients.ecs(), service_arn=SERVICE_ARN, cluster="default", time="2020-05-23T12:31:14Z")
    assert found is None


def test_a_sender_that_died_is_replaced_after_its_lease(table):
    clock = [0.0]
    deliveries = Deliveries(table, TABLE, now=lambda: clock[0])
    assert deliveries._take("key")
    with pytest.raises(BusyError, match="key is being sent"):
        deliveries.once("key", lambda: None)
    clock[0] = LEASE_SECONDS + 1
    assert deliveries.once("key", lambda: None)


def test_deliveries_expire(table):
    Deliveries(table, TABLE, now=lambda: 1000.0).once("key", lambda: None)
    item = table.get_item(TableName=TABLE, Key={"id": {"S": "key"}})["Item"]
    assert item["expires_at"] == {"N": str(1000 + KEPT_SECONDS)}


def test_a_table_that_is_gone_holds_nothing_back(table):
    sent: list[int] = []
    assert Deliveries(table, "gone").once("key", lambda: sent.append(1))
    assert sent == [1]


def test_a_missing_setting_is_named(published, monkeypatch):
    monkeypatch.delenv("ENVIRONMENT")
    with pytest.raises(RuntimeError, match="ENVIRONMENT is missing"):
        handler(alarm(), None)
