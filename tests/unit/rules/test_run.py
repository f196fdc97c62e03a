import pytest

from roadworthy.report.report import Report
from roadworthy.rules.engine import ERROR, rule
from roadworthy.rules.engine import run as engine
from roadworthy.rules.engine.rule import Rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.model import Model
from roadworthy.template.sources import Sources


def failing(container: Container):
    raise LookupError(container.label)
    yield


@pytest.fixture
def latest(task):
    return lambda metadata=None: {"Resources": task(metadata=metadata, Image="nginx:latest")}


def test_a_rule_that_fails_is_a_finding_and_the_others_go_on(report_of, latest, monkeypatch):
    broken = Rule("broken", ERROR, "https://example.com", Container, failing, "page")
    rules = (broken, *engine.all_rules())
    monkeypatch.setattr(engine, "all_rules", lambda: rules)
    report = report_of(latest())
    assert [finding.rule for finding in report.findings] == ["internal-error", "latest-image-tag"]
    assert report.findings[0].message == "rule `broken` could not finish: LookupError: api"


def test_a_rule_that_fails_where_nothing_was_read_ends_no_run():
    broken = Rule("broken", ERROR, "https://example.com", Model, failing, "page")
    assert engine.run(Sources([], []), rules=[broken]) == Report([], [], [], [])


def test_a_finding_says_where_it_is(report_of, latest):
    (finding,) = report_of(latest({"aws:cdk:path": "Stack/Task/Resource"})).findings
    assert (finding.resource, finding.path) == ("Task", "Stack/Task/Resource")
    assert finding.location == "Properties.ContainerDefinitions.0.Image"
    assert (finding.file, finding.line) == ("0.json", 1)


@pytest.mark.parametrize("name", ["latest-image-tag", "roadworthy::latest-image-tag"])
def test_a_waiver_with_a_reason_moves_the_finding_aside(report_of, latest, name):
    report = report_of(latest({"Roadworthy": {"acknowledge": {name: "a demo"}}}))
    assert report.findings == []
    assert [(waived.finding.rule, waived.reason) for waived in report.waived] == [("latest-image-tag", "a demo")]


@pytest.mark.parametrize(
    "metadata",
    [
        {"Roadworthy": {"acknowledge": {"latest-image-tag": "  "}}},
        {"Roadworthy": {"acknowledge": {"other-rule": "reason"}}},
        {"Roadworthy": {"acknowledge": ["latest-image-tag"]}},
        {"Roadworthy": None},
        ["odd"],
    ],
)
def test_a_waiver_without_a_reason_or_of_another_rule_changes_nothing(report_of, latest, metadata):
    report = report_of(latest(metadata))
    assert len(report.findings) == 1


def test_the_same_fact_is_reported_once(report_of, task):
    resources = task(Image={"Fn::If": ["A", "nginx", "nginx"]}, Environment=[{"Name": "A"}], Secrets=[{"Name": "A"}])
    resources["Task"]["Properties"]["ContainerDefinitions"][0]["Environment"] *= 2
    rules = [finding.rule for finding in report_of({"Resources": resources}).findings]
    assert rules.count("env-secret-collision") == 1


def test_an_id_can_be_registered_once():
    taken = next(iter(engine.all_rules()))
    with pytest.raises(ValueError, match=f"`{taken.id}` exists already"):
        rule(taken.id, severity=ERROR, source="")(taken.check)


def test_a_rule_needs_a_documented_module():
    with pytest.raises(ValueError, match="`new-rule` has no documentation"):
        rule("new-rule", severity=ERROR, source="")(failing)
