"""Judges paths with lasso_objective. Arguments: inputs, folds, then one path file or two.

Prints the largest relative duality gap over all folds and lambdas of each, and the largest difference between the
coefficients of the two, on the scale of the table's columns, with where it is.
"""

import sys

import numpy as np

from inputs import Inputs, answer
from lasso_objective import relative_gap


def main():
    inputs = Inputs(sys.argv[1])
    folds = [int(f) for f in sys.argv[2].split(",")]
    x, y, fold, lambdas = inputs.onehot().tocsr(), inputs.outcome(), inputs.fold(), inputs.lambdas()
    shape = (len(folds), len(lambdas), x.shape[1] + 1)
    paths = [np.fromfile(f, "<f8").reshape(shape) for f in sys.argv[3:]]
    gaps = []
    for path in paths:
        worst = np.zeros(len(lambdas))
        for f, solutions in zip(folds, path):
            xs, ys = x[fold != f], y[fold != f]
            worst = np.maximum(worst, [relative_gap(xs, ys, s[1:], lam) for s, lam in zip(solutions, lambdas)])
        gaps.append(worst)
    figures = {
        "largest_gap": [float(g.max()) for g in gaps],
        "median_gap": [float(np.median(g)) for g in gaps],
        "nonzero_at_end": [int((p[:, -1, 1:] != 0).sum(axis=1).max()) for p in paths],
    }
    if len(paths) == 2:
        difference = np.abs(paths[0][:, :, 1:] - paths[1][:, :, 1:])
        f, i, j = np.unravel_index(difference.argmax(), difference.shape)
        figures.update(
            largest_difference=float(difference.max()),
            differs_most={"fold": folds[f], "lambda_number": int(i), "column": inputs.meta["onehot_names"][j]},
            intercept_difference=float(np.abs(paths[0][:, :, 0] - paths[1][:, :, 0]).max()),
        )
    answer(**figures)


main()
