"""The command `clarify`. Starts light: what a command needs is imported when it runs."""

from __future__ import annotations

import sys

PASSED, REJECTED, FAILED = 0, 1, 2
"""Exit codes of `clarify rehearse`; bad input, anywhere, is 2 as well."""

_MISSING = """\
`clarify` needs packages that are not installed here: {name}.
Install them with:

    pip install 'clarify-cdk[local]'
"""


def main() -> None:
    """Run the command line."""
    try:
        from clarify_local.commands import app

        app()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("clarify_"):
            raise
        sys.stderr.write(_MISSING.format(name=error.name))
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
