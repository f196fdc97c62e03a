import json
import threading
from types import SimpleNamespace

import pytest

from roadworthy import check
from roadworthy.config import Settings
from roadworthy.online.engine import check as engine
from roadworthy.online.engine import run as running
from roadworthy.online.engine.registry import all_checks, described
from roadworthy.online.errors import OnlineError

GROUP = "log-group-missing"
MISSING = "container `api` logs to group `/ecs/api`, which does not exist in region eu-west-1"


@pytest.fixture
def logging(task):
    """A task definition that logs to a group that does not exist."""
    return task(LogConfiguration={"LogDriver": "awslogs", "Options": {"awslogs-group": "/ecs/api"}})


@pytest.fixture
def file(tmp_path):
    def write(resources, **sections):
        path = tmp_path / "template.json"
        path.write_text(json.dumps({"Resources": resources, **sections}, indent=2))
        return path

    return write


def test_findings_of_templates_and_of_aws_are_one_report(aws, file, logging):
    logging["Task"]["Properties"]["ContainerDefinitions"][0]["Image"] = "nginx:latest"
    found = [finding.rule for finding in check(file(logging), online=aws).findings]
    assert {"latest-image-tag", GROUP} <= set(found)


def test_without_an_account_nothing_is_asked(file, logging):
    assert GROUP not in {finding.rule for finding in check(file(logging)).findings}


def test_a_finding_says_where_it_is(aws, file, logging):
    (finding,) = [each for each in check(file(logging), online=aws).findings if each.rule == GROUP]
    line = finding.line
    assert (finding.resource, finding.severity, finding.message) == ("Task", "error", MISSING)
    assert '"awslogs-group"' in file(logging).read_text().splitlines()[line - 1]


def test_a_waiver_accepts_an_online_finding(aws, file, logging):
    logging["Task"]["Metadata"] = {"Roadworthy": {"acknowledge": {GROUP: "made by hand"}}}
    report = check(file(logging), online=aws)
    assert GROUP not in {finding.rule for finding in report.findings}
    assert [(waived.finding.rule, waived.reason) for waived in report.waived] == [(GROUP, "made by hand")]


@pytest.mark.parametrize("settings", [Settings(ignore=[GROUP]), Settings(select=["image-*"])])
def test_of_a_check_that_is_not_selected_nothing_is_asked(aws, file, logging, settings):
    check(file(logging), online=aws, settings=settings)
    assert aws._answers == {}


def test_what_could_not_be_checked_fails_no_build_at_the_default_level(aws, file, logging, deny):
    deny("logs", "describe_log_groups")
    report = check(file(logging), online=aws, settings=Settings(select=["log-*", "online-check-skipped"]))
    assert [(finding.rule, finding.severity) for finding in report.findings] == [("online-check-skipped", "warning")]
    assert report.errors == []


def test_a_service_that_does_not_answer_is_named_too(found, logging, stub):
    stub("logs").add_client_error("describe_log_groups", "InternalFailure", "no", 500)
    ((rule, severity, message),) = found(logging)
    arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/api"
    assert (rule, severity) == ("online-check-skipped", "warning")
    assert message == f"could not check `{GROUP}`: logs:DescribeLogGroups on {arn} failed: InternalFailure"


def test_credentials_that_expire_on_the_way_end_the_run(found, logging, stub):
    stub("logs").add_client_error("describe_log_groups", "ExpiredTokenException", "no", 400)
    with pytest.raises(OnlineError, match="the AWS credentials have expired"):
        found(logging)


@pytest.mark.parametrize("part", ["check", "subjects"])
def test_a_check_that_fails_is_a_finding_and_the_others_go_on(found, logging, monkeypatch, part):
    def broken(*_):
        raise ZeroDivisionError("what a secret holds")

    checks = list(all_checks())
    (index,) = [index for index, each in enumerate(checks) if each.id == "image-tag-missing"]
    subjects = lambda deployment: [SimpleNamespace(place=deployment.documents[0].definition())]  # noqa: E731
    checks[index] = checks[index]._replace(**{"subjects": subjects, part: broken})
    monkeypatch.setattr(running, "all_checks", lambda: checks)
    message = "check `image-tag-missing` could not finish: ZeroDivisionError"
    assert ("internal-error", "warning", message) in found(logging)
    assert (GROUP, "error", MISSING) in found(logging)


def test_sixteen_questions_are_asked_at_a_time(aws, report_of, task, monkeypatch):
    """Each call waits until sixteen are under way: with fewer threads this test would fail at the barrier."""
    barrier = threading.Barrier(16, timeout=10)
    original = aws.ask

    def ask(operation, **question):
        barrier.wait()
        return original(operation, **question)

    monkeypatch.setattr(aws, "ask", ask)
    arns = [f"arn:aws:secretsmanager:eu-west-1:123456789012:secret:s{number:02}-AbCdEf" for number in range(16)]
    secrets = [{"Name": f"S{number}", "ValueFrom": arn} for number, arn in enumerate(arns)]
    report = report_of({"Resources": task(Secrets=secrets)}, concurrency=16)
    assert [finding.message.split("`")[3] for finding in report.findings] == [f"s{n:02}-AbCdEf" for n in range(16)]


def test_nothing_is_asked_about_nothing(report_of):
    assert report_of({"Resources": {}}).findings == []


def test_every_check_is_documented():
    assert {rule.id for rule in described()} == {
        "acm-certificate-not-issued",
        "deployment-alarm-in-alarm",
        "deployment-alarm-unknown",
        "environment-file-invalid",
        "image-platform-mismatch",
        "image-tag-missing",
        "log-group-missing",
        "online-check-skipped",
        "secret-json-key-unknown",
        "secret-or-parameter-missing",
        "subnet-ip-exhaustion",
    }
    for rule in described():
        assert "## Why is this bad?" in rule.page
        assert rule.source.startswith("https://docs.aws.amazon.com/")


def test_a_check_without_a_page_is_refused(monkeypatch):
    monkeypatch.setattr(engine.sys, "modules", {"nowhere": SimpleNamespace(__doc__=None)})
    function = SimpleNamespace(__module__="nowhere")
    with pytest.raises(ValueError, match="check `x` has no documentation"):
        engine.online_check("x", severity="error", source="", subjects=lambda _: [])(function)
