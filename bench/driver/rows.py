"""The rows of the table, in its order."""

from dataclasses import dataclass
from typing import Callable

from . import cohort, features, hospital, icu, lasso, live, omop, study, trees


@dataclass(frozen=True)
class Row:
    name: str
    what: str
    must: str
    measure: Callable


ROWS = [
    Row("trees-fit", "boosted trees, one fit: 200 trees, 31 leaves, 255 bins, numeric coding, against LightGBM with 2 threads",
        "time ratio at most 1.0, AUROC at most 0.002 lower", trees.fit),
    Row("trees-grid", "boosted trees, 5 grouped folds x 12 settings, against LightGBM in scikit-learn's grid search",
        "at least 3 times faster", trees.grid),
    Row("lasso-path", "lasso logistic path, 100 lambdas x 5 folds on the one-hot table, to the same duality gap, against "
        "glmnet, celer and skglm",
        "faster than the fastest, coefficients agree to 1e-4", lasso.path),
    Row("study", "the whole study: two models, 5-fold cross-validation, held-out judgement, 1,000-replicate bootstraps, report",
        "under 90 s and 1.5 GB; at least 5 times faster than the same steps in scikit-learn and LightGBM", study.study),
    Row("predict-one", "predict, one row, from process start", "under 50 ms", study.predict_one),
    Row("predict-100k", "predict, 100,000 rows", "under 1.5 s", study.predict_many),
    Row("labels", "labels: in-hospital mortality after 24 h, 8.2 million events (MIMIC-IV demo x 9), against ACES",
        "at least 8 times faster than ACES inside its process, 5 times with its start, at most 1/8 of its memory, the same labels",
        cohort.labels),
    Row("labels-80m", "labels: the same on 80 million events (MIMIC-IV demo x 87)", "under 8 s and 2 GB", cohort.labels_many),
    Row("features", "features at every instant: 5 windows x 6 aggregations of 916,166 events (MIMIC-IV demo), against MEDS-Tab",
        "at least 40 times faster, at most 1/4 of the memory, every cell equal", features.every_instant),
    Row("features-labels", "the same features at the task's index times only, against MEDS-Tab's tabularisation and row cache",
        "at least 300 times faster", features.at_labels),
    Row("omop", "OMOP tables of 10 million rows (CSV) to a MEDS data set, against pandas by hand", "at least 10 times faster, the same events",
        omop.events),
    Row("live", "one live patient: a record of 2,000 events in JSON to features to the risk of a sealed model", "under 2 ms", live.patients),
    Row("memory", "features at every admission of 80 million simulated events, with --memory 1GB", "finishes, peak at most 1.1 GB", hospital.within_memory),
    Row("icu", "risks in intensive care: death, kidney injury and sepsis on eICU's demonstration, 5 folds of whole stays, and frozen on that of MIMIC-III, "
        "against a LightGBM tuned on YAIB's features",
        "AUROC above in all three, the interval of kidney injury without zero, not below on MIMIC", icu.risks),
    Row("build", "clean cargo build --release", "under 10 minutes", study.build),
]
