"""Lambda `deployment-notifier`: events of ECS deployments and CloudWatch alarms, told to people.

Two functions run it. The first is given events by EventBridge and publishes each to an SNS topic, which sends the
e-mails; the second is given by the topic what goes to Slack. So Slack's failures never touch an e-mail, and each
function has only the permissions of its own half.
"""

import json
import logging
from typing import Any

from deployment_notifier import clients, compose, mail, rollout, slack
from deployment_notifier.deliveries import Deliveries
from deployment_notifier.events import AlarmEvent, DeploymentEvent, parse
from deployment_notifier.notice import Notice
from deployment_notifier.settings import required

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


def handler(event: dict[str, Any], context: object) -> None:
    """Publish an event of EventBridge, or pass on to Slack what SNS delivers."""
    if "Records" not in event:
        notice = _notice(parse(event))
        _once(f"{notice.id}#topic", lambda: _publish(notice))
        return
    for record in event["Records"]:
        notice = Notice.from_json(record["Sns"]["Message"])
        _once(f"{notice.id}#slack", lambda notice=notice: _post(notice))


def _notice(event: DeploymentEvent | AlarmEvent) -> Notice:
    environment = required("ENVIRONMENT")
    if isinstance(event, AlarmEvent):
        return compose.of_alarm(event, environment=environment)
    return compose.of_deployment(event, _ask_ecs(event), environment=environment)


def _ask_ecs(event: DeploymentEvent) -> rollout.Rollout | None:
    """What ECS knows; a notice without it is better than none."""
    try:
        return rollout.look_up(clients.ecs(), service_arn=event.service_arn, cluster=event.cluster, time=event.time)
    except Exception as error:  # whatever it is, the notice must go out
        logger.warning("ECS does not say which images: %r", error)
        return None


def _once(key: str, send: Any) -> None:
    sent = Deliveries(clients.dynamodb(), required("DELIVERIES_TABLE")).once(key, send)
    logger.info("%s: %s", key, "sent" if sent else "was sent before")


def _publish(notice: Notice) -> None:
    text = mail.body(notice)
    clients.sns().publish(
        TopicArn=required("TOPIC_ARN"),
        Subject=mail.subject(notice),
        MessageStructure="json",
        Message=json.dumps({"default": text, "email": text, "lambda": notice.to_json()}),
    )


def _post(notice: Notice) -> None:
    try:
        slack.post(clients.webhook(), slack.payload(notice))
    except slack.WebhookGoneError:
        clients.webhook.cache_clear()
        raise
