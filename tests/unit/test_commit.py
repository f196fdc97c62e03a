import subprocess

import pytest

from roadworthy.commit import UnknownCommitError, last_commit


@pytest.fixture
def repository(tmp_path):
    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
        command = ["git", "-C", str(tmp_path), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    for name in ("image", "elsewhere"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
        git("add", ".")
        git("commit", "-qm", name)
    return tmp_path, git


def test_it_is_the_last_commit_that_changed_the_folder_in_twelve_digits(repository):
    folder, git = repository
    assert last_commit(folder / "image") == git("rev-parse", "HEAD~1")[:12]
    assert last_commit(folder / "elsewhere") == git("rev-parse", "HEAD")[:12]


def test_a_folder_without_a_commit_has_none(repository):
    folder, _ = repository
    (folder / "new").mkdir()
    with pytest.raises(UnknownCommitError, match="is in no commit"):
        last_commit(folder / "new")


def test_outside_a_checkout_there_is_none(tmp_path):
    with pytest.raises(UnknownCommitError, match=r"is not known \(fatal: not a git repository.*-c image_tag=TAG"):
        last_commit(tmp_path)


def test_without_git_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnknownCommitError, match="git cannot be started"):
        last_commit(tmp_path)


def test_a_git_hooks_variables_do_not_lead_astray(repository, monkeypatch, tmp_path_factory):
    folder, _ = repository
    monkeypatch.setenv("GIT_DIR", str(tmp_path_factory.mktemp("elsewhere")))
    assert len(last_commit(folder / "image")) == 12
