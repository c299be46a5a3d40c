"""LightGBM in scikit-learn's grid search over grouped folds. Arguments: inputs, layout, processes, threads."""

import sys
import time
import warnings

from lightgbm import LGBMClassifier
from sklearn.model_selection import GridSearchCV, PredefinedSplit

from inputs import Inputs, answer
from tree_settings import FIT, GRID, LAYOUTS


def main():
    warnings.filterwarnings("ignore")
    inputs, layout, processes, threads = Inputs(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    x, y = inputs.numeric(), inputs.outcome()
    folds = PredefinedSplit(inputs.fold())
    model = LGBMClassifier(**dict(FIT, **LAYOUTS[layout]), n_jobs=threads, verbosity=-1, random_state=1)
    search = GridSearchCV(model, GRID, scoring="roc_auc", cv=folds, n_jobs=processes, refit=False)
    start = time.perf_counter()
    search.fit(x, y)
    seconds = time.perf_counter() - start
    answer(
        seconds_inside=seconds,
        fits=len(search.cv_results_["params"]) * folds.get_n_splits(),
        auroc=[float(a) for a in search.cv_results_["mean_test_score"]],
        settings=search.cv_results_["params"],
        auroc_best=float(search.cv_results_["mean_test_score"].max()),
    )


main()
