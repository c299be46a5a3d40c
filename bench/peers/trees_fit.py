"""One LightGBM fit on the rows outside a fold. Arguments: inputs, layout (auto, rows, columns), folds.

With several folds it fits each in turn: that is for the AUROC; the time of record comes from one fold.
"""

import sys
import time

import lightgbm as lgb
import numpy as np
from sklearn.metrics import roc_auc_score

from inputs import Inputs, answer
from tree_settings import FIT, LAYOUTS


def main():
    inputs, layout = Inputs(sys.argv[1]), sys.argv[2]
    folds = [int(f) for f in sys.argv[3].split(",")]
    x, y, fold = inputs.numeric(), inputs.outcome(), inputs.fold()
    settings = dict(FIT, **LAYOUTS[layout])
    trees = settings.pop("n_estimators")
    settings.update(objective="binary", num_threads=2, verbosity=-1, deterministic=False, seed=1)
    binning, growing, auroc = [], [], []
    for f in folds:
        train_x, train_y = x[fold != f], y[fold != f]
        start = time.perf_counter()
        data = lgb.Dataset(train_x, train_y, params=settings).construct()
        binned = time.perf_counter()
        model = lgb.train(settings, data, num_boost_round=trees)
        grown = time.perf_counter()
        binning.append(binned - start)
        growing.append(grown - binned)
        auroc.append(roc_auc_score(y[fold == f], model.predict(x[fold == f])))
    answer(
        seconds_inside=(sum(binning) + sum(growing)) / len(folds),
        seconds_binning=sum(binning) / len(folds),
        auroc=auroc,
        auroc_mean=float(np.mean(auroc)),
    )


main()
