"""The same work by the command line and by a plain script, on two simulations that are alike."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import botocore.waiter

from benchmarks.operations import ours, plain
from benchmarks.operations.shop import CLUSTER, LATENCY, PacedClock, shop, write_catalogue
from roadworthy.testing import FakeEcs


class Way(NamedTuple):
    """What one way took: seconds, and calls of AWS."""

    seconds: float
    calls: int


class Task(NamedTuple):
    """A task, by the command and by the script."""

    words: str
    ours: Way
    plain: Way


def listing(services: int, folder: Path) -> Task:
    """See all services; every call waits on the wall."""
    catalogue = write_catalogue(services, folder)
    fake, other = shop(services), shop(services)
    fake.aws.latency(LATENCY)
    other.aws.latency(LATENCY)
    own = _timed(fake, time.perf_counter, lambda: ours.list_services(fake, PacedClock(fake), catalogue), services)
    ecs = other.session().client("ecs")
    theirs = _timed(other, time.perf_counter, lambda: plain.list_services(ecs, CLUSTER), services)
    return Task("`list`", own, theirs)


def restarting(services: int, parallel: int, folder: Path) -> Task:
    """Restart all services; the simulation's clock goes on with the wall's, and waiting costs no time of the wall."""
    catalogue = write_catalogue(services, folder)
    fake = shop(services)
    fake.aws.latency(LATENCY)
    clock = PacedClock(fake)
    own = _timed(fake, clock.now, lambda: ours.restart_all(fake, clock, catalogue, parallel), services)
    return Task(f"`restart --all --parallel {parallel}`", own, _plain_restart(services))


def _plain_restart(services: int) -> Way:
    """One call after the other: each can wait on the simulation's clock."""
    fake = shop(services)
    clock = PacedClock(fake)
    ecs = fake.session().client("ecs")
    ecs.meta.events.register("before-call.ecs", lambda **_: clock.sleep(LATENCY))
    with mock.patch.object(botocore.waiter, "time", clock):
        return _timed(fake, clock.now, lambda: plain.restart_all(ecs, CLUSTER), services)


def _timed(fake: FakeEcs, now: Callable[[], float], work: Callable[[], Any], services: int) -> Way:
    started, calls = now(), len(fake.calls)
    done = work()
    count = done if isinstance(done, int) else len(done)
    if count != services:
        raise SystemExit(f"{count} of {services} services")
    return Way(now() - started, len(fake.calls) - calls)
