import pytest

from roadworthy.rules.facts import ecs_members, ecs_members_generate

TYPE, UNKNOWN, DESCRIBED = "raw-json-type-error", "unknown-property", "describe-only-key"


@pytest.fixture
def of_file(report_of):
    """What a rule finds on a raw file."""

    def check(rule, tree):
        report = report_of(tree)
        return [(finding.severity, finding.message) for finding in report.findings if finding.rule == rule]

    return check


def definition(container=None, **members):
    return {"family": "f", "containerDefinitions": [{"name": "api", "image": "api:1", **(container or {})}], **members}


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (definition({"cpu": "256"}), '`cpu` is the text `"256"`, the API takes a number'),
        (definition({"essential": "true"}), '`essential` is the text `"true"`, the API takes `true` or `false`'),
        (definition({"environment": {"A": "1"}}), "`environment` is a mapping, the API takes a list"),
        (
            definition({"environment": [{"name": "A", "value": 1}]}),
            "`value` is the number `1`, the API takes a text",
        ),
        (
            definition({"environment": [{"name": "A", "value": True}]}),
            "`value` is the truth value `true`, the API takes a text",
        ),
        (
            definition({"portMappings": [{"containerPort": "80"}]}),
            '`containerPort` is the text `"80"`, the API takes a number',
        ),
        (definition({"command": "npm start"}), '`command` is the text `"npm start"`, the API takes a list'),
        (definition(cpu=256), "`cpu` is the number `256`, the API takes a text"),
        (definition(tags={"a": "b"}), "`tags` is a mapping, the API takes a list"),
        (definition({"dockerLabels": {"a": 1}}), "`dockerLabels.a` is the number `1`, the API takes a text"),
        ([{"name": "a", "image": "a:1", "memory": "64"}], '`memory` is the text `"64"`, the API takes a number'),
        (
            {"serviceName": "s", "taskDefinition": "f", "desiredCount": "2"},
            '`desiredCount` is the text `"2"`, the API takes a number',
        ),
    ],
)
def test_a_value_of_another_type_is_an_error(of_file, tree, message):
    assert of_file(TYPE, tree) == [("error", message)]


@pytest.mark.parametrize(
    "tree",
    [
        definition({"cpu": 256, "environment": [{"name": "A", "value": "1"}], "command": ["a"]}, cpu="256"),
        definition({"cpu": "${CPU}", "environment": "<ENVIRONMENT>", "essential": "{{ essential }}"}),
        definition({"cpu": None, "healthCheck": None}),
        {
            "Resources": {
                "T": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": [{"Cpu": "1"}]}}
            }
        },
    ],
)
def test_right_types_placeholders_and_templates_are_silent(of_file, tree):
    assert of_file(TYPE, tree) == []


@pytest.mark.parametrize(
    ("tree", "name", "place", "fix"),
    [
        (definition(_comment="x"), "_comment", "a task definition", "Remove `_comment`"),
        (definition({"portmappings": []}), "portmappings", "a container", "Write `portMappings`"),
        (definition({"memory_reservation": 1}), "memory_reservation", "a container", "Write `memoryReservation`"),
        (
            definition({"healthCheck": {"cmd": ["CMD", "a"]}}),
            "cmd",
            "a `HealthCheck`",
            "Remove `cmd`",
        ),
        (
            {"serviceName": "s", "taskDefinition": "f", "enableLogging": True},
            "enableLogging",
            "a service",
            "Remove `enableLogging`",
        ),
    ],
)
def test_a_member_that_the_api_does_not_know_is_an_error(report_of, tree, name, place, fix):
    (finding,) = [finding for finding in report_of(tree).findings if finding.rule == UNKNOWN]
    assert (finding.severity, finding.message, finding.fix) == ("error", f"the API knows no `{name}` in {place}", fix)


def test_in_a_bare_list_of_containers_it_is_a_warning(of_file):
    ((severity, _),) = of_file(UNKNOWN, [{"name": "a", "image": "a:1", "_comment": "x"}])
    assert severity == "warning"


@pytest.mark.parametrize(
    "tree",
    [
        definition({"dockerLabels": {"any": "key"}, "logConfiguration": {"options": {"awslogs-group": "a"}}}),
        definition(tags=[{"key": "a", "value": "b"}], revision=7),
        {"serviceName": "s", "taskDefinition": "f", "forceNewDeployment": True, "cluster": "c"},
    ],
)
def test_members_that_the_api_knows_are_silent(of_file, tree):
    assert of_file(UNKNOWN, tree) == []


def test_what_only_answers_have_is_one_warning_and_nulls_are_one(of_file):
    tree = definition({"command": None}, revision=7, status="ACTIVE", ipcMode=None)
    assert of_file(DESCRIBED, tree) == [
        ("warning", "`revision`, `status`: only AWS's answers have this"),
        ("warning", "`command`, `ipcMode`: null, which the API does not take"),
    ]


@pytest.mark.parametrize(
    "tree",
    [
        definition(),
        {"taskDefinition": definition(revision=7, ipcMode=None)},
        {"services": [{"serviceName": "s", "taskDefinition": "f", "status": "ACTIVE"}]},
        {"serviceName": "s", "taskDefinition": "f", "platformFamily": "Linux"},
    ],
)
def test_answers_as_a_whole_are_silent(of_file, tree):
    assert of_file(DESCRIBED, tree) == []


def test_the_table_is_the_one_that_botocore_gives():
    text = ecs_members_generate.text(ecs_members_generate.table())
    assert ecs_members_generate.TABLE.read_text(encoding="utf-8") == text


def test_the_table_knows_what_register_takes_and_what_describe_adds():
    table = ecs_members._table()
    assert table["inputs"]["TaskDefinition"]["cpu"] == "string"
    assert table["types"]["ContainerDefinition"]["cpu"] == "integer"
    assert "revision" in table["described"]["TaskDefinition"]
