"""Deployment configurations, and values in them that nobody knows; `of_service` declares their parameter."""

OPEN, NO_VALUE = {"Ref": "Open"}, {"Ref": "AWS::NoValue"}
ENABLED = {"Enable": True, "Rollback": True}


def percents(minimum, maximum):
    return {"MinimumHealthyPercent": minimum, "MaximumPercent": maximum}
