import json

from roadworthy.cli import main
from roadworthy.rules.engine.registry import all_rules
from roadworthy.rules.engine.selection import rule_ids


def test_the_table_has_id_severity_and_summary_of_every_rule(capsys):
    assert main(["rules"]) == 0
    rows = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == rule_ids()
    assert {rule.id for rule in all_rules()} < {row[0] for row in rows}
    assert ["latest-image-tag", "error", "An image is named by a fixed tag or a digest, never by `latest`"] in rows


def test_the_list_in_json_has_the_source_too(capsys):
    main(["rules", "--format", "json"])
    rules = json.loads(capsys.readouterr().out)
    assert [rule["id"] for rule in rules] == rule_ids()
    assert set(rules[0]) == {"id", "severity", "summary", "source", "online"}
    online = {rule["id"]: rule["online"] for rule in rules}
    assert (online["latest-image-tag"], online["image-tag-missing"]) == (False, True)


def test_the_list_in_markdown_links_the_pages(capsys):
    main(["rules", "--format", "markdown"])
    assert "| [`latest-image-tag`](latest-image-tag.md) | error |" in capsys.readouterr().out
