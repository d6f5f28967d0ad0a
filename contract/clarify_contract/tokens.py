"""CDK tokens: values that are known at deploy time only, and how they look until then.

The three encodings are those of aws-cdk-lib (`core/lib/private/encoding`). This package does not
import CDK, so it knows tokens by their looks.
"""

from __future__ import annotations

import re
import struct
from typing import Any

_KEY = r"[a-zA-Z0-9:._-]+"
_TEXT = re.compile(r"\$\{Token\[" + _KEY + r"\]\}")
_LIST = re.compile(r"#\{Token\[" + _KEY + r"\]\}")
# The upper 16 bits of the double that stands for a number token: about -1.888e+289.
_NUMBER_MARK = 0xFBFF


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
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        (bits,) = struct.unpack(">Q", struct.pack(">d", value))
    except OverflowError:
        # A whole number beyond every double is no encoded one.
        return False
    return bool(bits >> 48 == _NUMBER_MARK)
