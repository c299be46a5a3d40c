"""The settings of both tree rows (bench/trees.json, which `ours` reads too) in LightGBM's names."""

import json
from pathlib import Path

NAMES = {
    "trees": "n_estimators", "leaves": "num_leaves", "bins": "max_bin", "learning_rate": "learning_rate",
    "min_rows": "min_child_samples", "min_hessian": "min_child_weight", "l1": "reg_alpha", "l2": "reg_lambda",
}
SETTINGS = json.loads((Path(__file__).parent.parent / "trees.json").read_text())
FIT = {NAMES[k]: v for k, v in SETTINGS["fit"].items()}
GRID = {NAMES[k]: v for k, v in SETTINGS["grid"].items()}
LAYOUTS = {"auto": {}, "rows": {"force_row_wise": True}, "columns": {"force_col_wise": True}}
