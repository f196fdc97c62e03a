"""CDK's interfaces as arguments, each together with CDK's own class for it.

jsii names some parameters otherwise in a class than in its interface: `Key.add_alias(alias_name)` and
`IKey.add_alias(alias)`. pyright takes no class for a protocol that names its parameters otherwise, so that a `kms.Key`
for a `kms.IKey` would be an error in the editor of a user whose code is right. mypy and CDK itself see no difference.
"""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns

AnyFunction = lambda_.IFunction | lambda_.FunctionBase
AnyKey = kms.IKey | kms.Key
AnyRole = iam.IRole | iam.Role
AnySecret = secretsmanager.ISecret | secretsmanager.Secret
AnyTopic = sns.ITopic | sns.TopicBase
