import pytest

CATALOGUE = """\
# The shop.
project = "shop"

[environments.stage]
[environments.prod]

[services.checkout] # the first
kind = "http"
port = 8000
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a catalogue and nothing else, and the working directory."""
    (tmp_path / "services.toml").write_text(CATALOGUE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def everything(project):
    """What is in the folder: path -> text."""
    return lambda: {str(path.relative_to(project)): path.read_text() for path in project.rglob("*") if path.is_file()}
