"""What to do where a bias metric is far from its neutral value, by its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_DISTANCE = (
    "Read it with [DPL](#DPL), which tells the direction and whose remedies are the same. With two "
    "outcomes the distances say much the same in different units: put a limit on one of them."
)
_ERRORS = (
    "Look for features that are measured worse for the group that fares worse, and for too few of "
    "its rows in the training data; then for a decision threshold that does not fit it."
)

REMEDIES: Final[Mapping[str, str]] = {
    "CI": "Collect more rows of the smaller group, or weigh them in training. Few rows make every "
    "other metric uncertain: put limits on intervals, and ask for `minimum_rows`.",
    "DPL": "Find out what the labels are. Where they record past decisions, a model learns to "
    "repeat these: relabel, reweigh or resample before training. Where they record facts, look "
    "for what explains the difference with [CDDL](#CDDL), and judge the model by metrics that "
    "take the labels into account, such as [RD](#RD) and [AD](#AD).",
    **dict.fromkeys(("KL", "JS", "LP", "TVD", "KS"), _DISTANCE),
    "CDDL": "Compare it with [DPL](#DPL). Near 0 where DPL is not: the group variable accounts for "
    "the difference; ask whether that variable is fair itself. Far from 0 too: as for DPL.",
    "DPPL": "Compare it with [DPL](#DPL). Where both are alike, the model repeats its data; where "
    "DPPL is farther from 0, it adds to them. SHAP values tell which features carry the "
    "difference: look for stand-ins of the facet among them; then reweigh, or move the threshold.",
    "DI": 'As for [DPPL](#DPPL), as a ratio. The preset `"four_fifths"` is a limit on it.',
    "DCA": "The model hands out positive predictions more sparingly, next to the labels, to one of "
    "the two. Calibrate the scores, and look at the threshold for each of them.",
    "DCR": "The model hands out negative predictions more freely, next to the labels, to one of "
    "the two. Calibrate the scores, and look at the threshold for each of them.",
    "SD": f"One of the two is predicted positive wrongly more often. {_ERRORS}",
    "RD": f"One of the two is overlooked more often. {_ERRORS}",
    "DAR": f"A positive prediction is worth less for one of the two. {_ERRORS}",
    "DRR": f"A negative prediction is worth less for one of the two. {_ERRORS}",
    "AD": f"The model is right less often for one of the two. {_ERRORS} [RD](#RD) and [SD](#SD) "
    "tell which kind of error it is.",
    "TE": "The two kinds of errors are in different proportions. It is a ratio of two counts that "
    "may be small: read [RD](#RD) and [SD](#SD) beside it before anything is changed.",
    "CDDPL": "Compare it with [DPPL](#DPPL) as [CDDL](#CDDL) with DPL: near 0 where DPPL is not, "
    "the group variable accounts for the difference.",
    "FT": "People who are alike but for the facet are predicted differently. Look at SHAP values "
    "for stand-ins of the facet. Neighbours are sought among the features as they are: a column "
    "of large numbers decides alone, so scale the columns before the metric is trusted.",
    "GE": "It counts every row's benefit, of both together: it does not tell who fares worse. "
    "Take [AD](#AD), [RD](#RD) and [SD](#SD) for that, and lower the errors themselves.",
}
