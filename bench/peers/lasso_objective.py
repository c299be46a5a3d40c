"""The one function that says how good a lasso path is, whoever computed it.

Primal, for a fold's n training rows:  P(b0, b) = (1/n) sum log(1 + exp(x'b + b0)) - y (x'b + b0)  +  lambda |b|_1.
The intercept is not penalised, so a dual point needs residuals that sum to 0: for the coefficients at hand the intercept
is set to its best value (Newton in one variable) and r = y - p is scaled by s = min(1, lambda / max_j |x_j' r| / n). Then
u = y - s r lies in [0, 1] and  D = -(1/n) sum u log u + (1 - u) log(1 - u)  bounds the optimum from below.
(Boyd and Vandenberghe 2004, section 5.1; Fercoq, Gramfort and Salmon 2015 for the scaling.)

The gap is given relative to the loss of the model without predictors, so that 1e-7 means the same for every lambda.
"""

import numpy as np
from scipy.special import expit, xlogy


def best_intercept(eta, y):
    """The b0 at which the residuals sum to 0, given x'b."""
    b0 = np.log(y.mean() / (1 - y.mean()))
    for _ in range(100):
        p = expit(eta + b0)
        step = (y - p).sum() / (p * (1 - p)).sum()
        b0 += step
        if abs(step) < 1e-14 * max(1.0, abs(b0)):
            break
    return b0


def relative_gap(x, y, coefficients, lam):
    """The relative duality gap of one solution, with the intercept at its best value."""
    n = len(y)
    eta = x @ coefficients
    eta = eta + best_intercept(eta, y)
    p = expit(eta)
    primal = (np.logaddexp(0, eta) - y * eta).mean() + lam * np.abs(coefficients).sum()
    residual = y - p
    bound = np.abs(x.T @ residual).max() / n
    u = y - min(1.0, lam / bound) * residual
    dual = -(xlogy(u, u) + xlogy(1 - u, 1 - u)).mean()
    m = y.mean()
    null = -(m * np.log(m) + (1 - m) * np.log(1 - m))
    return (primal - dual) / null
