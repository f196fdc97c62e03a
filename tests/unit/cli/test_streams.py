"""`roadworthy` in processes whose streams or working directory are not as usual."""

import os
import subprocess
import sys

import pytest

GOOD = """\
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: nginx:1.27
"""
LATEST = ["--select", "latest-image-tag"]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder with one template that is right."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.yaml").write_text(GOOD)
    return tmp_path


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_one_line_and_exit_code_2():
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "roadworthy.cli", "check", "t.yaml"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "roadworthy: standard output: no space left on device\n")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("exec $ROADWORTHY check - <&-", "roadworthy: <stdin>: standard input is closed\n"),
        ("exec $ROADWORTHY check absent 2>&-", ""),
        (
            "cd gone; rmdir ../gone; exec $ROADWORTHY synth",
            "roadworthy: the working directory: no such file or directory\n",
        ),
    ],
)
def test_a_process_in_a_strange_state_is_no_traceback(folder, command, told):
    (folder / "gone").mkdir()
    environment = {**os.environ, "ROADWORTHY": f"{sys.executable} -m roadworthy.cli"}
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


def test_standard_output_by_its_other_name_is_written_on(folder):
    command = [sys.executable, "-m", "roadworthy.cli", "check", *LATEST, "t.yaml", "--output", "/dev/stdout"]
    with open("log", "w") as log:
        log.write("before\n")
        log.flush()
        subprocess.run(command, stdout=log, check=True)
        os.write(log.fileno(), b"after\n")
    lines = [line.partition(":")[0] for line in (folder / "log").read_text().splitlines()]
    assert lines == ["before", "1 file checked", "1 file checked", "after"]


@pytest.mark.parametrize("arguments", [["check", "t.yaml", *LATEST], ["rules"], ["explain", "latest-image-tag"]])
def test_a_process_without_standard_output_is_no_traceback(arguments):
    code = "import sys; sys.stdout = None; from roadworthy.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
