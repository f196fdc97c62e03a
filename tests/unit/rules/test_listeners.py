"""Listeners, their rules, and the services behind them."""

import pytest

WITHOUT, BEFORE = "target-group-without-listener", "service-before-listener"
PRIORITY, CERTIFICATE = "listener-rule-priority-duplicate", "https-listener-no-certificate"
SHARED, NOT_ISSUED = "target-group-shared-by-services", "acm-certificate-not-issued"
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}, "NotA": {"Fn::Not": [{"Condition": "A"}]}}
PARAMETERS = {
    "Env": {"Type": "String"},
    "Open": {"Type": "String"},
    "Ten": {"Type": "Number", "Default": 10},
    "Https": {"Type": "String", "Default": "HTTPS"},
}
TARGETS = {"Ref": "Targets"}
NO_VALUE = {"Ref": "AWS::NoValue"}
REDIRECT = {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}}
FORWARD = {"Type": "forward", "TargetGroupArn": TARGETS}
WEIGHTED = {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": TARGETS, "Weight": 1}]}}


def resource(kind, properties, **more):
    return {"Type": f"AWS::{kind}", "Properties": properties, **more}


def listener(*actions, balancer="LoadBalancer", **more):
    properties = {"LoadBalancerArn": {"Ref": balancer}, "Protocol": "HTTP", "DefaultActions": list(actions), **more}
    return resource("ElasticLoadBalancingV2::Listener", properties)


def listener_rule(*actions, **more):
    properties = {"ListenerArn": {"Ref": "Open"}, "Actions": list(actions), **more}
    return resource("ElasticLoadBalancingV2::ListenerRule", properties)


def service(depends_on=None, **entry):
    loaded = {"ContainerName": "api", "ContainerPort": 8000, "TargetGroupArn": TARGETS, **entry}
    made = resource("ECS::Service", {"TaskDefinition": {"Ref": "Open"}, "LoadBalancers": [loaded]})
    return {**made, "DependsOn": depends_on} if depends_on else made


def template(**resources):
    return {
        "LoadBalancer": resource("ElasticLoadBalancingV2::LoadBalancer", {}),
        "Targets": resource("ElasticLoadBalancingV2::TargetGroup", {"TargetType": "ip"}),
        "Service": service(),
        **resources,
    }


def check(found, rule, resources, **sections):
    return found(rule, resources, Conditions=CONDITIONS, Parameters=PARAMETERS, **sections)


LONELY = {
    "no listener": {},
    "a redirect": {"Listener": listener(REDIRECT)},
    "other target group": {
        "Others": resource("ElasticLoadBalancingV2::TargetGroup", {}),
        "Listener": listener({"Type": "forward", "TargetGroupArn": {"Ref": "Others"}}),
    },
    "an alarm on it": {
        "Alarm": resource("CloudWatch::Alarm", {"Value": {"Fn::GetAtt": ["Targets", "TargetGroupName"]}})
    },
}


@pytest.mark.parametrize("case", LONELY)
def test_a_target_group_to_which_nothing_forwards_is_an_error(found, case):
    message = "no listener forwards to target group `Targets`, in which service `Service` registers its tasks"
    assert check(found, WITHOUT, template(**LONELY[case])) == [("error", message)]


def test_the_alternate_target_group_needs_a_listener_too(found):
    advanced = {"AlternateTargetGroupArn": {"Ref": "Green"}}
    green = resource("ElasticLoadBalancingV2::TargetGroup", {})
    resources = template(Listener=listener(FORWARD), Green=green, Service=service(AdvancedConfiguration=advanced))
    message = "no listener forwards to target group `Green`, in which service `Service` registers its tasks"
    assert check(found, WITHOUT, resources) == [("error", message)]


def test_nothing_is_said_of_the_alternate_of_a_network_load_balancer(found):
    advanced = {"AlternateTargetGroupArn": {"Ref": "Green"}}
    green = resource("ElasticLoadBalancingV2::TargetGroup", {"Protocol": "TCP"})
    resources = template(Listener=listener(FORWARD), Green=green, Service=service(AdvancedConfiguration=advanced))
    assert check(found, WITHOUT, resources) == []


FORWARDED = {
    "a listener": {"Listener": listener(FORWARD)},
    "weighted": {"Listener": listener(WEIGHTED)},
    "a rule": {"Rule": listener_rule(FORWARD)},
    "a rule of an imported listener": {"Rule": listener_rule(FORWARD, ListenerArn={"Fn::ImportValue": "L"})},
    "under a condition": {"Listener": listener({"Fn::If": ["A", FORWARD, REDIRECT]})},
    "unknown actions": {"Listener": listener(DefaultActions={"Fn::FindInMap": ["A", "B", "C"]})},
    "unknown target": {"Listener": listener({"Type": "forward", "TargetGroupArn": {"Fn::ImportValue": "T"}})},
    "a macro's action": {"Listener": listener({"Fn::Transform": {"Name": "M"}})},
    "a nested stack": {"Stack": resource("CloudFormation::Stack", {"Parameters": {"T": TARGETS}})},
    "a custom resource": {"Custom": resource("CloudFormation::CustomResource", {"Target": TARGETS})},
    "a part of a template": {"Other": resource("SQS::Queue", {"Name": {"Ref": "NotHere"}})},
    "other resources by Fn::ForEach": {"Fn::ForEach::Listeners": ["I", ["a"], {}]},
}


@pytest.mark.parametrize("case", FORWARDED)
def test_a_target_group_to_which_something_may_forward_is_silent(found, case):
    assert check(found, WITHOUT, template(**FORWARDED[case])) == []


def test_a_target_group_that_is_exported_is_silent(found):
    outputs = {"Out": {"Value": {"Fn::Sub": "${Targets}"}, "Export": {"Name": "targets"}}}
    assert check(found, WITHOUT, template(), Outputs=outputs) == []


def test_a_service_that_does_not_wait_for_its_load_balancer_is_an_error(found):
    message = "service `Service` is not made after the listener of its target group `Targets`: `Listener`, "
    message += "which waits for load balancer `LoadBalancer`"
    assert check(found, BEFORE, template(Listener=listener(FORWARD))) == [("error", message)]


RACES = {
    "a rule of another stack's listener": {"Listener": listener_rule(WEIGHTED)},
    "a service that waits for another": {
        "Listener": listener(FORWARD),
        "Other": resource("ECS::Service", {}),
        "Service": service("Other"),
    },
    "the redirect's listener": {
        "Listener": listener(FORWARD),
        "Redirect": listener(REDIRECT),
        "Service": service(["Redirect"]),
    },
}


@pytest.mark.parametrize("case", RACES)
def test_a_service_that_may_come_before_its_listener_is_a_warning(found, case):
    message = "service `Service` is not made after the listener of its target group `Targets`: `Listener`"
    assert check(found, BEFORE, template(**RACES[case])) == [("warning", message)]


BEHIND = {
    "depends on the listener": {"Listener": listener(FORWARD), "Service": service("Listener")},
    "depends on one of two": {
        "Listener": listener(FORWARD),
        "Other": listener(FORWARD),
        "Service": service(["Other"]),
    },
    "through a wait condition": {
        "Listener": listener(FORWARD),
        "Handle": resource("CloudFormation::WaitConditionHandle", None, DependsOn="Listener"),
        "Wait": resource("CloudFormation::WaitCondition", {"Handle": {"Fn::If": ["A", {"Ref": "Handle"}, NO_VALUE]}}),
        "Service": service("Wait"),
    },
    "by a Sub in a tag": {
        "Listener": listener(FORWARD),
        "Service": service(AdvancedConfiguration={"RoleArn": {"Fn::Sub": "${Listener.ListenerArn}"}}),
    },
    "no listener at all": {},
    "unknown target group": {"Listener": listener(FORWARD), "Service": service(TargetGroupArn={"Ref": "Open"})},
}


@pytest.mark.parametrize("case", BEHIND)
def test_a_service_behind_its_listener_is_silent(found, case):
    assert check(found, BEFORE, template(**BEHIND[case])) == []


def rules(one, other, **more):
    return {"One": listener_rule(FORWARD, **one), "Two": {**listener_rule(FORWARD, **other), **more}}


def test_two_rules_of_one_priority_are_an_error(found):
    message = "listener rules `One` and `Two` both have priority 10"
    assert check(found, PRIORITY, rules({"Priority": 10}, {"Priority": "10"})) == [("error", message)]


def test_a_listener_is_the_same_by_each_of_its_references(found):
    listeners = {"ListenerArn": {"Ref": "Https"}}, {"ListenerArn": {"Fn::GetAtt": ["Https", "ListenerArn"]}}
    of_one = rules(*({"Priority": 10, **each} for each in listeners))
    message = "listener rules `One` and `Two` both have priority 10"
    assert check(found, PRIORITY, {**of_one, "Https": listener(FORWARD)}) == [("error", message)]


def test_rules_of_one_imported_listener_are_compared(found):
    same = {"Priority": 10, "ListenerArn": {"Fn::ImportValue": {"Fn::Sub": "${AWS::StackName}-L"}}}
    message = "listener rules `One` and `Two` both have priority 10"
    assert check(found, PRIORITY, rules(same, same)) == [("error", message)]


def test_a_priority_by_a_parameters_default_is_a_warning(found):
    message = "listener rules `One` and `Two` both have priority 10 (by the default of parameter `Ten`)"
    assert check(found, PRIORITY, rules({"Priority": 10}, {"Priority": {"Ref": "Ten"}})) == [("warning", message)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Priority": 10}, {"Priority": 20}),
        ({"Priority": {"Ref": "Open"}}, {"Priority": {"Ref": "Open"}}),
        ({"Priority": 10}, {"Priority": 10, "ListenerArn": {"Ref": "Other"}}),
        ({"Priority": 10}, {"Priority": 10, "ListenerArn": {"Fn::ImportValue": "Other"}}),
        ({"Priority": {"Fn::If": ["A", 10, 20]}}, {"Priority": {"Fn::If": ["A", 20, 10]}}),
        ({"Priority": None}, {"Priority": None}),
    ],
)
def test_rules_that_may_differ_are_silent(found, one, other):
    assert check(found, PRIORITY, rules(one, other)) == []


@pytest.mark.parametrize("protocol", ["HTTPS", "TLS"])
@pytest.mark.parametrize("more", [{}, {"Certificates": []}, {"Certificates": None}, {"Certificates": NO_VALUE}])
def test_a_listener_for_https_without_a_certificate_is_an_error(found, protocol, more):
    resources = {"Listener": listener(FORWARD, **{"Protocol": protocol, **more})}
    message = f"listener `Listener` speaks {protocol} and has no certificate"
    assert check(found, CERTIFICATE, resources) == [("error", message)]


def test_a_listener_under_a_condition_without_a_certificate_is_a_warning(found):
    resources = {"Listener": {**listener(FORWARD, Protocol="HTTPS"), "Condition": "A"}}
    message = "listener `Listener` speaks HTTPS and has no certificate"
    assert check(found, CERTIFICATE, resources) == [("warning", message)]


@pytest.mark.parametrize(
    "more",
    [
        {"Protocol": "HTTP"},
        {"Protocol": {"Ref": "Open"}},
        {"Protocol": "HTTPS", "Certificates": [{"CertificateArn": {"Ref": "Open"}}]},
        {"Protocol": "HTTPS", "Certificates": {"Ref": "Open"}},
        {
            "Protocol": {"Fn::If": ["A", "HTTPS", "HTTP"]},
            "Certificates": {"Fn::If": ["A", [{"CertificateArn": "arn"}], NO_VALUE]},
        },
    ],
)
def test_a_listener_that_may_have_a_certificate_is_silent(found, more):
    assert check(found, CERTIFICATE, {"Listener": listener(FORWARD, **more)}) == []


def certified(**properties):
    certificate = resource("CertificateManager::Certificate", {"DomainName": "example.com", **properties})
    return {"Cert": certificate, "Listener": listener(FORWARD, Certificates=[{"CertificateArn": {"Ref": "Cert"}}])}


@pytest.mark.parametrize(
    ("properties", "how"),
    [
        ({}, "mail"),
        ({"ValidationMethod": "DNS"}, "DNS and names no hosted zone"),
        (
            {"ValidationMethod": "DNS", "DomainValidationOptions": [{"DomainName": "example.com"}]},
            "DNS and names no hosted zone",
        ),
    ],
)
def test_a_certificate_that_waits_for_somebody_is_a_warning(found, properties, how):
    message = f"certificate `Cert` is validated by {how}: the stack waits for somebody"
    assert check(found, NOT_ISSUED, certified(**properties)) == [("warning", message)]


@pytest.mark.parametrize(
    "properties",
    [
        {"ValidationMethod": "DNS", "DomainValidationOptions": [{"HostedZoneId": "Z1"}]},
        {"ValidationMethod": "DNS", "DomainValidationOptions": {"Ref": "Open"}},
        {"ValidationMethod": "DNS", "DomainValidationOptions": [{"Ref": "Open"}]},
        {"ValidationMethod": {"Ref": "Open"}},
        {"CertificateAuthorityArn": {"Ref": "Open"}},
    ],
)
def test_a_certificate_that_waits_for_nobody_is_silent(found, properties):
    assert check(found, NOT_ISSUED, certified(**properties)) == []


def test_a_target_group_of_two_services_is_a_warning(found):
    resources = template(Listener=listener(FORWARD), Other=service())
    message = "services `Service` and `Other` share target group `Targets`"
    assert check(found, SHARED, resources) == [("warning", message)]


def test_services_that_exclude_each_other_share_nothing(found):
    one, other = {**service(), "Condition": "A"}, {**service(), "Condition": "NotA"}
    assert check(found, SHARED, template(Service=one, Other=other)) == []


def test_a_target_group_of_two_load_balancers_is_an_error(found):
    second = resource("ElasticLoadBalancingV2::LoadBalancer", {})
    rule = listener_rule(FORWARD, ListenerArn={"Ref": "Internal"})
    resources = template(Listener=listener(FORWARD), Second=second, Internal=listener(balancer="Second"), Rule=rule)
    message = "load balancers `LoadBalancer` and `Second` both forward to target group `Targets`"
    assert check(found, SHARED, resources) == [("error", message)]


def test_two_listeners_of_one_load_balancer_are_silent(found):
    assert check(found, SHARED, template(Http=listener(FORWARD), Https=listener(FORWARD))) == []
