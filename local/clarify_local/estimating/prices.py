"""What an hour of an instance costs, as far as it is known here: on demand, in US dollars.

None of these was read from AWS's own list (`AWS_PRICES`, to check against): each `source` is a
public page that quotes AWS's price list, or a bill, with the date at which it held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

AWS_PRICES: Final = "https://aws.amazon.com/sagemaker/ai/pricing/"

Use = Literal["Processing", "Hosting"]
"""What AWS calls the hours of jobs, and those of endpoints."""


@dataclass(frozen=True)
class Source:
    """Where prices were read.

    Attributes
    ----------
    date
        When they held: a day, or a month.
    url
        The page: a repository, and the file in it.
    quotes
        What the page quotes.
    """

    date: str
    url: str
    quotes: str


@dataclass(frozen=True)
class Price:
    """An hour of one instance.

    Attributes
    ----------
    region, instance_type, use
        Of what.
    usd
        In US dollars; 0 < usd.
    source
        Who says so; None where the person who asks gave it.
    """

    region: str
    instance_type: str
    use: Use
    usd: float
    source: Source | None


_LAB: Final = Source(
    "2026-07-30",
    "https://github.com/scott2borg/cs401r-2026-instructor"
    " (CS_401R_Labs/Lab 6 — Cost Model & Pre-Flight Blockers.md)",
    "the AWS Pricing API",
)
_COSTS: Final = Source(
    "2026-09-28",
    "https://github.com/Derpinator96/AURALane (docs/AWS-COSTS.md)",
    "the AWS Price List API",
)
_BILL: Final = Source(
    "2023-12",
    "https://github.com/aws-samples/sagemaker-ssh-helper (Sample_Costs.md)",
    "an AWS bill",
)

PRICES: Final = (
    Price("us-east-1", "ml.t3.medium", "Processing", 0.05, _LAB),
    Price("us-east-1", "ml.m5.large", "Processing", 0.115, _LAB),
    Price("us-east-1", "ml.m5.xlarge", "Processing", 0.23, _LAB),
    Price("us-east-1", "ml.m5.large", "Hosting", 0.115, _LAB),
    Price("us-east-1", "ml.m5.xlarge", "Hosting", 0.23, _COSTS),
    Price("us-east-1", "ml.m5.2xlarge", "Hosting", 0.461, _COSTS),
    Price("eu-west-1", "ml.m5.xlarge", "Processing", 0.257, _BILL),
    Price("eu-west-1", "ml.m5.xlarge", "Hosting", 0.257, _BILL),
    Price("eu-west-1", "ml.g4dn.4xlarge", "Hosting", 1.678, _BILL),
    Price("eu-west-1", "ml.g4dn.12xlarge", "Hosting", 5.453, _BILL),
    Price("eu-west-1", "ml.g5.12xlarge", "Hosting", 7.91, _BILL),
)


def price_of(region: str, instance_type: str, use: Use) -> Price | None:
    """Return a price of the table; None where none is known: no price is derived from another."""
    asked = (region, instance_type, use)
    return next((p for p in PRICES if (p.region, p.instance_type, p.use) == asked), None)
