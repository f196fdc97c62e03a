import json

import pytest

from roadworthy.synthesis.settings import FROM_CLI, SettingsError, default_region, load


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with the given files, for a user without settings of their own."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    def build(**files):
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            (tmp_path / f"{name.replace('_', '.')}.json").write_text(text)
        return tmp_path

    return build


def settings(folder, app=None, output=None, context=()):
    return load(folder, app=app, output=output, context=context)


def test_the_app_comes_from_cdk_json_unless_it_is_given(project):
    folder = project(cdk={"app": "python app.py"})
    assert settings(folder).app == "python app.py"
    assert settings(folder, app="node app.js").app == "node app.js"


def test_later_contexts_win_and_the_cli_adds_its_own(project):
    folder = project(cdk={"app": "x", "context": {"a": 1, "b": 1, "c": 1}}, cdk_context={"b": 2, "c": 2})
    assert settings(folder, context=["c=3", "d=x=y"]).context == {"a": 1, "b": 2, "c": "3", "d": "x=y", **FROM_CLI}


def test_the_output_is_beside_cdk_json(project):
    assert settings(project(cdk={"app": "x"})).output.name == "cdk.out"
    assert settings(project(cdk={"app": "x", "output": "build"})).output.name == "build"
    assert settings(project(cdk={"app": "x", "output": "build"}), output="/o").output.as_posix() == "/o"


@pytest.mark.parametrize(
    ("files", "context", "message"),
    [
        ({}, [], "names no app"),
        ({"cdk": {"app": 1}}, [], "names no app"),
        ({"cdk": "{"}, [], r"cdk\.json: Expecting property name"),
        ({"cdk": []}, [], "not a JSON object"),
        ({"cdk": {"app": "x"}}, ["env"], "context `env` is not KEY=VALUE"),
    ],
)
def test_what_cannot_be_used_is_refused(project, files, context, message):
    with pytest.raises(SettingsError, match=message):
        settings(project(**files), context=context)


@pytest.mark.parametrize(
    ("environment", "region"),
    [
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-2"),
        ({}, "eu-north-1"),
        ({"AWS_PROFILE": "prod"}, "ap-southeast-1"),
        ({"AWS_PROFILE": "other"}, "us-east-1"),
    ],
)
def test_the_region_is_the_one_that_the_cdk_cli_would_take(tmp_path, environment, region):
    file = tmp_path / "config"
    file.write_text("[default]\nregion = eu-north-1\n[profile prod]\nregion = ap-southeast-1\n")
    assert default_region({"AWS_CONFIG_FILE": str(file), **environment}) == region


@pytest.mark.parametrize("output", ["3", '["a"]', '"a\\u0000b"'])
def test_an_output_that_is_no_path_is_told(tmp_path, output):
    (tmp_path / "cdk.json").write_text(f'{{"app": "true", "output": {output}}}')
    with pytest.raises(SettingsError, match=r"cdk\.json: output is .*: it must be a folder's path"):
        load(tmp_path, app=None, output=None, context=[])
