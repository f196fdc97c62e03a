import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadworthy import config
from roadworthy.config import ConfigError, Settings
from roadworthy.errors import RoadworthyError

ALL = """\
select = ["health-*", "latest-image-tag"]
ignore = ["env-secret-collision"]
fail-on = "warning"
exclude = ["legacy/*"]
baseline = "known.json"
severity = { "latest-image-tag" = "warning" }
per-file-ignores = { "examples/*" = ["latest-*"] }
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Write files into a project and go to one of its folders."""
    (tmp_path / "sub" / "folder").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "sub" / "folder")

    def write(**files):
        for name, text in files.items():
            (tmp_path / name.replace("__", "/")).with_suffix(".toml").write_text(text)
        return tmp_path

    return write


@pytest.mark.parametrize("files", [{"roadworthy": ALL}, {"pyproject": f"[tool.roadworthy]\n{ALL}"}])
def test_all_settings_are_read_from_the_nearest_file_upward(project, files):
    root = project(**files)
    assert config.find() == Settings(
        select=("health-*", "latest-image-tag"),
        ignore=("env-secret-collision",),
        fail_on="warning",
        exclude=("legacy/*",),
        baseline="../../known.json",
        severity={"latest-image-tag": "warning"},
        per_file_ignores={"examples/*": ("latest-*",)},
        folder=str(root),
    )


def test_without_a_configuration_everything_has_its_default(project):
    project()
    assert config.find() == Settings()
    assert (Settings().fail_on, Settings().baseline) == ("error", None)


def test_a_nearer_file_wins_and_a_pyproject_of_other_tools_is_passed_by(project):
    project(roadworthy="fail-on = 'never'", sub__pyproject="[tool.ruff]\nline-length = 1\n")
    assert config.find().fail_on == "never"
    project(sub__pyproject="[tool.roadworthy]\nfail-on = 'warning'")
    assert config.find().fail_on == "warning"


@pytest.mark.parametrize("text", ["[tool]\nroadworthy = {fail-on = 'never'}", "tool.roadworthy.fail-on = 'never'"])
def test_a_table_may_be_written_in_every_way_that_toml_has(project, text):
    project(pyproject=text)
    assert config.find().fail_on == "never"


def test_our_own_file_goes_before_the_pyproject_beside_it(project):
    project(roadworthy="fail-on = 'never'", pyproject="[tool.roadworthy]\nfail-on = 'warning'")
    assert config.find().fail_on == "never"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = [", "not TOML"),
        ("selct = []", "unknown key `selct`; did you mean `select`?"),
        ("zzz = 1", "unknown key `zzz`; known: select, ignore, fail-on"),
        ("select = 'health-*'", "select = 'health-*': it must be a list of texts"),
        ("ignore = [3]", "ignore = [3]: it must be a list of texts"),
        ("ignore = ['latest-image-tga']", "ignore: unknown rule `latest-image-tga`; did you mean `latest-image-tag`?"),
        ("select = ['zzz-*']", "select: unknown rule `zzz-*`; `roadworthy rules` lists them"),
        ("fail-on = 'eror'", "fail-on = 'eror'; did you mean `error`?"),
        ("fail-on = true", "fail-on = True; known: error, warning, never"),
        ("fail-on = ['error']", "fail-on = ['error'];"),
        ("baseline = 3", "baseline = 3: it must be a text"),
        ("exclude = 'x'", "exclude = 'x': it must be a list of texts"),
        ("severity = 'error'", "severity = 'error': it must be a table"),
        ("severity = {'latest-image-tag' = 'info'}", "severity.latest-image-tag = 'info'; known: error, warning"),
        ("severity = {'latest' = 'error'}", "severity: unknown rule `latest`"),
        ("per-file-ignores = []", "per-file-ignores = []: it must be a table"),
        ("per-file-ignores = {'a' = ['zzz']}", "per-file-ignores.'a': unknown rule `zzz`"),
    ],
)
def test_a_mistake_is_told_in_one_line_with_file_and_key(project, text, message):
    project(roadworthy=text)
    with pytest.raises(RoadworthyError) as told:
        config.find()
    assert str(told.value).startswith("../../roadworthy.toml: ")
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_was_named_must_hold_our_table(project):
    project(sub__folder__pyproject="[tool.ruff]")
    with pytest.raises(ConfigError, match=r"pyproject\.toml: no \[tool\.roadworthy\] table"):
        config.load("pyproject.toml")
    with pytest.raises(ConfigError, match=r"absent\.toml: no such file or directory"):
        config.load("absent.toml")


def test_a_file_may_have_any_name(project):
    root = project(strict="fail-on = 'warning'")
    assert config.load(str(root / "strict.toml")).fail_on == "warning"


@pytest.mark.parametrize(
    ("pattern", "hit"),
    [("legacy/*", True), ("legacy", True), ("legacy/", True), ("*.yaml", True), ("egacy", False), ("*.json", False)],
)
def test_a_glob_names_a_file_or_the_folder_around_it_relative_to_the_configuration(project, pattern, hit):
    root = project()
    assert Settings(folder=str(root)).names(str(root / "legacy" / "a" / "t.yaml"), [pattern]) is hit


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(table=VALUES | st.dictionaries(st.sampled_from(["select", "fail-on", "severity", "per-file-ignores"]), VALUES))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_no_value_is_a_crash(table):
    with contextlib.suppress(RoadworthyError):
        config._settings(table, "pyproject.toml")
