#!/usr/bin/env bash
# LightGBM: `min_data_in_leaf` is no smallest number of rows.
#
# Guess: no leaf has fewer rows than `min_data_in_leaf`.
# Seen: with 100 asked for, leaves of 2 rows. In the histogram the rows of a bin are not counted but estimated from the sum of second derivatives
# (rows of the node x hessian of the bin / hessian of the node). In a logistic model rows with risks near 0 or 1 have small second derivatives, so the estimate is far off
# where it matters: in a rare outcome's leaves of certain rows.
# Why it matters here: a leaf of two patients is neither stable nor private.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check lightgbm==4.7.0 numpy==2.4.6 scipy==1.17.1
env/bin/python -W ignore - <<'PYTHON'
import lightgbm, numpy

draw = numpy.random.default_rng(1)
x = draw.normal(size=(4000, 3))
y = (draw.random(4000) < 1 / (1 + numpy.exp(4 - 2 * x[:, 0]))).astype(int)
settings = {"objective": "binary", "min_data_in_leaf": 100, "min_sum_hessian_in_leaf": 0, "num_leaves": 63, "learning_rate": 0.3,
            "num_threads": 1, "deterministic": True, "verbose": -1}
model = lightgbm.train(settings, lightgbm.Dataset(x, y), 60)
leaves = model.predict(x, pred_leaf=True)
smallest = [int(numpy.unique(tree, return_counts=True)[1].min()) for tree in leaves.T]
print(f"lightgbm {lightgbm.__version__}: min_data_in_leaf=100; smallest leaf {min(smallest)} rows; {sum(s < 100 for s in smallest)} of 60 trees have a smaller leaf")
assert min(smallest) < 10 and sum(s < 100 for s in smallest) > 30, "the behaviour has changed"
PYTHON
