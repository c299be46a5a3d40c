"""The steps of bench/study.toml in scikit-learn, LightGBM and numpy. Arguments: the raw table, an output folder.

Read, exclude, hold out 20 % of the patients, 5 grouped folds; lasso logistic regression over 50 penalties and boosted trees
over 4 settings, chosen by log loss; refit; AUROC, AUPRC, Brier score, calibration and net benefit on the held-out rows with
1,000 patient-bootstrap replicates; permutation importance; subgroups; pictures and a page.
"""

import base64
import io
import json
import sys
import time
import warnings
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from lightgbm import LGBMClassifier
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, GroupShuffleSplit, StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from measures import THRESHOLDS, bootstrap, held_out

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

SEED = 130
PENALTIES = 50
NUMBERS = [
    "time_in_hospital", "num_lab_procedures", "num_procedures", "num_medications",
    "number_outpatient", "number_emergency", "number_inpatient", "number_diagnoses",
]
CANNOT_RETURN = ["11", "13", "14", "19", "20", "21"]
IDENTIFIERS = ["encounter_id", "patient_nbr", "readmitted"]


def read(path):
    table = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=["?"])
    table = table[~table["discharge_disposition_id"].isin(CANNOT_RETURN)].reset_index(drop=True)
    y = (table["readmitted"] == "<30").to_numpy().astype(int)
    patients = pd.factorize(table["patient_nbr"])[0]
    x = table.drop(columns=IDENTIFIERS)
    x[NUMBERS] = x[NUMBERS].astype(float)
    categories = [c for c in x.columns if c not in NUMBERS]
    x[categories] = x[categories].astype("category")
    return x, y, patients, categories


def encoder(categories):
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    levels = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=10)
    return ColumnTransformer([("numbers", numbers, NUMBERS), ("levels", levels, categories)], sparse_threshold=1.0)


def lasso_path(x, y, xs, penalties):
    """Predictions for xs along the path. liblinear is scikit-learn's fastest solver for this; it has no warm starts."""
    out = []
    for penalty in penalties:
        settings = dict(C=1 / (penalty * len(y)), solver="liblinear", intercept_scaling=100.0, tol=1e-4, random_state=SEED)
        out.append(LogisticRegression(l1_ratio=1.0, **settings).fit(x, y).predict_proba(xs)[:, 1])
    return out


def tune_lasso(x, y, folds, categories):
    design = encoder(categories).fit_transform(x).tocsr()
    largest = np.abs(design.T @ (y - y.mean())).max() / len(y)
    penalties = largest * np.geomspace(1, 1e-3, PENALTIES)

    def one(train, test):
        encode = encoder(categories)
        xs = encode.fit_transform(x.iloc[train]).tocsr()
        risks = lasso_path(xs, y[train], encode.transform(x.iloc[test]), penalties)
        return [log_loss(y[test], r) for r in risks]

    losses = np.mean(Parallel(n_jobs=2)(delayed(one)(a, b) for a, b in folds), axis=0)
    best = penalties[losses.argmin()]
    model = LogisticRegression(
        l1_ratio=1.0, C=1 / (best * len(y)), solver="liblinear", intercept_scaling=100.0, random_state=SEED
    )
    return make_pipeline(encoder(categories), model).fit(x, y)


def tune_trees(x, y, folds):
    base = LGBMClassifier(n_estimators=200, learning_rate=0.05, max_bin=255, n_jobs=2, verbosity=-1, random_state=SEED)
    grid = {"num_leaves": [15, 31], "min_child_samples": [20, 100]}
    return GridSearchCV(base, grid, scoring="neg_log_loss", cv=folds, n_jobs=1).fit(x, y).best_estimator_


def picture(name, points, diagonal):
    figure, axes = plt.subplots(figsize=(5, 4))
    for label, (a, b) in points.items():
        axes.plot(a, b, label=label)
    if diagonal:
        axes.plot([0, 1], [0, 1], color="grey", linewidth=0.5)
    axes.set_title(name)
    axes.legend()
    file = io.BytesIO()
    figure.savefig(file, format="svg")
    plt.close(figure)
    return f'<img alt="{name}" src="data:image/svg+xml;base64,{base64.b64encode(file.getvalue()).decode()}">'


def main():
    warnings.filterwarnings("ignore")
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    steps = {}

    def lap(step):
        steps[step] = time.perf_counter() - began - sum(steps.values())

    x, y, patients, categories = read(source)
    train, rest = next(GroupShuffleSplit(1, test_size=0.2, random_state=SEED).split(x, y, patients))
    x_train, y_train, x_rest, y_rest = x.iloc[train], y[train], x.iloc[rest], y[rest]
    splitter = StratifiedGroupKFold(5, shuffle=True, random_state=SEED)
    folds = list(splitter.split(x_train, y_train, patients[train]))
    lap("read and split")
    models = {"lasso": tune_lasso(x_train, y_train, folds, categories)}
    lap("lasso")
    models["trees"] = tune_trees(x_train, y_train, folds)
    lap("trees")
    risks = {name: m.predict_proba(x_rest)[:, 1] for name, m in models.items()}
    results = {name: held_out(y_rest, r) for name, r in risks.items()}
    for group in ("race", "gender"):
        for level in x_rest[group].cat.categories:
            where = (x_rest[group] == level).to_numpy()
            if y_rest[where].min(initial=1) != y_rest[where].max(initial=0):
                for name, r in risks.items():
                    results[name][f"{group} = {level}"] = held_out(y_rest[where], r[where], curves=False)
    lap("measures")
    intervals = {name: bootstrap(y_rest, r, patients[rest], 1000, SEED) for name, r in risks.items()}
    lap("bootstrap")
    importance = {
        name: permutation_importance(m, x_rest, y_rest, scoring="roc_auc", n_repeats=5, random_state=SEED, n_jobs=2)
        for name, m in models.items()
    }
    lap("importance")
    page = [
        picture("ROC", {n: results[n].pop("roc") for n in models}, True),
        picture("Calibration", {n: results[n].pop("calibration_curve") for n in models}, True),
        picture("Net benefit", {n: (THRESHOLDS, results[n]["net_benefit"]) for n in models}, False),
        pd.DataFrame({n: i.importances_mean for n, i in importance.items()}, index=x.columns).to_html(),
        f"<pre>{json.dumps({'results': results, 'intervals': intervals}, indent=1)}</pre>",
    ]
    (out / "report.html").write_text("<!doctype html>" + "\n".join(page))
    lap("report")
    print(json.dumps({"steps": steps, "auroc": {n: r["auroc"] for n, r in results.items()}}))


main()
