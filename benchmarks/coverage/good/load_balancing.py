"""An internet-facing application load balancer: HTTPS to the tasks, HTTP redirected."""

from typing import Any

_GROUP = {"Fn::GetAtt": ["LoadBalancerGroup", "GroupId"]}

RESOURCES: dict[str, Any] = {
    "LoadBalancer": {
        "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "DependsOn": ["PublicDefaultRoute", "PublicAssociationA", "PublicAssociationB"],
        "Properties": {
            "Type": "application",
            "Scheme": "internet-facing",
            "Subnets": [{"Ref": "PublicSubnetA"}, {"Ref": "PublicSubnetB"}],
            "SecurityGroups": [_GROUP],
        },
    },
    "Targets": {
        "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Properties": {
            "VpcId": {"Ref": "Vpc"},
            "TargetType": "ip",
            "Protocol": "HTTP",
            "Port": 8000,
            "HealthCheckPath": "/health",
            "HealthCheckIntervalSeconds": 15,
            "HealthCheckTimeoutSeconds": 5,
            "HealthyThresholdCount": 2,
            "UnhealthyThresholdCount": 3,
            "Matcher": {"HttpCode": "200"},
            "TargetGroupAttributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}],
        },
    },
    "Listener": {
        "Type": "AWS::ElasticLoadBalancingV2::Listener",
        "Properties": {
            "LoadBalancerArn": {"Ref": "LoadBalancer"},
            "Port": 443,
            "Protocol": "HTTPS",
            "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "Certificates": [{"CertificateArn": {"Ref": "CertificateArn"}}],
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}],
        },
    },
    "RedirectListener": {
        "Type": "AWS::ElasticLoadBalancingV2::Listener",
        "Properties": {
            "LoadBalancerArn": {"Ref": "LoadBalancer"},
            "Port": 80,
            "Protocol": "HTTP",
            "DefaultActions": [
                {
                    "Type": "redirect",
                    "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
                }
            ],
        },
    },
}
