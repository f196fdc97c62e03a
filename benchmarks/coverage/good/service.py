"""The service: rolling deployments that roll back, Service Connect, ECS Exec, scaling on CPU and requests."""

from typing import Any

_READY = [
    "Listener",
    "TasksFromLoadBalancer",
    "LoadBalancerToTasks",
    "FileSystemFromTasks",
    "PrivateDefaultRoute",
    "PrivateAssociationA",
    "PrivateAssociationB",
    "MountTargetA",
    "MountTargetB",
]
_RESOURCE_LABEL = {
    "Fn::Join": [
        "/",
        [
            {"Fn::GetAtt": ["LoadBalancer", "LoadBalancerFullName"]},
            {"Fn::GetAtt": ["Targets", "TargetGroupFullName"]},
        ],
    ]
}


def _tracking(metric: str, target: int, **more: Any) -> dict[str, Any]:
    specification = {"PredefinedMetricType": metric, **more}
    tracking = {"TargetValue": target, "PredefinedMetricSpecification": specification}
    return {
        "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
        "Properties": {
            "PolicyName": metric,
            "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": {"Ref": "ScalableTarget"},
            "TargetTrackingScalingPolicyConfiguration": tracking,
        },
    }


RESOURCES: dict[str, Any] = {
    "Cluster": {
        "Type": "AWS::ECS::Cluster",
        "Properties": {"ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}]},
    },
    "Namespace": {"Type": "AWS::ServiceDiscovery::HttpNamespace", "Properties": {"Name": "shop"}},
    "ErrorAlarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": "AWS/ApplicationELB",
            "MetricName": "HTTPCode_Target_5XX_Count",
            "Dimensions": [
                {"Name": "LoadBalancer", "Value": {"Fn::GetAtt": ["LoadBalancer", "LoadBalancerFullName"]}},
                {"Name": "TargetGroup", "Value": {"Fn::GetAtt": ["Targets", "TargetGroupFullName"]}},
            ],
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 2,
            "Threshold": 10,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
        },
    },
    "Service": {
        "Type": "AWS::ECS::Service",
        "DependsOn": _READY,
        "Properties": {
            "Cluster": {"Ref": "Cluster"},
            "ServiceName": "orders",
            "TaskDefinition": {"Ref": "TaskDefinition"},
            "LaunchType": "FARGATE",
            "AvailabilityZoneRebalancing": "ENABLED",
            "EnableExecuteCommand": True,
            "HealthCheckGracePeriodSeconds": 120,
            "NetworkConfiguration": {
                "AwsvpcConfiguration": {
                    "AssignPublicIp": "DISABLED",
                    "Subnets": [{"Ref": "PrivateSubnetA"}, {"Ref": "PrivateSubnetB"}],
                    "SecurityGroups": [{"Fn::GetAtt": ["ServiceGroup", "GroupId"]}],
                }
            },
            "LoadBalancers": [
                {"ContainerName": "api", "ContainerPort": 8000, "TargetGroupArn": {"Ref": "Targets"}},
            ],
            "DeploymentConfiguration": {
                "MinimumHealthyPercent": 100,
                "MaximumPercent": 200,
                "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
                "Alarms": {"AlarmNames": [{"Ref": "ErrorAlarm"}], "Enable": True, "Rollback": True},
            },
            "ServiceConnectConfiguration": {
                "Enabled": True,
                "Namespace": {"Fn::GetAtt": ["Namespace", "Arn"]},
                "Services": [{"PortName": "http", "ClientAliases": [{"Port": 8000, "DnsName": "orders"}]}],
            },
        },
    },
    "ScalableTarget": {
        "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
        "Properties": {
            "ServiceNamespace": "ecs",
            "ScalableDimension": "ecs:service:DesiredCount",
            "ResourceId": {"Fn::Join": ["/", ["service", {"Ref": "Cluster"}, {"Fn::GetAtt": ["Service", "Name"]}]]},
            "MinCapacity": 2,
            "MaxCapacity": 6,
        },
    },
    "CpuScaling": _tracking("ECSServiceAverageCPUUtilization", 60),
    "RequestScaling": _tracking("ALBRequestCountPerTarget", 1000, ResourceLabel=_RESOURCE_LABEL),
}
