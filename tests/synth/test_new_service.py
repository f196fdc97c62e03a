"""What `roadworthy new service` writes works as it is, for every kind."""

import runpy
import sys

import pytest

import stacks
from roadworthy.cli import main
from roadworthy.scaffold.kinds import KINDS

pytestmark = pytest.mark.synth

CATALOGUE = """\
project = "shop"
[environments.stage]
[environments.prod] # which is guarded
region = "eu-west-1"
log_retention_days = 365
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a catalogue, whose stacks can be imported."""
    (tmp_path / "services.toml").write_text(CATALOGUE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(stacks, "__path__", [*stacks.__path__, str(tmp_path / "stacks")])
    before = set(sys.modules)
    yield tmp_path
    for name in {name for name in sys.modules if name.startswith("stacks.")} - before:
        del sys.modules[name]
        vars(stacks).pop(name.removeprefix("stacks."), None)


@pytest.mark.parametrize("kind", KINDS)
def test_the_test_that_comes_with_a_service_passes(project, kind):
    assert main(["new", "service", f"made-{kind}", "--kind", kind]) == 0
    made = runpy.run_path(str(project / "tests" / f"test_made_{kind}.py"))
    assert [entry.environment.name for entry in made["ENTRIES"]] == ["stage", "prod"]
    for entry in made["ENTRIES"]:
        made["test_roadworthy_finds_nothing"](entry)


def test_that_test_fails_when_the_stack_is_broken(project):
    main(["new", "service", "made-badly", "--kind", "worker"])
    stack = project / "stacks" / "made_badly.py"
    task = "self.service.task_definition.node.default_child"
    override = '("ContainerDefinitions.0.Image", "nginx:latest")'
    stack.write_text(f"{stack.read_text()}        {task}.add_property_override{override}\n")
    made = runpy.run_path(str(project / "tests" / "test_made_badly.py"))
    with pytest.raises(AssertionError):
        made["test_roadworthy_finds_nothing"](made["ENTRIES"][0])
