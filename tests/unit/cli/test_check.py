import io
import json
import subprocess
import sys

import pytest

import roadworthy
from roadworthy.cli import main

BROKEN = """\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: nginx:latest
"""
GOOD = BROKEN.replace("latest", "1.27")


@pytest.fixture
def file(tmp_path):
    def write(text, name="t.yaml"):
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write


def test_findings_are_exit_code_1(file, capsys):
    assert main(["check", file(BROKEN)]) == 1
    assert "  7:18  error  container `api` uses image `nginx:latest`" in capsys.readouterr().out


def test_nothing_found_is_exit_code_0(file):
    assert main(["check", file(GOOD)]) == 0


def test_the_fail_level_decides(file):
    warning = file('[{"name": "a", "image": "nginx"}]', "task.json")
    assert main(["check", warning]) == 0
    assert main(["check", "--fail-on", "warning", warning]) == 1
    assert main(["check", "--fail-on", "never", file(BROKEN)]) == 0


def test_json_has_line_and_column(file, capsys):
    main(["check", "--format", "json", file(BROKEN)])
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
    assert [finding.rule for finding in roadworthy.check(file(BROKEN)).findings] == ["latest-image-tag"]


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="chek"):
        roadworthy.chek  # noqa: B018 - reading it is the act


def test_a_check_of_json_loads_no_heavy_package(file):
    path = file(json.dumps({"Resources": {}}), "t.json")
    heavy = {"aws_cdk", "jsii", "boto3", "botocore", "yaml", "dataclasses", "inspect"}
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
