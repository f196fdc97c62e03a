"""Many services on a simulated ECS, each call of which takes as long as the network does."""

import time
from pathlib import Path

from roadworthy.testing import FakeEcs

LATENCY = 0.05  # seconds for a call
CLUSTER = "shop-stage-cluster"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/{name}:4f1c2ab"
HEAD = 'project = "shop"\n\n[environments.stage]\nregion = "eu-west-1"\n'
SERVICE = '\n[services.{name}]\nkind = "worker"\n'


def names(services: int) -> list[str]:
    """What the services are called in services.toml."""
    return [f"service-{number:04}" for number in range(services)]


def shop(services: int) -> FakeEcs:
    """As many services, each with a task definition of its own and two tasks; a deployment takes about a minute."""
    fake = FakeEcs()
    for name in names(services):
        fake.add_service(CLUSTER, f"{name}-stage", image=IMAGE.format(name=name), port=None)
    return fake


def write_catalogue(services: int, folder: Path) -> Path:
    """The services.toml of these services."""
    file = folder / "services.toml"
    file.write_text(HEAD + "".join(SERVICE.format(name=name) for name in names(services)), encoding="utf-8")
    return file


class PacedClock:
    """The simulation's clock, on which the time of the wall passes as well, and where waiting takes none of it."""

    def __init__(self, fake: FakeEcs) -> None:
        self._clock = fake.clock
        self._seen = time.perf_counter()

    def now(self) -> float:
        """Seconds since the epoch."""
        self.sleep(0.0)
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass, and those that have passed on the wall."""
        seen = time.perf_counter()
        passed, self._seen = seen - self._seen, seen
        self._clock.sleep(passed + seconds)
