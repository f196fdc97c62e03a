import pytest

RULE = "log-group-missing"
NO_VALUE = {"Ref": "AWS::NoValue"}


@pytest.fixture
def messages(found, task):
    """The messages on a container whose log driver has these options."""

    def check(driver="awslogs", sections=None, **options):
        written = {f"awslogs-{name.replace('_', '-')}": value for name, value in options.items()}
        findings = found(task(LogConfiguration={"LogDriver": driver, "Options": written}), **(sections or {}))
        assert {(rule, severity) for rule, severity, _ in findings} <= {(RULE, "error")}
        return [message for _, _, message in findings]

    return check


def missing(name, region="eu-west-1"):
    return f"container `api` logs to group `{name}`, which does not exist in region {region}"


def test_a_log_group_that_exists_is_right(messages, client):
    client("logs").create_log_group(logGroupName="/ecs/api")
    assert messages(group="/ecs/api", region="eu-west-1") == []


def test_a_log_group_that_does_not_exist_is_an_error(messages, client):
    client("logs").create_log_group(logGroupName="/ecs/api-old")
    assert messages(group="/ecs/api") == [missing("/ecs/api")]


def test_it_is_looked_for_in_the_region_of_the_driver(messages, client):
    client("logs").create_log_group(logGroupName="/ecs/api")
    assert messages(group="/ecs/api", region="us-east-2") == [missing("/ecs/api", "us-east-2")]
    assert messages(group="/ecs/api", region={"Ref": "AWS::Region"}) == []


def test_many_groups_are_found_whatever_else_begins_like_them(found, task, client):
    for number in range(120):
        client("logs").create_log_group(logGroupName=f"/ecs/{number:03}")
    options = [{"LogDriver": "awslogs", "Options": {"awslogs-group": f"/ecs/{name}"}} for name in ("001", "119", "x")]
    containers = [{"Name": "api", "Image": "nginx:1", "LogConfiguration": each} for each in options]
    definition = {"ContainerDefinitions": containers}
    assert [message for _, _, message in found(task(definition))] == [missing("/ecs/x")]


def test_groups_of_one_beginning_are_asked_about_together(found, task, client, aws):
    client("logs").create_log_group(logGroupName="/ecs/a")
    options = [{"LogDriver": "awslogs", "Options": {"awslogs-group": f"/ecs/{name}"}} for name in "abc"]
    containers = [{"Name": "api", "Image": "nginx:1", "LogConfiguration": each} for each in options]
    assert len(found(task({"ContainerDefinitions": containers}))) == 2
    assert [call for call, _, _ in aws._answers] == ["logs.describe_log_groups"]


@pytest.mark.parametrize("create", ["true", True, {"Ref": "Create"}])
def test_a_driver_that_makes_the_group_needs_none(messages, create):
    sections = {"Parameters": {"Create": {"Type": "String"}}}
    assert messages(group="/ecs/api", create_group=create, sections=sections) == []


@pytest.mark.parametrize("create", ["false", False, NO_VALUE])
def test_a_driver_that_makes_no_group_needs_one(messages, create):
    assert messages(group="/ecs/api", create_group=create) == [missing("/ecs/api")]


@pytest.mark.parametrize(
    "options",
    [
        {"group": {"Ref": "Logs"}},
        {"group": {"Fn::Sub": "/ecs/${Stage}"}},
        {"group": "<LOG_GROUP>"},
        {"group": "$LOG_GROUP"},
        {"group": "/ecs/api", "region": {"Ref": "Stage"}},
        {"group": "/ecs/api", "region": "REGION"},
        {"group": ["/ecs/api"]},
        {"driver": "splunk", "group": "/ecs/api"},
        {"driver": {"Ref": "Stage"}, "group": "/ecs/api"},
    ],
)
def test_what_is_not_known_is_not_asked_about(messages, options, deny):
    deny("logs", "describe_log_groups")
    assert messages(sections={"Parameters": {"Stage": {"Type": "String"}}}, **options) == []


@pytest.mark.parametrize("kind", ["AWS::Logs::LogGroup", "Custom::LogRetention"])
@pytest.mark.parametrize("name", ["/ecs/api", {"Fn::Sub": "/ecs/${Stage}"}, {"Ref": "Stage"}])
def test_a_group_that_is_or_may_be_made_here_is_not_asked_about(found, task, deny, kind, name):
    deny("logs", "describe_log_groups")
    group = {"Logs": {"Type": kind, "Properties": {"LogGroupName": name}}}
    container = task(LogConfiguration={"LogDriver": "awslogs", "Options": {"awslogs-group": "/ecs/api"}})
    assert found({**container, **group}, Parameters={"Stage": {"Type": "String"}}) == []


def test_a_lacking_permission_is_named(found, task, deny):
    deny("logs", "describe_log_groups")
    container = task(LogConfiguration={"LogDriver": "awslogs", "Options": {"awslogs-group": "/ecs/api"}})
    arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/api"
    message = f"could not check `{RULE}`: the caller lacks logs:DescribeLogGroups on {arn}"
    assert found(container) == [("online-check-skipped", "warning", message)]
