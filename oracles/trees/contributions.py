"""Writes contributions.json: trees grown by LightGBM, and the contributions that the shap package finds in them.

The trees are written as plain arrays, so that the test reads the very same trees. Values: linear predictor, contributions
(path-dependent TreeSHAP) and their base. Tolerance: 1e-9 (absolute); shap sums in another order.

    pip install lightgbm==4.7.0 shap==0.51.0 numpy==2.4.6 scikit-learn==1.9.1
    python contributions.py > contributions.json
"""

import json
import sys

import lightgbm
import numpy as np
import shap

ROWS, COLUMNS, SHOWN = 600, 6, 40

draw = np.random.default_rng(20)
x = draw.normal(size=(ROWS, COLUMNS)).round(3)
line = x[:, 0] + x[:, 1] * x[:, 2] + np.where(x[:, 3] > 0.5, 1.0, 0.0)
y = (draw.random(ROWS) < 1 / (1 + np.exp(-line))).astype(int)
# Every column has gaps, so that every split has a side for them.
x[draw.random(x.shape) < 0.15] = np.nan

model = lightgbm.LGBMClassifier(n_estimators=25, num_leaves=12, min_child_samples=5, verbose=-1, n_jobs=1)
booster = model.fit(x, y).booster_
shown = x[:SHOWN]

nodes = {name: [] for name in ("predictor", "threshold", "missing_left", "left", "right", "value", "cover")}
first_node = []


def write(node):
    """Appends a node and all below it, parents first; gives its place."""
    place = len(nodes["value"])
    leaf = "leaf_value" in node
    nodes["predictor"].append(-1 if leaf else node["split_feature"])
    nodes["threshold"].append(0.0 if leaf else node["threshold"])
    nodes["missing_left"].append(0 if leaf else int(node["default_left"]))
    nodes["value"].append(node["leaf_value"] if leaf else 0.0)
    nodes["cover"].append(node["leaf_count"] if leaf else node["internal_count"])
    nodes["left"].append(0)
    nodes["right"].append(0)
    if not leaf:
        assert node["decision_type"] == "<=" and node["missing_type"] == "NaN"
        nodes["left"][place] = write(node["left_child"])
        nodes["right"][place] = write(node["right_child"])
    return place


for tree in booster.dump_model()["tree_info"]:
    first_node.append(write(tree["tree_structure"]))

explainer = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")
values = np.asarray(explainer.shap_values(shown))
raw = booster.predict(shown, raw_score=True)
base = float(np.ravel(explainer.expected_value)[-1])
assert values.shape == shown.shape
assert np.abs(base + values.sum(1) - raw).max() < 1e-9

json.dump(
    {
        "versions": {"lightgbm": lightgbm.__version__, "shap": shap.__version__, "numpy": np.__version__},
        "rows": [[None if np.isnan(v) else v for v in row] for row in shown.tolist()],
        "first_node": first_node,
        **nodes,
        "raw": raw.tolist(),
        "base": base,
        "contributions": values.tolist(),
    },
    sys.stdout,
)
sys.stdout.write("\n")
