"""Stand-ins for AWS in the tests of the engine's run, with the interface of boto3's clients."""
