"""CDK tokens: values that are known at deploy time only, and how they look until then.

The three encodings are those of aws-cdk-lib (`core/lib/private/encoding`). This package does not
import CDK, so it knows tokens by their looks.
"""

from __future__ import annotations

import re
from typing import Any

_KEY = r"[a-zA-Z0-9:._-]+"
_TEXT = re.compile(r"\$\{Token\[" + _KEY + r"\]\}")
_LIST = re.compile(r"#\{Token\[" + _KEY + r"\]\}")
# CDK sets the upper 16 bits of the double to 0xFBFF and counts in the others: from
# -1.8881545897087503e+289 to -1.949e+289. The ends are rounded outwards, for numbers that were
# printed with fewer digits.
_NUMBER_FROM, _NUMBER_TO = -1.95e289, -1.888e289


def is_token(value: Any) -> bool:
    """Return whether a text is, or holds anywhere in it, a CDK token.

    Examples
    --------
    >>> is_token("s3://${Token[TOKEN.17]}/data")
    True
    >>> is_token('{"A": "${A}"}')
    False
    """
    return isinstance(value, str) and _TEXT.search(value) is not None


def is_list_token(value: Any) -> bool:
    """Return whether a text holds the encoding of a list that is known at deploy time only."""
    return isinstance(value, str) and _LIST.search(value) is not None


def is_number_token(value: Any) -> bool:
    """Return whether a number is the encoding of one that is known at deploy time only."""
    return isinstance(value, int | float) and _NUMBER_FROM <= value <= _NUMBER_TO
