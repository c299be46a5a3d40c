"""Held-out measures and their bootstrap, straightforwardly in numpy and scikit-learn."""

import numpy as np
from scipy.special import logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score, roc_curve

THRESHOLDS = np.arange(0.01, 0.51, 0.01)


def net_benefit(y, risk):
    """At each threshold t: TP/n - FP/n * t/(1-t) (Vickers and Elkin 2006)."""
    order = np.sort(risk)
    events = np.sort(risk[y == 1])
    n = len(y)
    above = n - np.searchsorted(order, THRESHOLDS)
    true = len(events) - np.searchsorted(events, THRESHOLDS)
    return true / n - (above - true) / n * THRESHOLDS / (1 - THRESHOLDS)


def slope_and_intercept(y, risk):
    """Logistic recalibration on the logit of the risk."""
    score = logit(np.clip(risk, 1e-12, 1 - 1e-12))[:, None]
    fit = LogisticRegression(C=np.inf, solver="lbfgs").fit(score, y)
    return float(fit.coef_[0, 0]), float(fit.intercept_[0])


def held_out(y, risk, curves=True):
    slope, intercept = slope_and_intercept(y, risk)
    found = {
        "auroc": float(roc_auc_score(y, risk)),
        "auprc": float(average_precision_score(y, risk)),
        "brier": float(brier_score_loss(y, risk)),
        "slope": slope,
        "intercept": intercept,
    }
    if curves:
        false, true, _ = roc_curve(y, risk)
        tenths = np.array_split(np.argsort(risk), 10)
        found["roc"] = (false, true)
        found["calibration_curve"] = ([risk[t].mean() for t in tenths], [y[t].mean() for t in tenths])
        found["net_benefit"] = net_benefit(y, risk).tolist()
    return found


def bootstrap(y, risk, patients, replicates, seed):
    """Percentile intervals; whole patients are drawn."""
    order = np.argsort(patients, kind="stable")
    _, first, count = np.unique(patients[order], return_index=True, return_counts=True)
    random = np.random.default_rng(seed)
    figures = []
    for _ in range(replicates):
        drawn = random.integers(0, len(first), len(first))
        sizes = count[drawn]
        offset = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        rows = order[np.repeat(first[drawn], sizes) + offset]
        ys, rs = y[rows], risk[rows]
        figures.append(
            [roc_auc_score(ys, rs), average_precision_score(ys, rs), brier_score_loss(ys, rs), *net_benefit(ys, rs)]
        )
    low, high = np.percentile(figures, [2.5, 97.5], axis=0)
    intervals = {n: [float(a), float(b)] for n, a, b in zip(("auroc", "auprc", "brier"), low, high)}
    return intervals | {"net_benefit": np.column_stack([low[3:], high[3:]]).tolist()}
