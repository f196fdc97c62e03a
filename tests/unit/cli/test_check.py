import io
import json
import subprocess
import sys

import pytest

import roadworthy
from roadworthy.cli import main
from roadworthy.config import Settings

BROKEN = """\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: nginx:latest
    Metadata: {"aws:cdk:path": Shop/Task/Resource}
"""
LATEST = ["--select", "latest-image-tag"]
GOOD = BROKEN.replace("latest", "1.27")


@pytest.fixture
def file(tmp_path):
    def write(text, name="t.yaml"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Tests are typed in a folder of their own: no project's settings hold."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_findings_are_exit_code_1(file, capsys):
    assert main(["check", file(BROKEN)]) == 1
    assert "  7:18  error  container `api` uses image `nginx:latest`" in capsys.readouterr().out


def test_nothing_found_is_exit_code_0(file):
    assert main(["check", *LATEST, file(GOOD)]) == 0


def test_the_fail_level_decides(file):
    warning = file('[{"name": "a", "image": "nginx"}]', "task.json")
    assert main(["check", *LATEST, warning]) == 0
    assert main(["check", *LATEST, "--fail-on", "warning", warning]) == 1
    assert main(["check", "--fail-on", "never", file(BROKEN)]) == 0


def test_json_has_line_and_column(file, capsys):
    main(["check", "--format", "json", *LATEST, file(BROKEN)])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["rule"], finding["line"], finding["column"]) == ("latest-image-tag", 7, 18)


@pytest.mark.parametrize(("text", "name"), [("{", "t.json"), ("a: [", "t.yaml")])
def test_a_malformed_file_is_one_line_and_exit_code_2(file, capsys, text, name):
    assert main(["check", file(text, name)]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("roadworthy: ")
    assert output.err.count("\n") == 1


def test_a_missing_path_is_exit_code_2(capsys):
    assert main(["check", "absent.yaml"]) == 2
    assert capsys.readouterr().err == "roadworthy: absent.yaml: no such file or directory\n"


def test_foreign_files_are_named_and_change_no_exit_code(file, capsys):
    assert main(["check", file('{"AWSEBDockerrunVersion": 2}', "Dockerrun.aws.json")]) == 0
    assert "Dockerrun.aws.json: Elastic Beanstalk Dockerrun file" in capsys.readouterr().out


def test_a_dash_is_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BROKEN.encode())))
    assert main(["check", "-"]) == 1
    assert "<stdin>" in capsys.readouterr().out


def test_the_python_front_door_gives_the_same_findings(file):
    report = roadworthy.check(file(BROKEN), settings=Settings(select=["latest-image-tag"]))
    assert [finding.rule for finding in report.findings] == ["latest-image-tag"]
    assert "latest-image-tag" in [finding.rule for finding in roadworthy.check(file(BROKEN)).findings]


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="chek"):
        roadworthy.chek  # noqa: B018 - reading it is the act


def test_a_check_of_json_loads_no_heavy_package(file):
    path = file(json.dumps({"Resources": {}}), "t.json")
    light = {"pathlib", "shutil", "shlex", "ipaddress", "urllib.parse"}  # but not for a check of one service
    heavy = {"aws_cdk", "jsii", "boto3", "botocore", "yaml", "dataclasses", "inspect"} | light
    code = (
        f"import sys; from roadworthy.cli import main; main(['check', {path!r}]); print({heavy!r} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 file checked: 0 errors\nset()\n"


def test_a_reader_that_has_gone_is_no_traceback(file):
    code = "import sys; from roadworthy.cli import main; sys.exit(main(sys.argv[1:]))"
    paths = [file(BROKEN, f"{number}.yaml") for number in range(400)]
    process = subprocess.Popen(
        [sys.executable, "-c", code, "check", *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait() == 1
    process.stderr.close()


def test_select_and_ignore_take_patterns(file, capsys):
    path = file(BROKEN)
    assert main(["check", "--select", "latest-*,env-secret-collision", path]) == 1
    assert main(["check", "--select", "latest-*", "--ignore", "roadworthy::latest-image-tag", path]) == 0
    assert main(["check", "--select", "env-secret-collision", path]) == 0
    assert main(["check", "--ignore", "latest-image-tag", "--ignore", "*", path]) == 0
    assert capsys.readouterr().out.endswith("1 file checked: 0 errors\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--select", "latest-image-tga"], "--select: unknown rule `latest-image-tga`; did you mean"),
        (
            ["--select", "LATEST-IMAGE-TAG"],
            "--select: unknown rule `LATEST-IMAGE-TAG`; did you mean `latest-image-tag`?",
        ),
        (["--ignore", "zzz-*"], "--ignore: unknown rule `zzz-*`; `roadworthy rules` lists them"),
        (["--config", "/absent.toml"], "/absent.toml: no such file or directory"),
        (["--config", "absent.toml"], "absent.toml: no such file or directory"),
        (["--baseline", "absent.json"], "absent.json: no such file or directory: make the baseline with"),
        (["--output", "absent/r.txt"], "absent/r.txt: no such file or directory: the report was not written"),
        (["--output", "t.yaml"], "t.yaml: is one of the files that were checked: name another one to write to"),
        (["--write-baseline", "./t.yaml"], "./t.yaml: is one of the files that were checked"),
        (["--write-baseline", "b.json", "--output", "r"], "--write-baseline writes no report: leave --output out"),
        (["--write-baseline", "absent/b.json"], "absent/b.json: no such file or directory: the report was not written"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(file, folder, capsys, arguments, message):
    assert main(["check", file(BROKEN), *arguments]) == 2
    errors = capsys.readouterr().err
    assert errors.startswith(f"roadworthy: {message}")
    assert errors.count("\n") == 1
    assert (folder / "t.yaml").read_text() == BROKEN


@pytest.mark.parametrize("arguments", [["--format", "xml"], ["--fail-on", "info"], ["--select", ","], ["--config="]])
def test_an_argument_that_is_none_is_exit_code_2(file, arguments):
    assert main(["check", file(BROKEN), *arguments]) == 2


@pytest.mark.parametrize("format", ["text", "json", "sarif", "junit", "github", "markdown"])
def test_a_report_in_a_file_leaves_the_line_that_sums_up(file, folder, capsys, format):
    assert main(["check", *LATEST, "--format", format, "--output", "report", file(BROKEN)]) == 1
    assert capsys.readouterr().out == "1 file checked: 1 error: see report\n"
    assert "latest-image-tag" in (folder / "report").read_text()


def test_a_dash_as_output_is_standard_output(file, capsys):
    main(["check", *LATEST, "--output", "-", file(BROKEN)])
    assert capsys.readouterr().out.endswith("1 file checked: 1 error\n")


def test_a_baseline_is_written_counted_and_told_when_it_is_stale(file, capsys):
    path = file(BROKEN)
    assert main(["check", *LATEST, path, "--write-baseline", "b.json"]) == 0
    assert main(["check", *LATEST, path, "--baseline", "b.json"]) == 0
    file(GOOD)
    assert main(["check", *LATEST, path, "--baseline", "b.json"]) == 0
    first, second, stale, third = capsys.readouterr().out.splitlines()
    assert first == "1 finding written to b.json"
    assert second == "1 file checked: 0 errors, 1 in the baseline"
    assert stale.startswith("no longer found, remove it from the baseline: latest-image-tag in t.yaml: container `api`")
    assert third == "1 file checked: 0 errors, 0 in the baseline"


def test_the_projects_settings_hold_and_flags_win(file):
    path = file(BROKEN)
    file("[tool.roadworthy]\nfail-on = 'never'\nbaseline = 'absent.json'\n", "pyproject.toml")
    assert main(["check", path]) == 2
    file("[tool.roadworthy]\nfail-on = 'never'\n", "pyproject.toml")
    assert main(["check", path]) == 0
    assert main(["check", "--fail-on", "error", path]) == 1


def test_a_severity_of_the_settings_replaces_the_rules_own(file, capsys):
    file("severity = {'latest-*' = 'warning'}", "roadworthy.toml")
    assert main(["check", *LATEST, file(BROKEN)]) == 0
    assert "  7:18  warning  " in capsys.readouterr().out


def test_rules_are_ignored_in_the_files_that_the_settings_name(file):
    broken, other = file(BROKEN, "old.yaml"), file(BROKEN, "new.yaml")
    file("per-file-ignores = {'old*' = ['latest-*']}", "roadworthy.toml")
    assert main(["check", *LATEST, broken]) == 0
    assert main(["check", *LATEST, other]) == 1


@pytest.mark.parametrize("paths", [["."], ["legacy/t.yaml", "good.yaml"]])
def test_excluded_files_are_not_checked_even_where_they_are_named(file, folder, capsys, paths):
    (folder / "legacy").mkdir()
    file(BROKEN, "legacy/t.yaml")
    file(GOOD, "good.yaml")
    assert main(["check", *LATEST, "--exclude", "legacy", *paths]) == 0
    assert capsys.readouterr().out == "1 file checked: 0 errors\n"


def test_globs_of_the_command_line_are_relative_to_where_it_is_typed(file, folder, monkeypatch):
    (folder / "sub").mkdir()
    file("per-file-ignores = {'other/*' = ['latest-*']}", "roadworthy.toml")
    file(BROKEN, "sub/t.yaml")
    monkeypatch.chdir(folder / "sub")
    assert main(["check", *LATEST, "t.yaml"]) == 1
    assert main(["check", *LATEST, "--exclude", "t.*", "t.yaml"]) == 0


def test_the_help_tells_the_exit_codes(capsys):
    assert main(["check", "--help"]) == 0
    assert "exit codes: 0  nothing at the fail level\n" in capsys.readouterr().out


@pytest.mark.parametrize("format", ["json", "sarif", "junit", "github", "markdown"])
def test_only_the_format_that_is_asked_for_is_imported(file, format):
    code = (
        "import sys; from roadworthy.cli import main; main(sys.argv[1:]);"
        "print([name.rpartition('.')[2] for name in sys.modules if name.endswith('_format')], 'tomllib' in sys.modules)"
    )
    arguments = [
        sys.executable,
        "-c",
        code,
        "check",
        "--format",
        format,
        "--output",
        "r",
        file('{"Resources": {}}', "t.json"),
    ]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == f"['{format}_format'] False"


def test_a_hostile_name_reaches_no_terminal(folder, capsys):
    assert main(["check", "a\x1b[31m\nb"]) == 2
    assert capsys.readouterr().err == "roadworthy: a\\x1b[31m\\nb: no such file or directory\n"


def test_the_baseline_itself_is_not_told_as_skipped(file, folder, capsys):
    file(BROKEN)
    main(["check", *LATEST, ".", "--write-baseline", "b.json"])
    assert main(["check", *LATEST, ".", "--baseline", str(folder / "b.json")]) == 0
    assert capsys.readouterr().out.endswith("\n1 file checked: 0 errors, 1 in the baseline\n")
