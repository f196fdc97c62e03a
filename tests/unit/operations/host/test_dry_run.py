"""`--dry-run`: the commands of the update itself, as a shell takes them."""

import shlex
from dataclasses import replace
from pathlib import Path

from roadworthy.operations.host.dry_run import commands
from roadworthy.operations.host.plan import Tick
from tests.unit.operations.host.virtual import UPDATE, VirtualHost

LOOKS = {"container", "image", "logs", "version"}
BUILT = replace(UPDATE, build=Path("my folder"), tick=Tick(command=("idle",)))


def test_they_are_what_an_update_that_succeeds_does(virtual: VirtualHost):
    virtual.roll(BUILT)
    done = [call for call in virtual.asked if call[0] not in LOOKS]
    assert [tuple(shlex.split(command)[1:]) for command in commands(BUILT)] == done


def test_a_shell_takes_them():
    assert commands(BUILT)[0] == "docker build --tag web:2 'my folder'"


def test_without_a_migration_there_is_none():
    assert not any("--rm" in command for command in commands(replace(BUILT, migrate=())))
