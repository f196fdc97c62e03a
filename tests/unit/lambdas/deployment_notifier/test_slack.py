"""What is posted to Slack, and the webhook that nobody may see."""

import json
import logging

import pytest
from deployment_notifier import slack
from deployment_notifier.handler import handler
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.lambdas.deployment_notifier.events import SECRET_PATH, WEBHOOK, alarm, notice, to_slack


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
