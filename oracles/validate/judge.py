"""What scikit-learn says about the risks of judge.json: written to judge_sklearn.json.

Run: python judge.py    (scikit-learn and scipy; the versions are written into the file)
  average_precision_score, brier_score_loss, log_loss, roc_auc_score (also with weights); for numbers
  mean_absolute_error, root_mean_squared_error, r2_score (the outcome is `y`, the prediction `first`)
  interpolated: the area under the continuously interpolated precision-recall curve (Davis, Goadrich 2006; Keilwagen,
  Grosse, Grau 2014, doi 10.1371/journal.pone.0092209) by numerical integration of its pieces
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.integrate import quad
from sklearn import metrics

here = pathlib.Path(__file__).parent
cases = json.loads((here / "judge.json").read_text())["cases"]


def interpolated(y, p):
    points = [(0.0, 0.0)]
    for cut in sorted(set(p), reverse=True):
        points.append((float((y[p >= cut] == 1).sum()), float((y[p >= cut] == 0).sum())))
    area = 0.0
    for (tp, fp), (tp_next, fp_next) in zip(points, points[1:]):
        if tp_next > tp:
            slope = (fp_next - fp) / (tp_next - tp)
            precision = lambda t: t / (t + fp + slope * (t - tp)) if t > 0 else 1 / (1 + slope)
            area += quad(precision, tp, tp_next, epsabs=1e-13, epsrel=1e-13)[0]
    return area / (y == 1).sum()


out = {"made_by": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__}, "cases": {}}
for name, case in cases.items():
    y, p = np.array(case["y"]), np.array(case["first"])
    weight = np.arange(len(y)) % 4 + 0.5
    out["cases"][name] = {
        "average_precision": metrics.average_precision_score(y, p),
        "interpolated": interpolated(y, p),
        "brier": metrics.brier_score_loss(y, p),
        "log_loss": metrics.log_loss(y, p),
        "auroc": metrics.roc_auc_score(y, p),
        "auroc_weighted": metrics.roc_auc_score(y, p, sample_weight=weight),
        "weight": weight.tolist(),
        "mae": metrics.mean_absolute_error(y, p),
        "rmse": metrics.root_mean_squared_error(y, p),
        "r2": metrics.r2_score(y, p),
    }
(here / "judge_sklearn.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
