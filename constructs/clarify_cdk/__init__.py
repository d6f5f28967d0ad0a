"""CDK constructs that deploy a Clarify analysis."""
