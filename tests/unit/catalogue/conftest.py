from collections.abc import Callable

import pytest

from roadworthy.catalogue import Catalogue

ENVIRONMENTS = """\
project = "shop"
[environments.stage]
[environments.prod]
account = "111122223333"
"""


@pytest.fixture
def load(tmp_path, monkeypatch) -> Callable[[str], Catalogue]:
    """The catalogue of a text behind four lines that name a project and its environments."""
    monkeypatch.chdir(tmp_path)

    def load(text: str, *, head: str = ENVIRONMENTS) -> Catalogue:
        (tmp_path / "services.toml").write_text(head + text, encoding="utf-8")
        return Catalogue.load()

    return load


@pytest.fixture(scope="session")
def load_once(tmp_path_factory) -> Catalogue:
    """A catalogue that tests only look into."""
    path = tmp_path_factory.mktemp("once") / "services.toml"
    path.write_text(f'{ENVIRONMENTS}[services.api]\nkind = "worker"\n')
    return Catalogue.load(path)
