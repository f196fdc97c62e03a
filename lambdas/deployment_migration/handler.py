"""Lambda `deployment-migration`: a lifecycle hook of ECS at PRE_SCALE_UP.

It runs the migrations as a task of the new version's task definition. Only when they exit with 0 does ECS start the new
version; the old one serves all the while, and stays when they fail, so every migration must leave a schema with which
the old version can work. It must also bear being run again: CloudFormation's rollback is a deployment as well.
"""

import logging
import os
import time
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from deployment_hook import hook
from deployment_hook.options import Options, SettingError
from deployment_migration import migration, settings
from deployment_migration.task import MigrationTask

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient

CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})

logger = logging.getLogger(__name__)
logging.getLogger("deployment_migration").setLevel(logging.INFO)


def handler(event: object, context: object) -> hook.Answer:
    """Answer one invocation of the hook."""
    try:
        invocation = hook.parse(event)
        if invocation.goes_back:
            return hook.succeeded()
        chosen = settings.parse(Options(os.environ, invocation.details))
    except (hook.MalformedEventError, SettingError) as error:
        return _refuse(str(error))
    return migration.advance(MigrationTask(ecs(), invocation, chosen), time.time())


def _refuse(reason: str) -> hook.Answer:
    logger.error("no migration: %s", reason)
    return hook.failed()


@cache
def ecs() -> "ECSClient":
    """The ECS client, made on first use and kept for the life of the execution environment."""
    return boto3.client("ecs", config=CONFIG)
