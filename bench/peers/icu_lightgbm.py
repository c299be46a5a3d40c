"""A tuned LightGBM on YAIB's own features: icu_lightgbm.py TASK_FOLDER ROWS OUT [--at HOUR].

TASK_FOLDER holds eicu_demo and mimic_demo (dyn, sta, outc); ROWS is the rows.csv of a run of bedside on both (eICU first, by stay and hour),
whose folds are used as they are. The features are those of YAIB's tree models: of each of the 48 variables the last value, the running smallest,
largest and mean and the running count of values, with age, sex, height and weight.

Settings are chosen by the mean AUROC over the same folds on which the winner is then judged, so its figure is on the high side. OUT gets a score for each
row: out-of-fold for eICU, of the model fitted on all of eICU for MIMIC.
"""

import itertools
import json
import sys
import time

import lightgbm
import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, roc_auc_score

STATIC = ["age", "sex", "height", "weight"]
GRID = {"num_leaves": [7, 15, 31], "feature_fraction": [0.3, 0.8]}
MOST, RATE = 600, 0.04


def features(folder, hour):
    dyn = pd.read_parquet(f"{folder}/dyn.parquet").sort_values(["stay_id", "time"], ignore_index=True)
    outc = pd.read_parquet(f"{folder}/outc.parquet")
    sta = pd.read_parquet(f"{folder}/sta.parquet").set_index("stay_id")
    variables = [c for c in dyn if c not in ("stay_id", "time")]
    by_stay = dyn.groupby("stay_id", sort=False)
    values = dyn[variables]
    count = values.notna().groupby(dyn["stay_id"], sort=False).cumsum()
    total = values.fillna(0).groupby(dyn["stay_id"], sort=False).cumsum()
    parts = {
        "last": by_stay[variables].ffill(),
        "min": by_stay[variables].cummin().groupby(dyn["stay_id"], sort=False).ffill(),
        "max": by_stay[variables].cummax().groupby(dyn["stay_id"], sort=False).ffill(),
        "mean": total / count.where(count > 0),
        "count": count,
    }
    made = pd.concat({name: part.astype(np.float64) for name, part in parts.items()}, axis=1)
    made.columns = [f"{a}_{b}" for a, b in made.columns]
    made = pd.concat([dyn[["stay_id", "time"]], made], axis=1)
    if hour is not None:
        made = made[made["time"] <= pd.Timedelta(hours=hour)].groupby("stay_id", as_index=False).last().drop(columns="time")
        rows = outc.sort_values("stay_id", ignore_index=True).merge(made, on="stay_id", how="left")
    else:
        rows = outc.sort_values(["stay_id", "time"], ignore_index=True).merge(made, on=["stay_id", "time"], how="left")
    for name in STATIC:
        column = sta[name]
        rows[name] = rows["stay_id"].map((column == "Female").astype(float) if name == "sex" else column)
    used = [c for c in rows if c not in ("stay_id", "time", "label")]
    return rows[used].to_numpy(np.float64), rows["label"].to_numpy().astype(int), rows["stay_id"].to_numpy()


def fit(x, y, settings, trees):
    asked = {"objective": "binary", "learning_rate": RATE, "verbosity": -1, "num_threads": 1, "min_child_samples": 50, "bagging_freq": 1, "bagging_fraction": 0.8, "seed": 1}
    return lightgbm.train({**asked, **settings}, lightgbm.Dataset(x, y), trees)


def main():
    folder, rows, out = sys.argv[1:4]
    hour = float(sys.argv[sys.argv.index("--at") + 1]) if "--at" in sys.argv else None
    began = time.perf_counter()
    (x, y, stay), (other_x, other_y, _) = [features(f"{folder}/{site}", hour) for site in ("eicu_demo", "mimic_demo")]
    told = pd.read_csv(rows)
    fold = told.loc[told["side"] == "train", "fold"].to_numpy()
    assert len(fold) == len(y), "the rows of the two sides are not the same"
    assert pd.Series(fold).groupby(stay).nunique().max() == 1, "a stay stands in two folds"
    steps = list(range(50, MOST + 1, 50))
    best = None
    for values in itertools.product(*GRID.values()):
        settings = dict(zip(GRID, values))
        scores = np.zeros((len(steps), len(y)))
        for one in np.unique(fold):
            model = fit(x[fold != one], y[fold != one], settings, MOST)
            for place, trees in enumerate(steps):
                scores[place, fold == one] = model.predict(x[fold == one], num_iteration=trees)
        means = [np.mean([roc_auc_score(y[fold == f], s[fold == f]) for f in np.unique(fold)]) for s in scores]
        place = int(np.argmax(means))
        print(settings, steps[place], round(means[place], 4), file=sys.stderr, flush=True)
        if best is None or means[place] > best[0]:
            best = (means[place], settings, steps[place], scores[place])
    _, settings, trees, scores = best
    frozen = fit(x, y, settings, trees).predict(other_x)
    pd.DataFrame({"score": np.concatenate([scores, frozen])}).to_csv(out, index_label="row")
    print(json.dumps({
        "settings": {**settings, "trees": trees}, "auroc_of_folds": best[0], "seconds_inside": time.perf_counter() - began,
        "auroc": roc_auc_score(y, scores), "auprc": average_precision_score(y, scores),
        "frozen_auroc": roc_auc_score(other_y, frozen) if other_y.any() else None,
    }))


main()
