"""What a synthesis of QueryServiceStack costs: by stock `cdk synth`, by ours, and without the CDK CLI."""
