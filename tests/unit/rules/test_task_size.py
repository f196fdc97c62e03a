import pytest

PARAMETERS = {"Open": {"Type": "String"}, "Small": {"Type": "Number", "Default": 256}}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Open"}, "a"]}, "NotA": {"Fn::Not": [{"Condition": "A"}]}}
NO_VALUE = {"Ref": "AWS::NoValue"}
FARGATE = {"RequiresCompatibilities": ["FARGATE"], "NetworkMode": "awsvpc", "Cpu": 256, "Memory": 512}


def only_if(condition, value):
    return {"Fn::If": [condition, value, NO_VALUE]}


@pytest.fixture
def of_task(found):
    """What a rule finds on a Fargate task definition with the given properties and containers."""

    def check(rule, containers=({},), **properties):
        named = [{"Name": f"c{index}", "Image": "api:1", **each} for index, each in enumerate(containers)]
        whole = {**FARGATE, "ContainerDefinitions": named, **properties}
        resources = {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": whole}}
        return found(rule, resources, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check


SIZE = "fargate-cpu-memory-combination"


@pytest.mark.parametrize(
    ("cpu", "memory", "message"),
    [
        (256, 4096, "Fargate has no task size of 256 CPU units with 4096 MiB"),
        ("0.25 vCPU", "4GB", "Fargate has no task size of 256 CPU units with 4096 MiB"),
        (300, 512, "Fargate has no task size of 300 CPU units with 512 MiB"),
        ("1 vcpu", ".5 GB", "Fargate has no task size of 1024 CPU units with 512 MiB"),
        (32768, 65536, "Fargate has no task size of 32768 CPU units with 65536 MiB"),
        (
            {"Fn::If": ["A", 256, 512]},
            {"Fn::If": ["A", 4096, 1024]},
            "Fargate has no task size of 256 CPU units with 4096 MiB",
        ),
        (None, 512, "the task definition runs on Fargate and has no `Cpu`"),
        (only_if("A", 256), 512, "the task definition runs on Fargate and has no `Cpu`"),
    ],
)
def test_a_size_that_fargate_does_not_have_is_an_error(of_task, cpu, memory, message):
    assert of_task(SIZE, Cpu=cpu, Memory=memory) == [("error", message)]


@pytest.mark.parametrize(
    ("cpu", "memory"),
    [
        (256, 512),
        ("1 vCPU", "2 GB"),
        ("16 vCPU", "120 GB"),
        (32768, 249856),
        ({"Ref": "Open"}, 512),
        ({"Fn::If": ["A", 256, 512]}, {"Fn::If": ["A", 512, 4096]}),
        ({"Fn::ImportValue": "cpu"}, 4096),
        ("${CPU}", 512),
        ([256], 512),
        (True, 512),
    ],
)
def test_fargates_sizes_and_unknown_ones_are_silent(of_task, cpu, memory):
    assert of_task(SIZE, Cpu=cpu, Memory=memory) == []


def test_any_size_will_do_outside_fargate(of_task):
    assert of_task(SIZE, RequiresCompatibilities=["EC2"], Cpu=300, Memory=512) == []
    assert of_task(SIZE, RequiresCompatibilities=None, Cpu=None) == []


def test_a_service_on_fargate_makes_its_task_definition_one(found):
    task = {"Type": "AWS::ECS::TaskDefinition", "Properties": {**FARGATE, "RequiresCompatibilities": None, "Cpu": 300}}
    service = {"LaunchType": "FARGATE", "TaskDefinition": {"Ref": "Task"}}
    findings = found(SIZE, {"Task": task, "Service": {"Type": "AWS::ECS::Service", "Properties": service}})
    assert findings == [("error", "Fargate has no task size of 300 CPU units with 512 MiB")]


def test_a_size_by_a_parameters_default_is_a_warning(of_task):
    ((severity, message),) = of_task(SIZE, Cpu={"Ref": "Small"}, Memory=4096)
    assert severity == "warning"
    assert message.endswith("(by the default of parameter `Small`)")


CPU = "container-cpu-exceeds-task"


def test_containers_with_more_cpu_than_the_task_are_an_error(of_task):
    message = "the containers ask for 320 CPU units together, the task has 256"
    assert of_task(CPU, [{"Cpu": 256}, {"Cpu": "64"}]) == [("error", message)]
    assert of_task(CPU, [{"Cpu": 256}, {"Cpu": only_if("A", 64)}]) == [("error", message)]


@pytest.mark.parametrize(
    "containers",
    [
        [{"Cpu": 128}, {"Cpu": 128}],
        [{"Cpu": 256}, {}],
        [{"Cpu": 256}, {"Cpu": {"Ref": "Open"}}],
        [{"Cpu": only_if("A", 256)}, {"Cpu": only_if("NotA", 256)}],
    ],
)
def test_cpu_that_fits_or_is_not_known_is_silent(of_task, containers):
    assert of_task(CPU, containers) == []


MEMORY = "container-memory-exceeds-task"


def test_a_container_with_more_memory_than_the_task_is_an_error(of_task):
    message = "container `c0` has `Memory` 1024, its task has 512 MiB"
    assert of_task(MEMORY, [{"Memory": 1024}]) == [("error", message)]
    message = "container `c0` has `MemoryReservation` 1024, its task has 512 MiB"
    assert of_task(MEMORY, [{"MemoryReservation": "1024"}]) == [("error", message)]


@pytest.mark.parametrize(
    ("memory", "container"),
    [
        ("1 GB", 1024),
        (512, {"Ref": "Open"}),
        ({"Ref": "Open"}, 1024),
        ({"Fn::If": ["A", 512, 1024]}, only_if("NotA", 1024)),
    ],
)
def test_memory_that_fits_or_is_not_known_is_silent(of_task, memory, container):
    assert of_task(MEMORY, [{"Memory": container}], Memory=memory) == []


SUM = "container-memory-sum-exceeds-task"


@pytest.mark.parametrize("name", ["Memory", "MemoryReservation"])
def test_containers_that_reserve_more_than_the_task_are_warned_of(of_task, name):
    message = "the containers reserve 640 MiB together, the task has 512"
    assert of_task(SUM, [{name: 512}, {name: 128}]) == [("warning", message)]


@pytest.mark.parametrize(
    "containers",
    [
        [{"Memory": 512, "MemoryReservation": 256}, {"Memory": 512, "MemoryReservation": 256}],
        [{"Memory": 512, "MemoryReservation": {"Ref": "Open"}}, {"Memory": 512}],
        [{"Memory": 1024}, {"Memory": 128}],  # the hard limit alone is an error already
        [{"MemoryReservation": only_if("A", 512)}, {"MemoryReservation": only_if("NotA", 512)}],
        [{}, {}],
    ],
)
def test_reservations_that_fit_or_are_not_known_are_silent(of_task, containers):
    assert of_task(SUM, containers) == []


ABOVE = "memory-reservation-above-memory"


def test_a_reservation_above_the_limit_is_an_error(of_task):
    findings = of_task(ABOVE, [{"Memory": 256, "MemoryReservation": 512}])
    assert findings == [("error", "container `c0` reserves 512 MiB, its limit is 256")]


@pytest.mark.parametrize(
    "container",
    [
        {"MemoryReservation": 512},
        {"Memory": 0, "MemoryReservation": 512},
        {"Memory": 512, "MemoryReservation": 512},
        {"Memory": {"Ref": "Open"}, "MemoryReservation": 512},
        {"Memory": only_if("A", 256), "MemoryReservation": only_if("NotA", 512)},
    ],
)
def test_a_reservation_without_a_lower_limit_is_silent(of_task, container):
    assert of_task(ABOVE, [container]) == []


def test_a_task_below_zero_has_no_containers_to_blame(of_task):
    assert of_task(SUM, [{}, {}], Memory=-1) == []
    assert of_task(CPU, [{}, {}], Cpu=-1) == []


STORAGE = "ephemeral-storage-range"


@pytest.mark.parametrize("size", [20, 201, "20"])
def test_ephemeral_storage_out_of_range_is_an_error(of_task, size):
    message = f"the ephemeral storage is {size} GiB, which is not between 21 and 200"
    assert of_task(STORAGE, EphemeralStorage={"SizeInGiB": size}) == [("error", message)]


@pytest.mark.parametrize("storage", [{"SizeInGiB": 21}, {"SizeInGiB": {"Ref": "Open"}}, NO_VALUE, {}, 20])
def test_ephemeral_storage_in_range_or_unknown_is_silent(of_task, storage):
    assert of_task(STORAGE, EphemeralStorage=storage) == []


MANY = "too-many-containers"


def test_the_eleventh_container_is_an_error(of_task):
    assert of_task(MANY, [{}] * 11) == [("error", "the task definition has 11 containers, ECS takes 10")]
    assert of_task(MANY, [{}] * 10) == []


def test_containers_that_exclude_each_other_are_not_counted_together(found):
    containers = [only_if("A" if index % 2 else "NotA", {"Name": f"c{index}", "Image": "a:1"}) for index in range(20)]
    task = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": containers}}
    assert found(MANY, {"Task": task}, Parameters=PARAMETERS, Conditions=CONDITIONS) == []
