"""What is read of `services.toml`, and how it is looked up."""

import pytest

from roadworthy.catalogue import Catalogue, CatalogueError, ServiceEntry

API = '[services.api-1]\nkind = "http"\nport = 8000\n'
BOTH = f'{API}[services.pooler]\nkind = "tcp"\nport = 6432\nenvironments = ["stage"]\n'


def test_a_service_has_documented_defaults(load):
    catalogue = load(API)
    assert catalogue.service("api-1") == ServiceEntry(
        service="api-1",
        environment=catalogue.environment("stage"),
        kind="http",
        name="api-1-stage",
        cluster="shop-stage-cluster",
        repository="api-1",
        container="api-1",
        port=8000,
        health_path="/health",
        cpu=256,
        memory=512,
        desired=2,
        min=2,
        max=2,
        schedule=None,
        active=True,
    )


@pytest.mark.parametrize(
    ("kind", "tasks"), [("worker", (1, 1, 1)), ("singleton", (1, 1, 1)), ("tcp", (2, 2, 2)), ("scheduled", (0, 0, 0))]
)
def test_each_kind_has_its_number_of_tasks(load, kind, tasks):
    more = {"tcp": "port = 6432", "scheduled": 'schedule = "rate(5 minutes)"'}
    entry = load(f'[services.one]\nkind = "{kind}"\n{more.get(kind, "")}\n').service("one")
    assert (entry.desired, entry.min, entry.max) == tasks
    assert (entry.health_path, entry.scales) == (None, False)


def test_an_environment_is_in_singapore_and_prod_is_guarded_by_itself(load):
    stage, prod = load("").environments
    assert (stage.region, stage.guarded, stage.cluster) == ("ap-southeast-1", False, "shop-stage-cluster")
    assert (prod.region, prod.guarded, prod.account) == ("ap-southeast-1", True, "111122223333")


def test_prod_can_be_left_unguarded(load):
    assert load("guarded = false\n").environment("prod").guarded is False


def test_an_override_wins_over_the_service_and_the_service_over_the_environments_defaults(load):
    text = f"{API}cpu = 512\n[services.api-1.prod]\ncpu = 1024\nactive = false\n"
    catalogue = load(f"[environments.stage.defaults]\ncpu = 2048\nmax = 3\n{text}")
    stage, prod = catalogue.service("api-1", "stage"), catalogue.service("api-1", "prod")
    assert (stage.cpu, stage.memory, stage.max, stage.scales, stage.active) == (512, 1024, 3, True, True)
    assert (prod.cpu, prod.memory, prod.max, prod.scales, prod.active) == (1024, 2048, 2, False, False)


def test_defaults_of_an_environment_are_for_the_kinds_that_take_them(load):
    catalogue = load('[environments.stage.defaults]\ndesired = 3\n[services.clock]\nkind = "singleton"\n')
    assert catalogue.service("clock").desired == 1


@pytest.mark.parametrize(
    ("defaults", "said", "tasks"),
    [
        ("desired = 1", "min = 2\nmax = 9", (2, 2, 9)),
        ("min = 2\nmax = 9", "desired = 1", (1, 1, 9)),
        ("desired = 3", "max = 2", (2, 2, 2)),
        ("desired = 1", "", (1, 1, 1)),
        ("max = 9", "min = 3", (3, 3, 9)),
    ],
)
def test_defaults_give_way_where_they_contradict_the_service(load, defaults, said, tasks):
    entry = load(f"[environments.stage.defaults]\n{defaults}\n{API}{said}\n").service("api-1")
    assert (entry.desired, entry.min, entry.max) == tasks


@pytest.mark.parametrize(
    ("defaults", "said", "size"),
    [
        ("memory = 512", "cpu = 1024", (1024, 2048)),
        ("cpu = 1024", "memory = 512", (256, 512)),
        ("cpu = 512", "memory = 2048", (512, 2048)),
        ("cpu = 512\nmemory = 4096", "", (512, 4096)),
    ],
)
def test_a_default_size_counts_as_far_as_it_goes_with_the_services(load, defaults, said, size):
    entry = load(f"[environments.stage.defaults]\n{defaults}\n{API}{said}\n").service("api-1")
    assert (entry.cpu, entry.memory) == size


def test_a_service_of_at_most_one_task_starts_with_one(load):
    assert load(f"{API}max = 1\n").service("api-1").desired == 1


def test_a_service_that_scales_starts_with_the_fewest_tasks(load):
    assert load(f"{API}min = 3\nmax = 9\n").service("api-1").desired == 3


def test_every_name_can_be_given_otherwise(load):
    naming = '[naming]\ncluster = "{project}"\nservice = "{service}"\nrepository = "{project}/{service}"\n'
    catalogue = load(f'{naming}{API}[services.api-1.prod]\nname = "old-{{env}}"\ncluster = "main"\ncontainer = "app"\n')
    stage, prod = catalogue.service("api-1", "stage"), catalogue.service("api-1", "prod")
    assert (stage.cluster, stage.name, stage.repository, stage.container) == ("shop", "api-1", "shop/api-1", "api-1")
    assert (prod.cluster, prod.name, prod.repository, prod.container) == ("main", "old-prod", "shop/api-1", "app")


def test_an_environment_can_name_its_cluster(load):
    catalogue = load(f'cluster = "{{project}}-live"\n{API}')
    assert catalogue.environment("prod").cluster == "shop-live"
    assert catalogue.service("api-1", "prod").cluster == "shop-live"


def test_no_project_is_needed_where_no_name_has_one(load):
    head = '[naming]\ncluster = "main"\n[environments.stage]\n'
    assert load(API, head=head).service("api-1").cluster == "main"
    assert load("", head="[environments.stage]\n").environment("stage").cluster is None


def test_services_are_listed_by_environment_in_the_order_of_the_file(load):
    catalogue = load(BOTH)
    assert [entry.name for entry in catalogue.services("stage")] == ["api-1-stage", "pooler-stage"]
    assert [entry.name for entry in catalogue.services("prod")] == ["api-1-prod"]


@pytest.mark.parametrize(
    ("name", "environment", "message"),
    [
        ("ap-1", "stage", "services.toml: unknown service `ap-1` in stage; did you mean `api-1`?"),
        ("api-1-stage", "stage", "services.toml: unknown service `api-1-stage` in stage; did you mean `api-1`?"),
        ("zzz", "stage", "services.toml: unknown service `zzz` in stage; known: api-1, pooler"),
        ("pooler", "prod", "services.toml: service `pooler` is in stage, not in prod"),
        ("a\nb", "prod", 'services.toml: unknown service `"a\\nb"` in prod; known: api-1'),
        ("api-1", "stagee", "services.toml: no environment `stagee`; did you mean `stage`?"),
        ("api-1", "qa", "services.toml: no environment `qa`; known: stage, prod"),
        ("api-1", "", "services.toml: the environment's name is empty; known: stage, prod"),
    ],
)
def test_a_lookup_that_finds_nothing_names_what_is_near(load, name, environment, message):
    catalogue = load(BOTH)
    with pytest.raises(CatalogueError) as told:
        catalogue.service(name, environment)
    assert str(told.value) == message


def test_a_catalogue_without_services_says_so(load):
    with pytest.raises(CatalogueError, match="unknown service `api` in stage; it has no services"):
        load("").service("api")


@pytest.mark.parametrize(
    ("head", "default"),
    [
        ("[environments.prod]\n[environments.stage]\n", "stage"),
        ("[environments.live]\n", "live"),
        ('default_environment = "b"\n[environments.a]\n[environments.b]\n', "b"),
    ],
)
def test_the_default_environment_is_the_files_or_stage_or_the_only_one(load, head, default):
    assert load("", head=head).environment().name == default


def test_of_several_environments_none_is_the_default_by_chance(load):
    with pytest.raises(CatalogueError, match="no `default_environment`: name one of a, b"):
        load("", head="[environments.a]\n[environments.b]\n").services()


def test_the_nearest_file_above_the_working_directory_is_read(load, tmp_path, monkeypatch):
    load(API)
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    assert (Catalogue.load().project, Catalogue.load().file) == ("shop", "../../services.toml")


def test_without_any_file_it_is_told_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CatalogueError, match=r"^services.toml does not exist: run from the folder that holds it$"):
        Catalogue.load()
