"""What the documents name that must exist in AWS: images, secrets, parameters, log groups and more."""
