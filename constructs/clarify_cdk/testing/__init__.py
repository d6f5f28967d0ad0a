"""Tests of a stack's template: its text for a snapshot, and what a security reviewer asks.

Only ``clarify_cdk.testing.fixtures`` needs pytest: its fixture ``template_snapshot`` compares a
template with the text that is kept beside the tests.
"""

from clarify_cdk.testing.encryption import assert_encrypted
from clarify_cdk.testing.least_privilege import assert_least_privilege
from clarify_cdk.testing.logs import assert_logged
from clarify_cdk.testing.private_network import assert_private_network
from clarify_cdk.testing.public_access import assert_no_public_access
from clarify_cdk.testing.template import template_text

__all__ = [
    "assert_encrypted",
    "assert_least_privilege",
    "assert_logged",
    "assert_no_public_access",
    "assert_private_network",
    "template_text",
]
