"""A run that is killed before or after any of its docker commands leaves what the next run mends."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from roadworthy.operations.host.docker import QUICK, Docker, Done
from roadworthy.operations.host.leftovers import mend
from roadworthy.operations.host.report import Status
from roadworthy.operations.host.update import RollingUpdate
from tests.unit.operations.host.virtual import UPDATE, Image, VirtualHost

COMMANDS = 30  # more than an update has


class KilledError(BaseException):
    """The process is no more."""


class Mortal:
    """Runs docker until the process is killed; whatever is asked afterwards does not happen."""

    def __init__(self, virtual: VirtualHost, at: int, *, after: bool) -> None:
        self._virtual = virtual
        self._left = at
        self._after = after

    def __call__(self, arguments: Sequence[str], *, timeout: float | None = QUICK, shown: bool = False) -> Done:
        self._left -= 1
        if self._left == 0 and self._after:
            self._virtual(arguments, timeout=timeout, shown=shown)
        if self._left <= 0:
            raise KilledError
        return self._virtual(arguments, timeout=timeout, shown=shown)


def killed(virtual: VirtualHost, at: int, *, after: bool) -> None:
    """Run an update that is killed, if it lasts as long."""
    docker = Docker(Mortal(virtual, at, after=after))
    try:
        RollingUpdate(UPDATE, replace(virtual.host, docker=docker), virtual.host.docker.container("web")).run()
    except KilledError:
        return


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, COMMANDS + 1))
def test_the_next_run_leaves_one_container_with_its_version(virtual: VirtualHost, at: int, after: bool):
    killed(virtual, at, after=after)
    virtual.images["web:3"] = Image("sha256:3")
    mend(UPDATE, virtual.host)
    assert virtual.statuses == {"web": "running"}
    assert virtual.roll(replace(UPDATE, image="web:3")).report.status is Status.SUCCESS
    assert virtual.statuses == {"web": "running"}
    assert virtual.boxes["web"].image == "web:3"


def test_an_update_has_fewer_commands(virtual: VirtualHost):
    virtual.roll()
    assert 10 < len(virtual.asked) < COMMANDS
