"""What a sentence says about a value, held against counts of which one can see who fares worse.

Two groups are given as confusion matrices (tp, fp, fn, tn). The formulas of the developer guide are
written out here once more; several of the examples are the guide's own.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import pytest

from clarify_contract import METRICS
from clarify_contract.meanings import group_name, meaning

GROUP = "sex = 0"
INF = math.inf


class C(NamedTuple):
    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def n(self) -> int:
        return sum(self)

    @property
    def q(self) -> float:
        return (self.tp + self.fn) / self.n

    @property
    def accepted(self) -> int:
        return self.tp + self.fp


# A rest whose labels are positive for 70 of 100 rows, a group with 20 of 50.
REST, FEWER = C(tp=60, fp=10, fn=10, tn=20), C(tp=10, fp=5, fn=10, tn=25)
DPL = REST.q - FEWER.q
DPPL = REST.accepted / REST.n - FEWER.accepted / FEWER.n


@pytest.mark.parametrize(
    ("code", "value", "says"),
    [
        # 50 of 150 rows are the group's.
        ("CI", (100 - 50) / 150, "sex = 0 has 33.3 % of the rows, fewer than the rest"),
        ("CI", (50 - 100) / 150, "sex = 0 has 66.7 % of the rows, more than the rest"),
        ("CI", 0.0, "sex = 0 has as many rows as the rest"),
        (
            "DPL",
            DPL,  # 70 % less 40 %
            "The label is positive less often for sex = 0 than for the rest, by 30 percentage"
            " points",
        ),
        (
            "DPL",
            -0.01,
            "The label is positive more often for sex = 0 than for the rest, by 1 percentage point",
        ),
        ("DPL", 0.0, "The label is positive equally often for sex = 0 and for the rest"),
        (
            "DPPL",
            DPPL,  # 70 % less 30 %
            "The prediction is positive less often for sex = 0 than for the rest, by 40 percentage"
            " points",
        ),
        (
            "DI",
            (15 / 50) / (70 / 100),
            "The prediction is positive 0.429 times as often for sex = 0 as for the rest",
        ),
        ("DI", 1.0, "The prediction is positive equally often for sex = 0 and for the rest"),
        (
            "DI",
            INF,
            "The prediction is positive for some rows of sex = 0 and for none of the rest",
        ),
        # One group value: the group has 10 of 20 negative labels and 10 of 40 positive ones.
        (
            "CDDL",
            10 / 20 - 10 / 40,
            "Averaged over the values of the group variable, sex = 0 makes up more of the negative"
            " labels than of the positive ones, by 25 percentage points",
        ),
        (
            "CDDPL",
            10 / 40 - 10 / 20,
            "Averaged over the values of the group variable, sex = 0 makes up less of the negative"
            " predictions than of the positive ones, by 25 percentage points",
        ),
        # The guide: 70 labels to 60 predictions in a, 20 to 30 in d.
        (
            "DCA",
            70 / 60 - 20 / 30,
            "For each positive prediction, sex = 0 has 0.5 fewer positive labels than the rest",
        ),
        (
            "DCA",
            50 / 60 - 40 / 30,
            "For each positive prediction, sex = 0 has 0.5 more positive labels than the rest",
        ),
        ("DCA", INF, "The rest has positive labels and not one positive prediction"),
        ("DCA", -INF, "sex = 0 has positive labels and not one positive prediction"),
        (
            "DCR",
            40 / 30 - 50 / 60,
            "For each negative prediction, sex = 0 has 0.5 more negative labels than the rest",
        ),
        (
            "DCR",
            20 / 30 - 70 / 60,
            "For each negative prediction, sex = 0 has 0.5 fewer negative labels than the rest",
        ),
        ("DCR", INF, "sex = 0 has negative labels and not one negative prediction"),
        ("DCR", -INF, "The rest has negative labels and not one negative prediction"),
        # The guide: 5 of 23 wrongly accepted in d, 10 of 30 in a.
        (
            "SD",
            18 / 23 - 20 / 30,
            "Rows with a negative label are predicted positive less often for sex = 0 than for the"
            " rest, by 11.6 percentage points",
        ),
        (
            "RD",
            60 / 70 - 10 / 20,
            "Rows with a positive label are predicted positive less often for sex = 0 than for the"
            " rest, by 35.7 percentage points",
        ),
        # The guide: 35 of 70 acceptances right in a, 40 of 100 in d.
        (
            "DAR",
            35 / 70 - 40 / 100,
            "A positive prediction is right less often for sex = 0 than for the rest, by 10"
            " percentage points",
        ),
        # 25 of 35 rejections right in d, 20 of 30 in a.
        (
            "DRR",
            25 / 35 - 20 / 30,
            "A negative prediction is right more often for sex = 0 than for the rest, by 4.76"
            " percentage points",
        ),
        (
            "AD",
            80 / 100 - 35 / 50,
            "Predictions are right less often for sex = 0 than for the rest, by 10 percentage"
            " points",
        ),
        (
            "TE",
            10 / 5 - 10 / 10,
            "For each false positive, sex = 0 has 1 more false negatives than the rest",
        ),
        (
            "TE",
            1 / 2 - 3 / 2,
            "For each false positive, sex = 0 has 1 fewer false negatives than the rest",
        ),
        ("TE", INF, "sex = 0 has false negatives and not one false positive"),
        ("TE", -INF, "The rest has false negatives and not one false positive"),
        # The service's sign: a all positive, d all negative on equal features gives -1.
        (
            "FT",
            -1.0,
            "Rows of sex = 0 that are predicted negative though rows like them among the rest are"
            " not outnumber the opposite, by 100 % of the group's rows",
        ),
        (
            "FT",
            0.125,
            "Rows of sex = 0 that are predicted positive though rows like them among the rest are"
            " not outnumber the opposite, by 12.5 % of the group's rows",
        ),
        (
            "KL",
            0.7 * math.log(0.7 / 0.4) + 0.3 * math.log(0.3 / 0.6),
            "Labels of sex = 0 and of the rest are distributed 0.184 apart, in nats without a"
            " greatest value",
        ),
        (
            "KL",
            -0.347,
            "The value is negative: sex = 0 and the rest do not have all outcomes in common",
        ),
        (
            "JS",
            math.log(2),
            "Labels of sex = 0 and of the rest are distributed 0.693 apart, in nats of which 0.693"
            " is the most",
        ),
        (
            "LP",
            math.sqrt(2),
            "Labels of sex = 0 and of the rest are distributed 1.41 apart, of 1.41 at the most",
        ),
        (
            "TVD",
            0.3,
            "Labels of sex = 0 and of the rest are distributed 0.3 apart, of 1 at the most",
        ),
        ("TVD", 0.0, "Labels of sex = 0 and of the rest are distributed alike"),
        (
            "KS",
            0.3,
            "The share of one outcome among the labels differs by 30 percentage points between"
            " sex = 0 and the rest",
        ),
        (
            "GE",
            8.59,
            "Wrong predictions favour some rows over others by 8.59, counted over sex = 0 and the"
            " rest together",
        ),
        (
            "GE",
            0.0,
            "Predictions favour no row over another, counted over sex = 0 and the rest together",
        ),
    ],
)
def test_a_sentence_says_what_the_counts_show(code: str, value: float, says: str) -> None:
    assert meaning(code, value, GROUP).what == says


@pytest.mark.parametrize(
    ("codes", "worse"),
    [
        (
            ("CI", "DPL", "CDDL", "DPPL", "SD", "RD", "DAR", "AD", "TE", "CDDPL"),
            "above 0 is worse for sex = 0, below 0 for the rest",
        ),
        (("DCA", "DCR", "DRR", "FT"), "above 0 is worse for the rest, below 0 for sex = 0"),
        (("DI",), "above 1 is worse for the rest, below 1 for sex = 0"),
        (
            ("KL", "JS", "LP", "TVD", "KS", "GE"),
            "higher is worse, whichever of the two it hurts",
        ),
    ],
)
def test_a_sentence_tells_in_which_direction_it_is_worse(
    codes: tuple[str, ...], worse: str
) -> None:
    for code in codes:
        assert str(meaning(code, 0.25, GROUP)).endswith(f"; {worse}.")


@pytest.mark.parametrize("code", METRICS)
def test_who_is_hurt_is_whom_the_direction_names(code: str) -> None:
    metric = METRICS[code]
    above, below = (meaning(code, metric.neutral + by, GROUP) for by in (0.25, -0.25))
    if metric.worse == "higher":
        assert (above.hurt, below.hurt) == (None, None)
    else:
        names = {"group": GROUP, "rest": "the rest", None: ""}
        neutral = f"{metric.neutral:g}"
        assert f"above {neutral} is worse for {names[above.hurt]}" in above.worse
        assert f"below {neutral} for {names[below.hurt]}" in above.worse
    assert meaning(code, metric.neutral, GROUP).hurt is None
    assert meaning(code, None, GROUP).hurt is None


@pytest.mark.parametrize("code", METRICS)
def test_every_metric_has_a_sentence_for_neutral_and_for_no_value(code: str) -> None:
    neutral = METRICS[code].neutral
    values = (neutral, neutral + 0.25, neutral - 0.25, None)
    assert len({meaning(code, value, GROUP).what for value in values}) == 4
    assert "no value" in meaning(code, None, GROUP).what
    assert meaning(code, neutral + 1e-16, GROUP) == meaning(code, neutral, GROUP)


@pytest.mark.parametrize("code", METRICS)
@pytest.mark.parametrize("value", [INF, -INF, 1e-9, 1e6])
def test_a_sentence_is_whole_whatever_the_value(code: str, value: float) -> None:
    text = str(meaning(code, value, "{g} %s"))
    assert all(hole not in text for hole in ("{v}", "{points}", "{share}", "  ", "by ;", "nan"))


def test_an_unknown_metric_has_no_sentence() -> None:
    with pytest.raises(KeyError):
        meaning("XYZ", 0.0, GROUP)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("0", "sex = 0"),
        ("bird,cat", "sex = bird,cat"),
        ("(35, 52]", "sex in (35, 52]"),
        ("(-0.5, 1e-05]", "sex in (-0.5, 1e-05]"),
        ("(a]", "sex = (a]"),
        ("", "sex (no row)"),
    ],
)
def test_a_group_is_named_by_its_facet(text: str, name: str) -> None:
    assert group_name("sex", text) == name
