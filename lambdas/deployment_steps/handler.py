"""Lambda `deployment-steps`: a lifecycle hook of ECS at PRE_PRODUCTION_TRAFFIC_SHIFT, which comes before each step.

A linear deployment goes up in small equal steps without a pause; this hook holds it at those steps that somebody
chose. It reads the weights that ECS tells it and calls no API of AWS: ECS alone moves the traffic, and takes it back.
"""

import logging
import os
import time

from deployment_hook import hook
from deployment_hook.options import Options, SettingError
from deployment_steps import settings, steps

logger = logging.getLogger(__name__)
logging.getLogger("deployment_steps").setLevel(logging.INFO)


def handler(event: object, context: object) -> hook.Answer:
    """Answer one invocation of the hook."""
    try:
        invocation = hook.parse(event)
        if invocation.goes_back:
            return hook.succeeded()
        chosen = settings.parse(Options(os.environ, invocation.details))
    except (hook.MalformedEventError, SettingError) as error:
        return _refuse(f"the steps are not held: {error}")
    answer = steps.answer(invocation, chosen, time.time())
    if answer != hook.succeeded():
        logger.info("%s: held at %s", invocation.short, answer["hookDetails"])
    return answer


def _refuse(reason: str) -> hook.Answer:
    logger.error(reason)
    return hook.failed()
