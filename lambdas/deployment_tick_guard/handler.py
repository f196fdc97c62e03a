"""Lambda `deployment-tick-guard`: a lifecycle hook of ECS at PRE_PRODUCTION_TRAFFIC_SHIFT.

It holds the switch until the old version's workers have ended the ticks that they have begun. With the lease it also
refuses new ticks, to both versions, until traffic is switched: the same function ends that pause at
POST_PRODUCTION_TRAFFIC_SHIFT, when it answers FAILED, and when EventBridge says that the deployment is over or goes
back. If all of that fails the pause ends by itself.
"""

import logging
import os
import time
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from deployment_hook import hook
from deployment_hook.hook import Invocation
from deployment_hook.options import Options, SettingError
from deployment_hook.troubles import AWS_ERRORS
from deployment_tick_guard import events, protection, rollout, settings
from deployment_tick_guard.guard import Guard
from deployment_tick_guard.lease import Pause
from deployment_tick_guard.settings import Settings, Store

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_ecs import ECSClient

CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
SWITCHED = "POST_PRODUCTION_TRAFFIC_SHIFT"

logger = logging.getLogger(__name__)
logging.getLogger("deployment_tick_guard").setLevel(logging.INFO)


def handler(event: Any, context: object) -> hook.Answer | None:
    """Answer one invocation of the hook, or take note of an event of EventBridge."""
    if events.is_event(event):
        _note(event)
        return None
    try:
        invocation = hook.parse(event)
        if invocation.goes_back or invocation.stage == SWITCHED:
            _end_pause(invocation)
            return hook.succeeded()
        chosen = settings.parse(Options(os.environ, invocation.details))
    except (hook.MalformedEventError, SettingError) as error:
        return _refuse(f"the ticks are not guarded: {error}")
    return _guard(invocation, chosen)


def _guard(invocation: Invocation, chosen: Settings) -> hook.Answer:
    answer = Guard(
        chosen,
        has_old_version=lambda: rollout.has_old_version(ecs(), invocation),
        running=lambda: _running(invocation, chosen.store),
        now=time.time(),
    ).answer(invocation)
    if answer == hook.failed():
        _end_pause(invocation)
    return answer


def _running(invocation: Invocation, store: Store | None) -> list[str]:
    if store is None:
        return protection.protected(ecs(), invocation)
    return _pause(store, invocation.service_name).set(invocation.deployment, store.pause_seconds)


def _end_pause(invocation: Invocation) -> None:
    store = _store()
    try:
        if store and _pause(store, invocation.service_name).end(invocation.deployment):
            logger.info("%s: the pause is over", invocation.short)
    except AWS_ERRORS as error:
        logger.warning("%s: the pause ends by itself: %s", invocation.short, error)


def _note(event: Mapping[str, Any]) -> None:
    store = _store()
    key = store and (store.key or events.key_of(event))
    if store and key:
        events.end_pause(ecs(), _pause(store, key))


def _store() -> Store | None:
    """Where the leases are; none when ticks are seen by task protection."""
    try:
        return settings.store(Options(os.environ))
    except SettingError:
        return None


def _pause(store: Store, service: str) -> Pause:
    return Pause(dynamodb(), store.table, store.key or service, time.time)


def _refuse(reason: str) -> hook.Answer:
    logger.error(reason)
    return hook.failed()


@cache
def ecs() -> "ECSClient":
    """The ECS client, made on first use and kept for the life of the execution environment."""
    return boto3.client("ecs", config=CONFIG)


@cache
def dynamodb() -> "DynamoDBClient":
    """The DynamoDB client."""
    return boto3.client("dynamodb", config=CONFIG)
