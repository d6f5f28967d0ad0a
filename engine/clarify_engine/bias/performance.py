"""How well a model does on some rows: ten measures of one confusion matrix.

The measures and their names are those of the service's report (smclarify's
``model_performance_report``).
"""

from __future__ import annotations

from dataclasses import dataclass

from clarify_engine.bias.table import Confusion, divide


@dataclass(frozen=True)
class Measure:
    """One measure of a model's performance.

    Attributes
    ----------
    name
        As the service's report has it.
    formula
        What is divided by what, in words.
    value
        0 for 0/0 and infinite for x/0, as the service has it.
    """

    name: str
    formula: str
    value: float


def performance(confusion: Confusion) -> tuple[Measure, ...]:
    """Return the ten measures of a confusion matrix, in the order of the service's report.

    Examples
    --------
    >>> from clarify_engine.bias.table import Confusion
    >>> performance(Confusion(tp=3, fp=1, fn=2, tn=4))[0].value
    0.7
    """
    c = confusion
    positive, negative = c.tp + c.fn, c.tn + c.fp
    accepted, rejected = c.tp + c.fp, c.tn + c.fn
    # 2PR / (P + R), with the fractions multiplied out.
    f1 = divide(2 * c.tp, accepted + positive)
    return (
        Measure("Accuracy", "right predictions / rows", divide(c.tp + c.tn, c.size)),
        Measure(
            "Proportion of Positive Predictions in Labels",
            "positive predictions / rows",
            divide(accepted, c.size),
        ),
        Measure(
            "Proportion of Negative Predictions in Labels",
            "negative predictions / rows",
            divide(rejected, c.size),
        ),
        Measure(
            "True Positive Rate / Recall",
            "true positives / positive labels",
            divide(c.tp, positive),
        ),
        Measure(
            "True Negative Rate / Specificity",
            "true negatives / negative labels",
            divide(c.tn, negative),
        ),
        Measure(
            "Acceptance Rate / Precision",
            "true positives / positive predictions",
            divide(c.tp, accepted),
        ),
        Measure(
            "Rejection Rate",
            "true negatives / negative predictions",
            divide(c.tn, rejected),
        ),
        Measure(
            "Conditional Acceptance",
            "positive labels / positive predictions",
            divide(positive, accepted),
        ),
        Measure(
            "Conditional Rejection",
            "negative labels / negative predictions",
            divide(negative, rejected),
        ),
        Measure("F1 Score", "harmonic mean of precision and recall", f1),
    )
