"""Parity with the SageMaker SDK: a grid of calls, the published SDK, and what it made of them."""
