"""What an update may be: refused at birth, with the value."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.operations.host.plan import Gate, Tick, Update, UpdateError

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a name with a blank": ({"name": "my web"}, "container name 'my web'"),
    "a name that would be an option": ({"name": "--rm"}, "container name '--rm'"),
    "port 0": ({"port": 0}, "--port 0: a port is a number from 1 to 65535"),
    "port 65536": ({"green_port": 65536}, "--green-port 65536"),
    "one port for two": ({"port": 80, "green_port": 80}, "both 80"),
    "a variable with a dash": ({"port_variable": "THE-PORT"}, "environment variable 'THE-PORT'"),
    "a path without a slash": ({"gate": Gate("health")}, "--health-path 'health'"),
    "a path with a line break": ({"gate": Gate("/a\r\nb")}, "--health-path '/a\\r\\nb'"),
    "two ticks": ({"tick": Tick(("idle",), "/tick")}, "--tick-command and --tick-path: pass one of them"),
    "a ceiling below the protection": (
        {"tick": Tick(path="/tick", timeout=5)},
        "--tick-timeout 5 s is shorter than --tick-protection 10 s",
    ),
    "an unknown policy": ({"restart": "never"}, "--restart 'never'"),
    "too long together": (
        {"tick": Tick(path="/tick", timeout=240)},
        "5 s green starts + 60 s health gate + 240 s tick + 3 s blue stops = 308 s, more than --max-overlap 300 s",
    ),
}


@pytest.mark.parametrize(("values", "words"), REFUSED.values(), ids=list(REFUSED))
def test_it_is_refused(values: dict[str, Any], words: str):
    with pytest.raises(UpdateError) as refused:
        Update(**{"name": "web", "image": "web:2", **values})
    assert words in str(refused.value)


@pytest.mark.parametrize("policy", ["no", "always", "unless-stopped", "on-failure", "on-failure:5"])
def test_the_restart_policies_of_docker_are_taken(policy: str):
    assert Update("web", "web:2", restart=policy).restart == policy


def test_the_defaults_keep_what_is_promised():
    update = Update("web", "web:2")
    assert (update.port, update.green_port, update.green) == (5221, 5222, "web-green")
    assert (update.gate.tries, update.gate.interval, update.gate.seconds) == (12, 5, 60)
    assert (update.tick.protection, update.max_downtime, update.max_overlap) == (10, 5, 300)


def test_a_long_tick_is_taken_where_the_overlap_may_be_as_long():
    assert Update("web", "web:2", tick=Tick(path="/tick", timeout=240), max_overlap=308).tick.seconds == 240


@given(st.text(), st.integers(), st.text(), st.text(), st.text())
def test_any_value_is_taken_or_refused_in_one_error(name: str, port: int, path: str, variable: str, policy: str):
    try:
        update = Update(name, "web:2", port=port, gate=Gate(path), port_variable=variable, restart=policy)
    except UpdateError:
        return
    assert (update.name, update.gate.path) == (name, path)
