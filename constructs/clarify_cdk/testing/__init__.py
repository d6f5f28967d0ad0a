"""Tests of a stack's template: its text for a snapshot.

Only ``clarify_cdk.testing.fixtures`` needs pytest: its fixture ``template_snapshot`` compares a
template with the text that is kept beside the tests.
"""

from clarify_cdk.testing.template import template_text

__all__ = ["template_text"]
