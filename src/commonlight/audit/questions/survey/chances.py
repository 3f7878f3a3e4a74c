"""How likely is a difference between groups by chance alone, also where few say yes?"""

from __future__ import annotations

import numpy as np

from commonlight.analysis.survey.estimates import SurveyEstimates
from commonlight.analysis.survey.intervals import FEWEST_EXPECTED
from commonlight.audit.answers_layer import Measure

__all__ = ["chances"]

FEW_DEGREES = 30
"""With fewer degrees of freedom the error of a group is too uncertain to be taken alone."""


def chances(measure: Measure, own: SurveyEstimates, against: SurveyEstimates) -> np.ndarray:
    """p-values of differences between each group and all others; nan where there is none.

    Parameters
    ----------
    measure : Measure
        What was asked.
    own : SurveyEstimates
        Each group by itself.
    against : SurveyEstimates
        Each group less all others, from `survey_difference`.

    Returns
    -------
    ndarray of float, shape (n_groups,)

    Notes
    -----
    Nearly all of the error of a difference is that of the group itself, and it is known no better
    than the clusters of the group allow. The p-value is therefore by Student's t with the degrees
    of freedom of the group, where they are fewer than those of the whole sample. Under 30, it is
    also no smaller than with the error that the variance of one answer, pooled over the groups,
    gives: among 48 areas of ten clusters some have far too small an error by chance, and would
    seem to differ.

    A group of a hundred in which nobody says yes has a standard error of 0, and by that error it
    differs from anything. Where fewer than 15 yes or no are to be expected, a p-value is
    therefore no smaller than the exact binomial one for the share of all groups together and the
    group's effective number of answers.
    """
    assert against.p_value is not None
    p = np.fmax(against.p_value, _by_few_clusters(own, against))
    p = np.where(own.available & against.available, p, np.nan)
    if not measure.share:
        return np.asarray(p)
    rest, n = own.estimate - against.estimate, own.n.astype(np.float64)
    others = np.maximum(against.n - n, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = (own.estimate * n + rest * others) / (n + others)
        effective = np.minimum(own.n_effective, n)
    few = np.minimum(pooled, 1 - pooled) * effective < FEWEST_EXPECTED
    exact = _binomial(own.estimate * effective, effective, pooled)
    return np.asarray(np.where(few, np.fmax(p, exact), p))


def _by_few_clusters(own: SurveyEstimates, against: SurveyEstimates) -> np.ndarray:
    """p-values by each group's own degrees of freedom and, where those are few, pooled errors."""
    degrees, n = own.degrees_of_freedom, own.n.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = _two_sided(against.estimate / against.se, degrees)
        of_one_answer = np.where(against.available, n * against.se**2, np.nan)
        if not np.isfinite(of_one_answer).any():
            return p
        pooled = np.sqrt(np.nanmean(of_one_answer) / n)
        with_pooled = _two_sided(against.estimate / pooled, against.degrees_of_freedom)
    return np.where(degrees < FEW_DEGREES, np.fmax(p, with_pooled), p)


def _two_sided(t: np.ndarray, degrees: np.ndarray) -> np.ndarray:
    """Two-sided p-value of Student's t; nan without degrees of freedom."""
    from scipy.special import stdtr

    known = np.where(degrees > 0, degrees, np.nan)
    return np.asarray(2 * stdtr(np.minimum(known, 1e12), -np.abs(t)))


def _binomial(successes: np.ndarray, n: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Two-sided exact p-value, the smaller tail twice; numbers need not be whole."""
    from scipy.special import betainc

    fails = np.maximum(n - successes, 0)
    with np.errstate(invalid="ignore"):
        at_most = np.where(fails > 0, betainc(np.fmax(fails, 1e-9), successes + 1, 1 - share), 1.0)
        at_least = np.where(successes > 0, betainc(np.fmax(successes, 1e-9), fails + 1, share), 1.0)
    known = np.isfinite(successes) & np.isfinite(share)
    return np.where(known, np.minimum(1.0, 2 * np.minimum(at_most, at_least)), np.nan)
