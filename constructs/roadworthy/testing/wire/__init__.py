"""Between a real boto3 client and what plays AWS: read and written by botocore's own service models."""
