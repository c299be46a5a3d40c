"""celer's path for logistic regression, fold by fold. Arguments: inputs, output, tolerance, processes, folds.

celer has no intercept. It gets one as a column of constant size: the larger the constant, the smaller the penalty that falls
on it.
"""

import sys
import time

import numpy as np
from celer import celer_path
from joblib import Parallel, delayed
from scipy import sparse

from inputs import Inputs, answer

CONSTANT = 1e5


def path(x, y, lambdas, tolerance):
    n = len(y)
    x = sparse.hstack([x, np.full((n, 1), CONSTANT)]).tocsc()
    # celer's loss is a sum over rows; its tolerance is multiplied by n log 2.
    _, coefficients, _ = celer_path(
        x, 2 * y - 1, "logreg", alphas=lambdas * n, tol=tolerance, max_iter=100, use_PN=True
    )
    return coefficients[:-1], coefficients[-1] * CONSTANT


def main():
    inputs, out = Inputs(sys.argv[1]), sys.argv[2]
    tolerance, processes = float(sys.argv[3]), int(sys.argv[4])
    folds = [int(f) for f in sys.argv[5].split(",")]
    x, y, fold, lambdas = inputs.onehot().tocsr(), inputs.outcome(), inputs.fold(), inputs.lambdas()
    samples = [(x[fold != f].tocsc(), y[fold != f]) for f in folds]
    start = time.perf_counter()
    paths = Parallel(n_jobs=processes)(delayed(path)(xs, ys, lambdas, tolerance) for xs, ys in samples)
    seconds = time.perf_counter() - start
    np.concatenate([np.vstack([b0, b]).T.ravel() for b, b0 in paths]).astype("<f8").tofile(out)
    answer(seconds_inside=seconds)


main()
