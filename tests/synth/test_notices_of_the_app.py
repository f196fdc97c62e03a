"""Who is told what the query service does: its deployments, its alarms, and the failure to tell."""

import pytest

from roadworthy.environments import Environment, Notifications
from tests.synth import conftest
from tests.synth.template import reference, text

pytestmark = pytest.mark.synth


def test_its_deployments_and_every_alarm_but_its_own_notifiers_are_noticed(template):
    rules = template.of_type("AWS::Events::Rule").values()
    watched = {reference(arn) for rule in rules for arn in rule["EventPattern"]["resources"] if "Fn::GetAtt" in arn}
    alarms = template.of_type("AWS::CloudWatch::Alarm")
    unwatched = {alarms[name]["AlarmName"] for name in alarms.keys() - watched}
    assert watched <= alarms.keys()
    ends = {name.removeprefix("query-service-") for name in unwatched}
    assert ends == {"image-gate-errors", "image-gate-throttles", "notifier-errors", "notifier-throttles", "untold"}
    assert ":service/" in text([rule["EventPattern"] for rule in rules])


def test_nobody_is_told_where_services_toml_names_nobody(template):
    assert template.of_type("AWS::SNS::Subscription") == {}
    assert "NoticeTopicArn" in template.outputs


def test_whom_services_toml_names_is_told_by_email_and_in_slack(monkeypatch, synthesize):
    told = Notifications(("oncall@example.com",), "shop/slack")
    live = Environment("live", availability_zones=("ap-southeast-1a", "ap-southeast-1b"), notifications=told)
    monkeypatch.setattr(conftest.query_service_app.Environment, "load", lambda *_args, **_kwargs: live)
    template = synthesize(env="told")
    subscriptions = template.of_type("AWS::SNS::Subscription").values()
    assert sorted(each["Protocol"] for each in subscriptions) == ["email", "lambda"]
    assert {reference(each["TopicArn"])[:7] for each in subscriptions} == {"Notices"}
    slack = template.only("AWS::Lambda::Function", FunctionName="query-service-slack")
    assert "secret:shop/slack" in text(slack["Environment"])
