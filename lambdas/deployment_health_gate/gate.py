"""Try until the new version has answered well often enough in a row, or there are no tries left."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from deployment_health_gate.probe import NoAnswerError
from deployment_health_gate.settings import Settings

SHORTEST_SECONDS = 1.0  # a try with less time than this would say more of the gate than of the new version

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gate:
    """The effects are given: `probe` asks within some seconds for a status, `now` and `sleep` are in seconds."""

    settings: Settings
    probe: Callable[[Settings, float], int]
    now: Callable[[], float]
    sleep: Callable[[float], None]

    def opens(self, until: float) -> bool:
        """Whether the new version is healthy; decided before the time `until`, whatever happens."""
        start, row = self.now(), 0
        for number in range(self.settings.tries):
            begin = max(start + number * self.settings.interval_seconds, self.now())
            if until - begin < SHORTEST_SECONDS:
                logger.error("try %s: no time: the function's time-out is too short for all tries", number + 1)
                return False
            self._wait(begin)
            left = min(until - self.now(), self.settings.interval_seconds)
            row = row + 1 if self._succeeds(number, left) else 0
            if row == self.settings.successes:
                return True
        return False

    def _wait(self, until: float) -> None:
        pause = until - self.now()
        if pause > 0:
            self.sleep(pause)

    def _succeeds(self, number: int, seconds: float) -> bool:
        try:
            status = self.probe(self.settings, seconds)
        except NoAnswerError as error:
            logger.warning("try %s of %s: no answer: %s", number + 1, self.settings.tries, error)
            return False
        logger.info("try %s of %s: status %s", number + 1, self.settings.tries, status)
        return status in self.settings.codes
