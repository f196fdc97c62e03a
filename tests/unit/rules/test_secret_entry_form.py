import pytest

RULE = "secret-entry-form"


@pytest.mark.parametrize(
    ("container", "message"),
    [
        (
            {"Secrets": [{"Name": "STAGE", "Value": "prod"}]},
            "secret `STAGE` of container `api` has `Value`, not `ValueFrom`",
        ),
        (
            {"Secrets": [{"Name": "STAGE", "Value": {"Ref": "Open"}}]},
            "secret `STAGE` of container `api` has `Value`, not `ValueFrom`",
        ),
        (
            {"Environment": [{"Name": "TOKEN", "ValueFrom": "arn:aws:ssm:a:1:parameter/x"}]},
            "environment variable `TOKEN` of container `api` has `ValueFrom`, not `Value`",
        ),
    ],
)
def test_an_entry_with_the_other_lists_member_is_an_error(found, task, container, message):
    assert found(RULE, task(**container)) == [("error", message)]


@pytest.mark.parametrize(
    "container",
    [
        {"Secrets": [{"Name": "TOKEN", "ValueFrom": "arn"}], "Environment": [{"Name": "A", "Value": "b"}]},
        {"Secrets": {"Ref": "Open"}, "Environment": [{"Ref": "Open"}, {"Fn::If": ["A", {"Name": "A"}]}, None]},
        {"Secrets": [{"Name": "TOKEN", "ValueFrom": "arn", "Value": None}], "Environment": [{"Name": "EMPTY"}]},
    ],
)
def test_entries_of_their_own_form_are_silent(found, task, container):
    assert found(RULE, task(**container)) == []


@pytest.mark.parametrize(
    ("entry", "fix"),
    [
        ({"name": "A", "value": "plain"}, "Move `A` to the container's `environment`"),
        ({"name": "A", "value": "arn:aws:ssm:a:1:parameter/x"}, "Write `valueFrom`"),
        ({"name": "A", "value": "/shop/a"}, "Write `valueFrom`"),
    ],
)
def test_the_fix_depends_on_what_the_value_is(report_of, entry, fix):
    report = report_of({"family": "f", "containerDefinitions": [{"name": "a", "image": "a:1", "secrets": [entry]}]})
    assert [finding.fix for finding in report.findings if finding.rule == RULE] == [fix]
    assert [finding.message for finding in report.findings if finding.rule == "unknown-property"] == []
