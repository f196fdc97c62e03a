"""The Lambda function of all three apps."""
