import os
import stat

import pytest

from roadworthy.cli import output
from roadworthy.cli.output import OutputError, write


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path):
    file = tmp_path / "r.json"
    file.write_text("old")
    file.chmod(0o640)
    write(str(file), "new")
    assert file.read_text() == "new\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["r.json"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write(str(tmp_path / "link"), "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new\n"


def test_a_device_is_written_to(capfd):
    write("/dev/stdout", "text")
    write("/dev/null", "text")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_text_that_no_encoding_has_is_escaped(tmp_path):
    write(str(tmp_path / "r"), "a\ud800")
    assert (tmp_path / "r").read_text() == "a\\ud800\n"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("absent/r.json", "no such file or directory"), ("a\0b", "embedded null (byte|character in path)")],
)
def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path, name, reason):
    with pytest.raises(OutputError, match=f"{reason}: the report was not written"):
        write(str(tmp_path / name), "text")
    assert os.listdir(tmp_path) == []


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(OutputError, match="is a directory"):
        write(str(tmp_path), "text")


@pytest.mark.parametrize(
    ("environment", "terminal", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ({"NO_COLOR": "", "FORCE_COLOR": ""}, True, True),
    ],
)
def test_colours_are_for_terminals_unless_the_environment_says_so(monkeypatch, environment, terminal, expected):
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(output.sys.stdout, "isatty", lambda: terminal)
    assert output.colours() is expected
