"""Two sets of risks of the same stays on the same folds: icu_judge.py TASK_FOLDER RUN PEER.

RUN is the folder of a run of bedside, PEER the scores of icu_lightgbm.py. Differences are taken in the AUROC over all out-of-fold risks; their interval
is that of 1,000 bootstrap samples of whole stays.
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
    """The AUROC of fixed scores under weights of rows; ties count half."""

    def __init__(self, y, score):
        values, place = np.unique(score, return_inverse=True)
        self.y, self.place, self.size = y, place, len(values)

    def auroc(self, weight):
        with_event = np.bincount(self.place, weight * self.y, self.size)
        without = np.bincount(self.place, weight * (1 - self.y), self.size)
        below = np.cumsum(without) - without / 2
        return (with_event * below).sum() / (with_event.sum() * without.sum())


def compared(y, stay, ours, theirs):
    numbers = np.unique(stay, return_inverse=True)[1]
    stays, draw = numbers.max() + 1, np.random.default_rng(2026)
    one, other = Weighted(y, ours), Weighted(y, theirs)
    differences = []
    while len(differences) < REPLICATES:
        weight = np.bincount(draw.integers(0, stays, stays), minlength=stays)[numbers].astype(float)
        if 0 < (weight * y).sum() < weight.sum():
            differences.append(one.auroc(weight) - other.auroc(weight))
    whole = np.ones(len(y))
    return {
        "auroc": one.auroc(whole), "peer_auroc": other.auroc(whole), "difference": one.auroc(whole) - other.auroc(whole),
        "low": float(np.quantile(differences, 0.025)), "high": float(np.quantile(differences, 0.975)),
        "auprc": average_precision_score(y, ours), "peer_auprc": average_precision_score(y, theirs),
    }


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
