from roadworthy.template.conditions import Conditions, Literal, possible

DEFINITIONS = {
    "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
    "Stage": {"Fn::Equals": [{"Ref": "Env"}, "stage"]},
    "NotProd": {"Fn::Not": [{"Condition": "Prod"}]},
    "ProdInUs": {"Fn::And": [{"Condition": "Prod"}, {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}]},
    "ProdOrStage": {"Fn::Or": [{"Condition": "Prod"}, {"Condition": "Stage"}]},
    "Never": {"Fn::Equals": ["a", "b"]},
    "Circular": {"Fn::Not": [{"Condition": "Circular"}]},
    "Odd": {"Fn::Equals": "nonsense"},
}


def holds_together(*literals, parameters=None):
    conditions = Conditions(DEFINITIONS, parameters or {})
    return possible(frozenset(Literal(conditions, name, holds) for name, holds in literals))


def test_a_condition_and_its_opposite_exclude_each_other():
    assert not holds_together(("Prod", True), ("Prod", False))


def test_a_negated_condition_excludes_the_condition():
    assert not holds_together(("Prod", True), ("NotProd", True))
    assert not holds_together(("Prod", False), ("NotProd", False))


def test_a_part_of_and_must_hold_with_it():
    assert not holds_together(("ProdInUs", True), ("Prod", False))
    assert holds_together(("ProdInUs", False), ("Prod", True))


def test_different_values_of_one_parameter_exclude_each_other():
    assert not holds_together(("Prod", True), ("Stage", True))


def test_or_fails_only_with_both_parts():
    assert not holds_together(("ProdOrStage", True), ("Prod", False), ("Stage", False))
    assert holds_together(("ProdOrStage", True), ("Prod", False), ("Stage", True))


def test_a_third_value_is_possible_unless_the_parameter_forbids_it():
    neither = ("Prod", False), ("Stage", False)
    assert holds_together(*neither)
    assert not holds_together(*neither, parameters={"Env": {"AllowedValues": ["prod", "stage"]}})


def test_a_comparison_of_literals_is_decided():
    assert not holds_together(("Never", True))
    assert holds_together(("Never", False))


def test_undefined_circular_and_malformed_conditions_can_be_either():
    for name in ("Undefined", "Odd"):
        assert holds_together((name, True))
        assert holds_together((name, False))
    assert holds_together(("Circular", True), ("Undefined", False))


def test_conditions_of_two_templates_are_independent():
    here, there = Conditions(DEFINITIONS, {}), Conditions(DEFINITIONS, {})
    assert possible(frozenset({Literal(here, "Prod", True)}), frozenset({Literal(there, "Prod", False)}))


def test_what_is_too_hard_to_decide_is_not_claimed_possible():
    parity = {"Fn::Equals": [{"Ref": "P0"}, "1"]}
    for index in range(1, 24):
        bit = {"Fn::Equals": [{"Ref": f"P{index}"}, "1"]}
        parity = {
            "Fn::Or": [
                {"Fn::And": [parity, {"Fn::Not": [bit]}]},
                {"Fn::And": [{"Fn::Not": [{"Condition": f"C{index}"}]}, bit]},
            ]
        }
    conditions = Conditions({"Hard": {"Fn::And": [parity, {"Fn::Not": [parity]}]}}, {})
    assert not possible(frozenset({Literal(conditions, "Hard", True)}))


def test_conditions_that_share_conditions_thirty_deep_are_decided_at_once():
    doubling = {f"C{index}": {"Fn::And": [{"Condition": f"C{index - 1}"}] * 2} for index in range(1, 28)}
    conditions = Conditions({"C0": {"Fn::Equals": [{"Ref": "P"}, "x"]}, **doubling}, {})
    assert possible(frozenset({Literal(conditions, "C27", True)}))
