"""A service with one deployment configuration, and what a rule says of it."""

import pytest

PARAMETERS = {
    "Open": {"Type": "String"},
    "Env": {"Type": "String"},
    "Hundred": {"Type": "Number", "Default": 100},
}
CONDITIONS = {"A": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}


@pytest.fixture
def of_service(found):
    def check(rule, configuration=None, resources=None, **properties):
        properties = {"DeploymentConfiguration": configuration, **properties} if configuration else properties
        service = {"Type": "AWS::ECS::Service", "Properties": properties}
        return found(rule, {"Service": service, **(resources or {})}, Parameters=PARAMETERS, Conditions=CONDITIONS)

    return check
