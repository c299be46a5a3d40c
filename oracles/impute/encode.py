"""Designs made by scikit-learn from a small table with gaps: written to encode.json.

Run: python encode.py    (scikit-learn and numpy; the versions are written into the file)
The crate must agree to 1e-12 (numbers) and exactly (columns of 0 and 1).

Settings compared, each with and without standardisation:
  fill    SimpleImputer(strategy="median" or "mean")                            numbers
  flag    MissingIndicator(features="missing-only")                             both kinds
  level   SimpleImputer(strategy="most_frequent"), then
          OneHotEncoder(min_frequency=k, handle_unknown="infrequent_if_exist")  categories
  scale   StandardScaler                                                        numbers, after filling
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

rng = np.random.default_rng(20)
TRAIN, NEW = 60, 25
ROWS = TRAIN + NEW

numbers = {
    "age": np.round(rng.normal(60, 12, ROWS)),
    "lactate": np.round(rng.lognormal(0.7, 0.5, ROWS), 2),
    "visits": rng.poisson(0.3, ROWS).astype(float),
}
for name, share in [("age", 0.0), ("lactate", 0.3), ("visits", 0.1)]:
    numbers[name][rng.uniform(size=ROWS) < share] = np.nan
numbers["age"][TRAIN + 1] = np.nan  # a gap that the training rows did not prepare for

words = {
    "ward": rng.choice(["icu", "medical", "surgical", "burns", "eye"], ROWS, p=[0.3, 0.3, 0.3, 0.05, 0.05]),
    "source": rng.choice(["home", "transfer"], ROWS, p=[0.7, 0.3]),
}
words = {name: cells.astype(object) for name, cells in words.items()}
words["ward"][rng.uniform(size=ROWS) < 0.2] = None
words["ward"][TRAIN + 2] = "tent"  # unknown, and there are rare levels
words["source"][TRAIN + 3] = "street"  # unknown, and there are none


def design(fill, rare, standardise):
    columns = {}
    for name, cells in numbers.items():
        cells = cells.reshape(-1, 1)
        imputer = SimpleImputer(strategy=fill).fit(cells[:TRAIN])
        value = imputer.transform(cells)
        if standardise:
            value = StandardScaler().fit(imputer.transform(cells[:TRAIN])).transform(value)
        columns[name] = value[:, 0]
        if np.isnan(cells[:TRAIN]).any():
            flag = MissingIndicator(error_on_new=False).fit(cells[:TRAIN])
            columns[f"{name} is missing"] = flag.transform(cells)[:, 0].astype(float)
    for name, cells in words.items():
        cells = cells.reshape(-1, 1)
        imputer = SimpleImputer(strategy="most_frequent", missing_values=None).fit(cells[:TRAIN])
        filled = imputer.transform(cells)
        coder = OneHotEncoder(min_frequency=rare, handle_unknown="infrequent_if_exist", sparse_output=False)
        # Levels are counted before gaps are filled.
        seen = np.array([c for c in cells[:TRAIN, 0] if c is not None], dtype=object).reshape(-1, 1)
        coder.fit(seen)
        for label, column in zip(coder.get_feature_names_out([name]), coder.transform(filled).T):
            level = label[len(name) + 1 :]
            rare_level = level == "infrequent_sklearn"
            columns[f"{name} is a rare level" if rare_level else f"{name} = {level}"] = column
        if any(c is None for c in cells[:TRAIN, 0]):
            columns[f"{name} is missing"] = np.array([float(c is None) for c in cells[:, 0]])
    return {label: list(map(float, column)) for label, column in columns.items()}


def plain(cells):
    return [None if c is None or c != c else c for c in cells]


cases = []
for fill in ["median", "mean"]:
    for rare in [1, 6]:
        for standardise in [False, True]:
            columns = design(fill, rare, standardise)
            cases.append({"fill": fill, "rare": rare, "standardise": standardise, "design": columns})

out = {
    "made_by": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "train": TRAIN,
    "numbers": {name: plain(cells.tolist()) for name, cells in numbers.items()},
    "words": {name: plain(cells.tolist()) for name, cells in words.items()},
    "cases": cases,
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(out, indent=None, separators=(",", ":")) + "\n")
