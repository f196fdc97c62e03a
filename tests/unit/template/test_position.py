import pytest

from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.parse import parse
from roadworthy.template.position import Positions

JSON = """{
  "Resources": {
    "Task": { "Properties" : {"List": [1, {"Name": "a"}, "ü", {"Name": "b"}]} }
  }
}"""
YAML = """\
Resources:
  Task:
    Properties:
      Name: !If
        - A
        - !Sub "${X}"
        - other
      List: [1, {Name: b}]
"""


class Text:
    def __init__(self, text, syntax):
        self.text, self.syntax = text, syntax


@pytest.mark.parametrize(
    ("path", "position"),
    [
        ((), (1, 1)),
        (("Resources", "Task"), (3, 13)),
        (("Resources", "Task", "Properties", "List", 1, "Name"), (3, 52)),
        (("Resources", "Task", "Properties", "List", 3), (3, 63)),
        (("Resources", "Absent", "Properties"), (2, 16)),
    ],
)
def test_json_values_have_a_line_and_a_column(path, position):
    assert Positions(Text(JSON, "json")).of(path) == position


@pytest.mark.parametrize(
    ("path", "position"),
    [
        (("Resources", "Task", "Properties", "Name"), (4, 13)),
        (("Resources", "Task", "Properties", "Name", "Fn::If", 1), (6, 11)),
        (("Resources", "Task", "Properties", "List", 1, "Name"), (8, 24)),
        (("Resources", "Task", "Properties", "Absent"), (3, 5)),
    ],
)
def test_yaml_values_have_a_line_and_a_column(path, position):
    line, column = Positions(Text(YAML, "yaml")).of(path)
    assert (line, column) == position or (path[-1] == "Absent" and line in {3, 4})


def test_of_a_name_that_is_written_twice_the_last_one_counts():
    assert Positions(Text('{"a": 1,\n"a": 2}', "json")).of(("a",)) == (2, 6)


def test_yaml_in_flow_style_is_not_taken_for_json():
    text = "{Resources: {Task: {Type: AWS::ECS::TaskDefinition, # a comment\n Properties: {}}}}"
    syntax, tree = parse(text, "t.jsonnet")
    document = Document(file="t.jsonnet", text=text, syntax=syntax, kind=TEMPLATE, tree=tree)
    assert Positions(document).of(("Resources", "Task", "Properties")) == (2, 14)
