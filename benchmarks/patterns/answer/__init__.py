"""The Lambda function of all apps."""
