"""The example, the page and the editor's schema say what the code does."""

import json
import re
import tomllib
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from roadworthy.catalogue import Catalogue
from roadworthy.catalogue.catalogue import TOP_KEYS
from roadworthy.catalogue.environment import KEYS, LOG_RETENTION_DAYS
from roadworthy.catalogue.kinds import KINDS
from roadworthy.catalogue.service_entry import READERS
from roadworthy.catalogue.settings import DEFAULTABLE
from roadworthy.rules.facts.fargate_sizes import SIZES

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "optima" / "services.toml"
PAGE = (ROOT / "docs" / "services-toml.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "docs" / "services.schema.json").read_text(encoding="utf-8"))
NAMING = ("cluster", "service", "repository")
THIRTEEN = {
    "user-auth": "http",
    "user-auth-admin": "http",
    "commerce-backend": "http",
    "commerce-rq-worker": "worker",
    "commerce-rq-scheduler": "singleton",
    "agentic-chat": "http",
    "session-gateway": "http",
    "bi-backend": "http",
    "bi-dashboard": "http",
    "optima-scout": "worker",
    "ai-shell-web-ui": "http",
    "optima-store": "http",
    "pgbouncer": "tcp",
}


@pytest.fixture(scope="module")
def optima() -> Catalogue:
    return Catalogue.load(EXAMPLE)


def test_the_example_has_the_thirteen_services_in_stage(optima):
    assert {entry.service: entry.kind for entry in optima.services("stage")} == THIRTEEN


def test_the_store_and_the_pooler_of_the_example_are_in_stage_only(optima):
    prod = {entry.service for entry in optima.services("prod")}
    assert THIRTEEN.keys() - prod == {"optima-store", "pgbouncer"}


def test_the_example_is_named_and_guarded_as_operators_expect(optima):
    entry = optima.service("commerce-backend", "prod")
    assert (entry.cluster, entry.name) == ("optima-prod-cluster", "commerce-backend-prod")
    assert (entry.environment.region, entry.environment.guarded) == ("ap-southeast-1", True)
    assert optima.environment().name == "stage"


def test_the_pages_example_says_what_the_page_says_of_it(tmp_path):
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "services.toml").write_text(text)
    entry = Catalogue.load(tmp_path / "services.toml").service("checkout")
    assert (entry.name, entry.cluster) == ("checkout-stage", "shop-stage-cluster")


def test_the_page_has_one_row_for_each_key():
    rows = Counter(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert rows == Counter([*TOP_KEYS, *NAMING, *KEYS, "kind", "environments", *READERS, *KINDS])


@pytest.mark.parametrize("path", [EXAMPLE, ROOT / "services.toml"], ids=["example", "own"])
def test_the_schema_accepts_the_files_of_this_repository(path):
    jsonschema.validate(tomllib.loads(path.read_text(encoding="utf-8")), SCHEMA)


def test_the_schema_has_the_keys_and_values_of_the_code():
    environment, service = SCHEMA["definitions"]["environment"], SCHEMA["definitions"]["service"]
    assert set(SCHEMA["properties"]) == set(TOP_KEYS)
    assert set(SCHEMA["properties"]["naming"]["properties"]) == set(NAMING)
    assert set(environment["properties"]) == set(KEYS)
    assert set(environment["properties"]["defaults"]["properties"]) == set(DEFAULTABLE)
    assert set(service["properties"]) == {"kind", "environments", *READERS}
    assert service["properties"]["kind"]["enum"] == list(KINDS)
    assert SCHEMA["definitions"]["cpu"]["enum"] == list(SIZES)
    assert environment["properties"]["log_retention_days"]["enum"] == list(LOG_RETENTION_DAYS)


@pytest.mark.parametrize(
    "service", [{"kind": "htp"}, {"port": 80}, {"kind": "http", "prot": 1}, {"kind": "http", "prod": {"kind": "tcp"}}]
)
def test_the_schema_refuses_what_an_editor_can_see(service):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"environments": {"stage": {}}, "services": {"api": service}}, SCHEMA)
