"""What a run left that was killed, by how far it had come."""

from dataclasses import replace

import pytest

from roadworthy.operations.errors import BusyError, OperationError
from roadworthy.operations.host.leftovers import mend
from tests.unit.operations.host.virtual import UPDATE, Box, VirtualHost

KILLED = "an update before this one was killed"


@pytest.fixture
def left(virtual: VirtualHost) -> VirtualHost:
    """A host on which a run got as far as its wait for blue's work."""
    begun = virtual.clock.now() - 20
    virtual.boxes["web-green"] = Box("web:2", "sha256:2", 5222, "web", "running", begun)
    virtual.boxes["web-next"] = Box("web:2", "sha256:2", 5221, "web", "created")
    return virtual


def test_nothing_is_done_where_nothing_was_left(virtual: VirtualHost):
    mend(UPDATE, virtual.host)
    assert (virtual.verbs, virtual.told) == ([], [])


def test_before_the_switch_what_is_new_is_removed(left: VirtualHost):
    mend(UPDATE, left.host)
    assert left.statuses == {"web": "running"}
    assert left.told == [f"{KILLED}: removed web-next", f"{KILLED}: removed web-green"]


def test_blue_that_was_stopped_serves_again(left: VirtualHost):
    left.boxes["web"].status = "exited"
    mend(UPDATE, left.host)
    assert (left.statuses, left.boxes["web"].image) == ({"web": "running"}, "web:1")
    assert "web was started again" in left.told


def test_a_new_version_that_answers_is_taken_over(left: VirtualHost):
    left.boxes["web"].status = "exited"
    left.boxes["web-next"].status = "running"
    mend(UPDATE, left.host)
    assert (left.statuses, left.boxes["web"].image) == ({"web": "running"}, "web:2")
    assert f"{KILLED} after its switch: web-next serves, and is web now" in left.told


def test_a_new_version_that_does_not_answer_makes_way_for_blue(left: VirtualHost):
    left.image("web:2", health={5221: 503})
    left.boxes["web"].status = "exited"
    left.boxes["web-next"].status = "running"
    mend(UPDATE, left.host)
    assert (left.statuses, left.boxes["web"].image) == ({"web": "running"}, "web:1")


def test_blue_that_does_not_answer_again_is_told(left: VirtualHost):
    left.image("web:1", health={5221: 500})
    left.boxes["web"].status = "exited"
    mend(UPDATE, left.host)
    assert "web was started again, and does not answer well" in left.told


def test_a_new_version_that_had_been_verified_gets_its_name(left: VirtualHost):
    del left.boxes["web"]
    left.boxes["web-next"].status = "running"
    mend(UPDATE, left.host)
    assert (left.statuses, left.boxes["web"].image) == ({"web": "running"}, "web:2")
    assert f"{KILLED} at its very end: web-next is web now" in left.told


def test_a_first_version_that_never_started_is_removed(left: VirtualHost):
    del left.boxes["web"]
    mend(UPDATE, left.host)
    assert left.statuses == {}


def test_a_migration_that_goes_on_is_left_alone(left: VirtualHost):
    left.boxes["web-migrate"] = Box("web:2", "sha256:2", 5222, "web", "running")
    with pytest.raises(BusyError, match="its migration goes on: wait for web-migrate"):
        mend(UPDATE, left.host)
    assert left.verbs == []


@pytest.mark.parametrize("name", ["web-green", "web-next", "web-migrate"])
def test_a_container_that_no_update_made_is_not_touched(left: VirtualHost, name: str):
    left.boxes[name] = Box("web:1", "sha256:1", 80, "", "running")
    with pytest.raises(OperationError, match=f"container {name} is there, and no rolling update of web made it"):
        mend(UPDATE, left.host)
    assert left.verbs == []


def test_a_container_of_another_services_update_is_not_touched(left: VirtualHost):
    left.boxes["web-green"] = replace(left.boxes["web-green"], owner="web-green")
    with pytest.raises(OperationError, match="remove or rename it"):
        mend(UPDATE, left.host)
