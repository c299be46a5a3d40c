"""Two sets of risks of the same stays on the same folds: icu_judge.py TASK_FOLDER RUN PEER.

RUN is the folder of a run of bedside, PEER the scores of icu_lightgbm.py. Differences are taken in AUROC and average precision over all out-of-fold
risks; their intervals are those of 1,000 bootstrap samples of whole stays.
"""

import json
import sys

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score

REPLICATES = 1000


def outcomes(folder):
    rows = pd.read_parquet(f"{folder}/outc.parquet")
    rows = rows.sort_values(["stay_id", "time"] if "time" in rows else "stay_id", ignore_index=True)
    return rows["label"].to_numpy().astype(int), rows["stay_id"].to_numpy()


class Weighted:
    """AUROC (ties count half) and average precision of fixed scores under weights of rows."""

    def __init__(self, y, score):
        values, place = np.unique(score, return_inverse=True)
        self.y, self.place, self.size = y, place, len(values)

    def auroc(self, weight):
        with_event = np.bincount(self.place, weight * self.y, self.size)
        without = np.bincount(self.place, weight * (1 - self.y), self.size)
        below = np.cumsum(without) - without / 2
        return (with_event * below).sum() / (with_event.sum() * without.sum())

    def average_precision(self, weight):
        with_event = np.bincount(self.place, weight * self.y, self.size)[::-1]
        everybody = np.bincount(self.place, weight, self.size)[::-1]
        found, told = np.cumsum(with_event), np.cumsum(everybody)
        precision = np.divide(found, told, out=np.zeros(self.size), where=told > 0)
        return (with_event * precision).sum() / with_event.sum()


def compared(y, stay, ours, theirs):
    numbers = np.unique(stay, return_inverse=True)[1]
    stays, draw = numbers.max() + 1, np.random.default_rng(2026)
    one, other = Weighted(y, ours), Weighted(y, theirs)
    measures = {"auroc": Weighted.auroc, "auprc": Weighted.average_precision}
    differences = {name: [] for name in measures}
    while len(differences["auroc"]) < REPLICATES:
        weight = np.bincount(draw.integers(0, stays, stays), minlength=stays)[numbers].astype(float)
        if 0 < (weight * y).sum() < weight.sum():
            for name, measure in measures.items():
                differences[name].append(measure(one, weight) - measure(other, weight))
    whole, found = np.ones(len(y)), {}
    assert abs(one.average_precision(whole) - average_precision_score(y, ours)) < 1e-9
    for name, measure in measures.items():
        mine, peers = measure(one, whole), measure(other, whole)
        low, high = np.quantile(differences[name], [0.025, 0.975])
        found[name] = {"ours": mine, "peer": peers, "difference": mine - peers, "low": float(low), "high": float(high)}
    return found


def of_folds(y, fold, score, measure):
    return float(np.mean([measure(y[fold == f], score[fold == f]) for f in np.unique(fold)]))


def main():
    folder, run, peer = sys.argv[1:4]
    (y, stay), (other_y, other_stay) = outcomes(f"{folder}/eicu_demo"), outcomes(f"{folder}/mimic_demo")
    theirs = pd.read_csv(peer)["score"].to_numpy()
    rows = pd.read_csv(f"{run}/rows.csv")
    fold = rows.loc[rows["side"] == "train", "fold"].to_numpy()
    ours, frozen = [
        pd.read_csv(f"{run}/{name}-scores.csv").sort_values("row")["score"].to_numpy() for name in ("out-of-fold", "held-out")
    ]
    found = {"stays": len(np.unique(stay)), "rows": len(y), "events": int(y.sum()), "folds": compared(y, stay, ours, theirs[: len(y)])}
    for name, score in [("ours", ours), ("theirs", theirs[: len(y)])]:
        found[f"mean_of_folds_{name}"] = [of_folds(y, fold, score, m) for m in (roc_auc_score, average_precision_score)]
    if len(np.unique(other_stay[other_y == 1])) > 1:
        found["frozen"] = compared(other_y, other_stay, frozen, theirs[len(y) :])
    print(json.dumps(found))


main()
