"""Alarms, and how any notice is written and refused."""

import json

import pytest
from deployment_notifier import compose, mail
from deployment_notifier.events import AlarmEvent, UnknownEventError, parse
from deployment_notifier.handler import handler
from deployment_notifier.notice import Notice
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.lambdas.deployment_notifier.events import alarm, deployment, notice


def test_an_alarm_is_published_with_its_reason_and_its_page(published):
    handler(alarm(), None)
    text = json.loads(published[0]["Message"])["email"]
    assert published[0]["Subject"] == "[stage] api-error-rate: alarm"
    assert "Threshold Crossed" in text
    assert "us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/api-error-rate" in text


def test_a_state_that_is_neither_alarm_nor_ok_is_named():
    read = parse(alarm("INSUFFICIENT_DATA"))
    assert isinstance(read, AlarmEvent)
    assert compose.of_alarm(read, environment="stage").title == "alarm has insufficient data"


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


def test_a_missing_setting_is_named(published, monkeypatch):
    monkeypatch.delenv("ENVIRONMENT")
    with pytest.raises(RuntimeError, match="ENVIRONMENT is missing"):
        handler(alarm(), None)
