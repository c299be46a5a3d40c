"""skglm's prox-Newton path for logistic regression, fold by fold. Arguments: inputs, output, tolerance, processes, folds."""

import sys
import time
import warnings

import numpy as np
from joblib import Parallel, delayed
from skglm.datafits import Logistic
from skglm.penalties import L1
from skglm.solvers import ProxNewton

from inputs import Inputs, answer


def path(x, y, lambdas, tolerance):
    """Solutions for a falling lambda, each started from the one before."""
    solver = ProxNewton(tol=tolerance, fit_intercept=True, max_iter=100, warm_start=True)
    datafit, penalty = Logistic(), L1(lambdas[0])
    signs = 2 * y - 1
    datafit.initialize_sparse(x.data, x.indptr, x.indices, signs)
    w = np.zeros(x.shape[1] + 1)
    margin = np.zeros(len(y))
    out = np.empty((len(lambdas), x.shape[1] + 1))
    for i, lam in enumerate(lambdas):
        penalty.alpha = lam
        w, _, _ = solver.solve(x, signs, datafit, penalty, w, margin)
        margin = x @ w[:-1] + w[-1]
        out[i, 0], out[i, 1:] = w[-1], w[:-1]
    return out


def main():
    warnings.filterwarnings("ignore")
    inputs, out = Inputs(sys.argv[1]), sys.argv[2]
    tolerance, processes = float(sys.argv[3]), int(sys.argv[4])
    folds = [int(f) for f in sys.argv[5].split(",")]
    x, y, fold, lambdas = inputs.onehot().tocsr(), inputs.outcome(), inputs.fold(), inputs.lambdas()
    samples = [(x[fold != f].tocsc(), y[fold != f]) for f in folds]
    small = slice(0, 2000)
    # Compiling is no part of the figure: each process compiles before the clock starts.
    run = Parallel(n_jobs=processes)
    warm = [(samples[0][0][small].tocsc(), samples[0][1][small])] * max(processes, 1)
    with run:
        run(delayed(path)(xs, ys, lambdas[:2], 1e-3) for xs, ys in warm)
        start = time.perf_counter()
        paths = run(delayed(path)(xs, ys, lambdas, tolerance) for xs, ys in samples)
        seconds = time.perf_counter() - start
    np.concatenate([p.ravel() for p in paths]).astype("<f8").tofile(out)
    answer(seconds_inside=seconds)


main()
