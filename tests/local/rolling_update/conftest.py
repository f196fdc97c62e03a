"""A machine for each test, on which the first version serves."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.local.rolling_update.machine import Machine, Ran


@dataclass(frozen=True)
class Updated:
    """A machine after an update."""

    machine: Machine
    ran: Ran


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Machine]:
    """A machine on which nothing runs."""
    machine = Machine(tmp_path)
    yield machine
    machine.end()


@pytest.fixture
def machine(bare: Machine) -> Machine:
    """A machine on which version 1 serves, started by hand."""
    return serving(bare)


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Updated]:
    """An update from version 1 to version 2, with all that can be asked for."""
    machine = serving(Machine(tmp_path_factory.mktemp("machine")))
    machine.version("2", boot=0.5, migrate="print('migrated by', open('version.json').read())")
    (machine.folder / "web.env").write_text("# of the shop\nCOLOUR=teal\nPORT=1\n")
    file = ("--env-file", str(machine.folder / "web.env"))
    way = ("--migrate", "python migrate.py", "--restart", "always", "--region", "eu-west-1", *file)
    yield Updated(machine, machine.update("2", *way))
    machine.end()


def serving(machine: Machine, **manners: object) -> Machine:
    """Start version 1 by hand."""
    machine.docker("build", "--tag", "web:1", str(machine.version("1", **manners)))
    variable = ("--env", f"PORT={machine.port}")
    machine.docker("run", "--detach", "--name", "web", "--network", "host", *variable, "web:1")
    while machine.serving() is None:
        time.sleep(0.02)
    return machine
