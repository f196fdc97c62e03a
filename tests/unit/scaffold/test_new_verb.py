"""`roadworthy new service`, without CDK: what it writes, and what it refuses."""

import ast
import subprocess
import sys

import pytest

from roadworthy.catalogue import Catalogue
from roadworthy.catalogue.kinds import KINDS
from roadworthy.cli import main
from roadworthy.scaffold.kinds import KINDS as SCAFFOLDED
from tests.unit.scaffold.conftest import CATALOGUE


def test_every_kind_of_the_catalogue_can_be_made():
    assert list(SCAFFOLDED) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_service_is_in_the_catalogue_with_a_stack_and_a_test(project, everything, kind):
    assert main(["new", "service", "order-intake", "--kind", kind]) == 0
    assert set(everything()) == {"services.toml", "stacks/order_intake.py", "tests/test_order_intake.py"}
    entries = [entry for entry in Catalogue.load().entries if entry.service == "order-intake"]
    assert [(entry.kind, entry.environment.name) for entry in entries] == [(kind, "stage"), (kind, "prod")]
    stack = ast.parse((project / "stacks" / "order_intake.py").read_text())
    assert [node.name for node in stack.body if isinstance(node, ast.ClassDef)] == ["OrderIntakeStack"]


def test_the_lines_of_app_py_are_printed_and_not_written(project, capsys):
    (project / "app.py").write_text("")
    main(["new", "service", "api", "--kind", "worker"])
    imported, made = capsys.readouterr().out.splitlines()[-2:]
    assert imported == "from stacks.api import ApiStack"
    assert made.startswith('ApiStack(app, "ApiStack", env=env, environment=environment, ')
    assert (project / "app.py").read_text() == ""


def test_a_service_of_some_environments_is_made_in_these_alone(project, capsys):
    assert main(["new", "service", "api", "--kind", "tcp", "--env", "prod, prod"]) == 0
    assert [entry.environment.name for entry in Catalogue.load().entries if entry.service == "api"] == ["prod"]
    assert 'if environment.name in {"prod"}:\n    ApiStack(app' in capsys.readouterr().out


def test_a_dry_run_shows_everything_and_writes_nothing(project, everything, capsys):
    assert main(["new", "service", "api", "--kind", "singleton", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert everything() == {"services.toml": CATALOGUE}
    assert '# services.toml, at its end\n\n[services.api]\nkind = "singleton"\n' in shown
    assert "# stacks/api.py\n" in shown
    assert "# tests/test_api.py\n" in shown


def test_it_works_from_a_folder_below(project, monkeypatch, everything):
    (project / "docs").mkdir()
    monkeypatch.chdir(project / "docs")
    assert main(["new", "service", "api", "--kind", "worker"]) == 0
    assert "stacks/api.py" in everything()


REFUSED = {
    "a name that is taken": (["checkout"], "service `checkout` is there already"),
    "a name with a space": (["my api"], "the service's name is 'my api': use letters, digits, hyphens"),
    "a name that begins with a digit": (["3d"], "the service's name is '3d': use letters"),
    "an empty name": ([""], "the service's name is '': use letters"),
    "a keyword of Python": (["import"], "Python cannot import stacks.import"),
    "a name that ECR refuses": (["Api"], "`Api` cannot be added: services.toml:11: [services.Api]"),
    "an unknown environment": (["api", "--env", "stage,prd"], "no environment `prd`; did you mean `prod`?"),
    "an environment without a name": (["api", "--env", "stage,"], "the environment's name is empty"),
}


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_leaves_everything_as_it_was(project, everything, capsys, arguments, message):
    assert main(["new", "service", *arguments, "--kind", "worker"]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1
    assert everything() == {"services.toml": CATALOGUE}


@pytest.mark.parametrize("taken", ["stacks/my_api.py", "stacks/my_api/__init__.py", "tests/test_my_api.py"])
def test_what_is_there_is_never_overwritten(project, everything, capsys, taken):
    (project / taken).parent.mkdir(parents=True)
    (project / taken).write_text("mine")
    assert main(["new", "service", "my-api", "--kind", "worker"]) == 2
    assert "is there already: choose another name than `my-api`" in capsys.readouterr().err
    assert everything() == {"services.toml": CATALOGUE, taken: "mine"}


def test_services_in_one_inline_table_are_not_added_to(project, capsys):
    text = 'services = {}\nproject = "shop"\n[environments.stage]\n'
    (project / "services.toml").write_text(text)
    assert main(["new", "service", "api", "--kind", "worker"]) == 2
    assert "`api` cannot be added: services.toml is not TOML" in capsys.readouterr().err
    assert (project / "services.toml").read_text() == text


@pytest.mark.parametrize("stays", ["tests", "tests/test_api.py"])
def test_a_step_that_fails_leaves_nothing_behind(project, everything, monkeypatch, capsys, stays):
    # A file where a folder must be, or one that comes between the look and the writing.
    if stays == "tests":
        (project / stays).write_text("a file")
    else:
        (project / "tests").mkdir()
        monkeypatch.setattr("pathlib.Path.exists", lambda path, **_: path.is_dir())
        monkeypatch.setattr("pathlib.Path.is_symlink", lambda _: False)
        (project / stays).write_text("another's")
    before = everything()
    assert main(["new", "service", "api", "--kind", "worker"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert everything() == before
    assert not (project / "stacks").exists()


def test_a_catalogue_that_cannot_be_replaced_takes_the_new_files_with_it(project, everything, monkeypatch, capsys):
    def refuse(path, target):
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    assert main(["new", "service", "api", "--kind", "worker"]) == 2
    assert "permission denied" in capsys.readouterr().err
    assert everything() == {"services.toml": CATALOGUE}
    assert not (project / "tests").exists()


def test_the_verb_loads_no_cdk():
    code = "import roadworthy.cli.new, sys; print({'aws_cdk', 'jsii', 'boto3', 'yaml'} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "set()"
