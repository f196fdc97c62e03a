"""Each mistake in `services.toml` is one line: the file, the line, the key with its value, and what to write."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadworthy.catalogue import Catalogue, CatalogueError

API = '[services.api]\nkind = "http"\nport = 8000\n'  # lines 5 to 7: four stand before it
POOL = '[services.pool]\nkind = "tcp"\nenvironments = ["stage"]\nport = 6432\n'
FARGATE_1024 = "2048, 3072, 4096, 5120, 6144, 7168, 8192"
SERVICE_KEYS = "kind, environments, name, cluster, repository, container, port, health_path, cpu, memory, desired, min"


def told(load, text: str) -> str:
    with pytest.raises(CatalogueError) as error:
        load(text)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{API}prot = 1\n", "8: [services.api] unknown key `prot`; did you mean `port`?"),
        (f'{API}"a\\nb" = 1\n', '8: [services.api] unknown key `"a\\nb"`; known: ' + SERVICE_KEYS),
        (f"{API}[services.api.prodd]\n", "8: [services.api] an override for the unknown environment `prodd`; did you"),
        (f"{API}prod = 3\n", "8: [services.api.prod] is 3: it must be a table"),
        (f"{POOL}[services.pool.prod]\n", "9: [services.pool] an override for prod, but the service is in stage only"),
        (f'{API}prod = {{ kind = "tcp" }}\n', "8: [services.api.prod] unknown key `kind`; known: name, cluster"),
        ("[services.api]\nport = 80\n", "5: [services.api] `kind` is missing"),
        ('[services.api]\nkind = "htp"\n', "6: [services.api] kind = 'htp'; did you mean `http`?"),
        ('[services.api]\nkind = ["http"]\n', "6: [services.api] kind = ['http']: it must be a text"),
        ('[services.api]\nkind = "http"\n', "5: [services.api] `api` in stage: `port` is missing"),
        ('[services.cron]\nkind = "scheduled"\n', "5: [services.cron] `cron` in stage: `schedule` is missing"),
        ('[services.job]\nkind = "worker"\nport = 80\n', "7: [services.job] port = 80: kind `worker` takes no"),
        (f"{API}prod = {{ schedule = 1 }}\n", "8: [services.api.prod] schedule = 1: kind `http` takes no `sche"),
        ('[services.job]\nkind = "singleton"\nmax = 2\n', "7: [services.job] max = 2: kind `singleton` takes n"),
        (f"{API}environments = []\n", "8: [services.api] environments = []: the service is in none"),
        (f'{API}environments = ["stag"]\n', "8: [services.api] environments = ['stag']: no environment `stag`; did"),
        (f'{API}environments = "stage"\n', "8: [services.api] environments = 'stage': it must be a list of texts"),
        (API.replace("8000", "0"), "7: [services.api] port = 0 is not in 1..65535"),
        (API.replace("8000", "true"), "7: [services.api] port = True: it must be a whole number, without quotes"),
        (API.replace("8000", '"80"'), "7: [services.api] port = '80': it must be a whole number, without quotes"),
        (f'{API}health_path = "up"\n', "8: [services.api] health_path = 'up' does not look like one: expected a path"),
        (f"{API}cpu = 300\n", "8: [services.api] cpu = 300 is no size that Fargate has: 256, 512, 1024, 2048"),
        (f"{API}cpu = 1024\nmemory = 512\n", "9: [services.api] `api` in stage: Fargate has no size of cpu = 1"),
        (f"{API}memory = 512\nprod.cpu = 1024\n", f"9: [services.api.prod] `api` in prod: Fargate has no size of cpu = "
         f"1024 with memory = 512; with that cpu: {FARGATE_1024}"),
        (f"{API}min = 2\nstage.desired = 1\n", "9: [services.api.stage] `api` in stage: desired = 1, min = 2, max = 2: "
         "it must be min <= desired <= max"),
        (f"{API}min = -1\n", "8: [services.api] min = -1 is less than 0"),
        (f'{API}active = "no"\n', "8: [services.api] active = 'no': it must be true or false"),
        (f'{API}repository = "api:1"\n', "8: [services.api] `api` in stage: repository = 'api:1': expected 2 to 256 "),
        (f'{API}repository = "API"\n', "8: [services.api] `api` in stage: repository = 'API': expected 2 to 256 of"),
        (f'{API}name = "{{envv}}"\n', "8: [services.api] name = '{envv}': unknown field 'envv'; did you mean `env`?"),
        (f'{API}name = "{{env"\n', "8: [services.api] name = '{env': a brace stands alone; fields are {project"),
        (f'{API}name = "a b"\n', "8: [services.api] `api` in stage: name = 'a b': expected 1 to 255 letters, d"),
        (f'{API}container = ""\n', "8: [services.api] container = '' does not look like one: expected 1 to 255 let"),
        ('[services."a b"]\n', "5: [services] the service's name is 'a b': use letters, digits, hyphens and un"),
        ("services.api = 3\n", '5: [environments.prod] unknown key `services`; known: region, account'),
        ('[naming]\nclutser = "x"\n', "6: [naming] unknown key `clutser`; did you mean `cluster`?"),
        ('[naming]\ncluster = "{service}"\n', "6: [naming] cluster = '{service}': unknown field 'service'; kno"),
        ("[naming]\nservice = 3\n", "6: [naming] service = 3: it must be a text that is not empty"),
        ('[naming]\nservice = "a"\n[services.api]\nkind = "worker"\n[services.job]\nkind = "worker"\n',
         "9: [services] `job` in stage is named a in cluster shop-stage-cluster, as is `api` in stage: give on"),
        ('[environments.live]\nregion = "europe"\n', "6: [environments.live] region = 'europe' does not look l"),
        ("[environments.live]\naccount = 11\n", "6: [environments.live] account = 11 does not look like one: e"),
        ("[environments.live.defaults]\nport = 1\n", "6: [environments.live.defaults] unknown key `port`; know"),
        ("[environments.live.defaults]\ncpu = 3\n", "6: [environments.live.defaults] cpu = 3 is no size that F"),
        ("[environments.live.defaults]\nmin = 3\ndesired = 2\n", "5: [environments.live.defaults] desired = 2, m"),
        ("[environments.live.defaults]\nmemory = 8\n", "5: [environments.live.defaults] Fargate has no size of cpu"),
        ('[environments.live]\ncluster = "a b"\n', "6: [environments.live] cluster = 'a b': expected 1 to 255 letters"),
        ("[environments.port]\n", "5: [environments] no environment can be named `port`: it is a key of services"),
        ('[environments."a b"]\n', "5: [environments] the environment's name is 'a b': use letters, digits"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(load, text, message):
    assert told(load, text).startswith(f"services.toml:{message}")


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("services = 3\n[environments.a]\n", "services.toml:1: [services] is 3: it must be a table"),
        ("[environments.a]\n[enviroments.b]\n", "services.toml:2: unknown key `enviroments`; did you mean `environmen"),
        (
            'project = "a b"\n[environments.a]\n',
            "services.toml:1: project = 'a b' does not look like one: expected let",
        ),
        (
            '\ndefault_environment = "stag"\n[environments.stage]\n',
            "services.toml:2: default_environment = 'stag'; did",
        ),
        ("environments = { a = {}, b = 2 }\n", "services.toml:1: [environments.b] is 2: it must be a table"),
        ("\nenvironments = []\n", "services.toml:2: no [environments.NAME] table: add one for each environment"),
        ("", "services.toml: no [environments.NAME] table: add one for each environment"),
        (
            f"[environments.a]\n{API}",
            "services.toml:2: [services.api] `api` in a: cluster = '{project}-a-cluster' needs",
        ),
        ("a = 1\na = 2\n", "services.toml is not TOML: Cannot overwrite a value (at line 2, column 6)"),
        ("a = " + "9" * 5000, "services.toml is not TOML: "),
        ("a = " + "[" * 5000, "services.toml is not TOML"),
    ],
)
def test_a_mistake_at_the_head_is_told_with_its_line(load, head, message):
    with pytest.raises(CatalogueError) as error:
        load("", head=head)
    assert str(error.value).startswith(message)


def test_two_environments_of_one_account_cannot_hold_the_same_service(load):
    text = '[naming]\ncluster = "main"\nservice = "{service}"\n[environments.live]\naccount = "111122223333"\n'
    assert "`api` in live is named api in cluster main, as is `api` in prod" in told(load, text + API)


def test_environments_whose_accounts_are_not_known_are_not_suspected(load):
    catalogue = load(f'[naming]\ncluster = "main"\nservice = "{{service}}"\n[environments.qa]\n{API}')
    assert catalogue.service("api", "stage").name == catalogue.service("api", "qa").name


def test_a_value_that_is_long_is_shown_in_part(load):
    assert told(load, f"{API}cpu = {'[' + '1,' * 400 + ']'}\n").endswith(
        "...: it must be a whole number, without quotes"
    )


def test_a_number_of_many_digits_is_not_printed(load):
    assert "port = a huge number is not in 1..65535" in told(load, API.replace("8000", f"0x{'f' * 5000}"))


plain = st.none() | st.booleans() | st.integers(-1, 70000) | st.floats() | st.text(max_size=6)
words = st.sampled_from(
    [
        "kind",
        "http",
        "port",
        "cpu",
        "min",
        "max",
        "desired",
        "stage",
        "prod",
        "environments",
        "{env}",
        "api",
        "rate(1 day)",
    ]
)
scalars = words | plain.filter(lambda each: each is not None)
tables = st.recursive(
    scalars, lambda each: st.lists(each, max_size=2) | st.dictionaries(words | st.text(max_size=3), each, max_size=4)
)
known = st.sampled_from(["project", "naming", "default_environment", "services", "environments"])


def toml(value: object) -> str:
    """A value in TOML's inline form."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value) if isinstance(value, bool | str) else repr(value)


@given(st.dictionaries(known, tables, max_size=4), st.dictionaries(words, scalars))
def test_nothing_that_a_file_says_ends_in_anything_but_our_own_error(tmp_path_factory, document, service):
    path = tmp_path_factory.mktemp("any") / "services.toml"
    whole = {"environments": {"stage": {}}, "services": {"api": {"kind": "worker", **service}}, **document}
    path.write_text("".join(f"{key} = {toml(value)}\n" for key, value in whole.items()), encoding="utf-8")
    with contextlib.suppress(CatalogueError):
        Catalogue.load(path)


@given(st.text(max_size=40).filter(lambda name: name not in {"api", "stage", "prod"}))
def test_a_message_is_one_line_whatever_is_looked_for(load_once, name):
    for look in (load_once.service, load_once.services):
        with pytest.raises(CatalogueError) as error:
            look(name)
        assert len(str(error.value).splitlines()) == 1


def test_a_byte_that_is_no_utf_8_is_told_with_its_line(tmp_path):
    path = tmp_path / "services.toml"
    path.write_bytes(b'project = "shop"\n# caf\xe9\n')
    with pytest.raises(CatalogueError) as refused:
        Catalogue.load(path)
    assert str(refused.value) == f"{path}:2: byte 0xe9 is no UTF-8"


def test_a_byte_order_mark_is_no_mistake(load):
    assert load("", head='\ufeffproject = "shop"\n[environments.stage]\n').project == "shop"
