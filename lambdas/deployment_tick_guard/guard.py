"""Whether the switch may come now: no tick runs any more, and the guard has waited for as long as it must.

What is known between two invocations is in `hookDetails`: since when this step is held. A gradual deployment comes here
before every step, so a step is known by the new version's share of the traffic.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deployment_hook import hook
from deployment_hook.hook import Invocation
from deployment_hook.troubles import AWS_ERRORS, may_pass
from deployment_tick_guard.settings import CONTINUE, Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Guard:
    """The effects are given: `running` names the ticks that run, after it has refused new ones where it can."""

    settings: Settings
    has_old_version: Callable[[], bool]
    running: Callable[[], Sequence[str]]
    now: float

    def answer(self, invocation: Invocation) -> hook.Answer:
        """Give ECS's answer; never raises for an error of AWS."""
        step = f"{invocation.stage} {invocation.production_weights.get(invocation.revision, 0)}"
        since = _since(invocation.details, step, self.now)
        age = self.now - since
        try:
            if not self.has_old_version():
                logger.info("%s: the first version of its service: no ticks to guard", invocation.short)
                return hook.succeeded()
            ticks = self.running()
        except AWS_ERRORS as error:
            if not may_pass(error, age):
                logger.error("%s: the ticks cannot be seen: %s", invocation.short, error)  # noqa: TRY400 - not ours
                return hook.failed()
            logger.warning("%s: the ticks are asked for again: %s", invocation.short, error)
            ticks = ["unknown"]
        pause = self._pause(ticks, age)
        if pause:
            logger.info("%s: held for %.0f s, ticks: %s", invocation.short, age, ", ".join(ticks) or "none")
            return hook.again(pause, {**invocation.details, "step": step, "since": since})
        return self._end(invocation, ticks, age)

    def _pause(self, ticks: Sequence[str], age: float) -> int:
        """Seconds until the next look; 0 when there is none."""
        limit = self.settings.max_wait_seconds if ticks else self.settings.min_wait_seconds
        return 0 if age >= limit else max(1, min(self.settings.poll_seconds, round(limit - age)))

    def _end(self, invocation: Invocation, ticks: Sequence[str], age: float) -> hook.Answer:
        if not ticks:
            logger.info("%s: no tick runs: the switch may come", invocation.short)
            return hook.succeeded()
        goes_on = self.settings.on_timeout == CONTINUE
        logger.error(
            "%s: after %.0f s there still run: %s: %s",
            *(invocation.short, age, ", ".join(ticks), "switched all the same" if goes_on else "rolled back"),
        )
        return hook.succeeded() if goes_on else hook.failed()


def _since(details: Mapping[str, Any], step: str, now: float) -> float:
    since = hook.number(details, "since")
    return since if since is not None and since <= now and details.get("step") == step else now
