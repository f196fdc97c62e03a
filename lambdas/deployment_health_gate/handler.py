"""Lambda `deployment-health-gate`: a lifecycle hook of ECS at POST_TEST_TRAFFIC_SHIFT.

It asks the new version for its health through the test listener: 12 times in 60 seconds, unless it is set otherwise.
The first good answer opens the gate. That one is enough by default: ECS comes to this stage only when the target
group's own checks have found every new task healthy, so what is left to prove is the way there. It calls no API of AWS,
so that it works in subnets without a way out. A service's first version is asked like any other.
"""

import logging
import os
import time
from typing import Any

from deployment_health_gate import probe, settings
from deployment_health_gate.gate import Gate
from deployment_health_gate.settings import Settings
from deployment_hook import hook
from deployment_hook.options import Options, SettingError

ANSWER_SECONDS = 1.0  # kept back to answer ECS

logger = logging.getLogger(__name__)
logging.getLogger("deployment_health_gate").setLevel(logging.INFO)


def handler(event: object, context: Any) -> hook.Answer:
    """Answer one invocation of the hook."""
    try:
        invocation = hook.parse(event)
        if invocation.goes_back:
            return hook.succeeded()
        chosen = settings.parse(Options(os.environ, invocation.details))
    except (hook.MalformedEventError, SettingError) as error:
        return _refuse(f"the gate stays shut: {error}")
    return _judge(invocation.short, chosen, context.get_remaining_time_in_millis() / 1000 - ANSWER_SECONDS)


def _judge(deployment: str, chosen: Settings, seconds: float) -> hook.Answer:
    gate = Gate(chosen, probe.get, time.monotonic, time.sleep)
    if gate.opens(until=time.monotonic() + seconds):
        logger.info("%s: %s is healthy", deployment, chosen.target)
        return hook.succeeded()
    return _refuse(f"{deployment}: {chosen.target} is not healthy after {chosen.tries} tries")


def _refuse(reason: str) -> hook.Answer:
    logger.error(reason)
    return hook.failed()
