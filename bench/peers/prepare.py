"""Writes the inputs that both sides read: bench/out/inputs.

Plain little-endian arrays, so that neither side pays for a file format and both see the same bits.

  meta.json         sizes, names, the lambda sequence, the SHA-256 of the source
  numeric.f64       predictors in numeric coding, column by column, NaN = missing
  outcome.u8        1 = readmitted within 30 days
  group.u32         patient, counted from 0
  fold.u8           0..4, no patient in two folds
  onehot.indptr.i32, onehot.indices.i32, onehot.values.f64
                    the sparse table, compressed by column

Rows: encounters that can be followed by a readmission (dispositions "expired" and "hospice" are out).
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

FOLDS = 5
LAMBDAS = 100
LAMBDA_RATIO = 1e-3
CANNOT_RETURN = {"11", "13", "14", "19", "20", "21"}
NUMBERS = [
    "time_in_hospital", "num_lab_procedures", "num_procedures", "num_medications",
    "number_outpatient", "number_emergency", "number_inpatient", "number_diagnoses",
]


def grouped_folds(outcome, group, seed=130):
    """A fold for each row: patients in random order, those with an event dealt first, so classes spread evenly."""
    patients = group.max() + 1
    has_event = np.zeros(patients, bool)
    has_event[group[outcome == 1]] = True
    order = np.random.default_rng(seed).permutation(patients)
    order = np.concatenate([order[has_event[order]], order[~has_event[order]]])
    of_patient = np.empty(patients, np.uint8)
    of_patient[order] = np.arange(patients) % FOLDS
    return of_patient[group]


def numeric_coding(table):
    """Numbers as they are; categories as the position of the label in sorted order; `?` is missing."""
    columns = []
    for name in table.columns:
        if name in NUMBERS:
            columns.append(table[name].astype(float).to_numpy())
        else:
            codes = pd.Categorical(table[name].where(table[name] != "?"), ordered=False).codes.astype(float)
            columns.append(np.where(codes < 0, np.nan, codes))
    return np.column_stack(columns)


def one_hot(table, fold):
    """Numbers divided by their standard deviation; a 0/1 column per level other than the most frequent one.

    A lasso solution is unique only when no column repeats another, so a column that is empty in, or repeats another
    on, the training rows of any fold is left out.
    """
    names, columns = [], []
    rows = len(table)
    for name in table.columns:
        if name in NUMBERS:
            values = table[name].astype(float).to_numpy()
            names.append(name)
            columns.append(sparse.csc_matrix((values / values.std())[:, None]))
            continue
        levels = table[name].value_counts()
        for level in sorted(levels.index[1:]):
            where = np.flatnonzero(table[name].to_numpy() == level)
            names.append(f"{name} = {level}")
            ones = np.ones(len(where))
            columns.append(sparse.csc_matrix((ones, (where, np.zeros(len(where), int))), (rows, 1)))
    matrix = sparse.hstack(columns).tocsc()
    matrix.sort_indices()
    keep = np.ones(matrix.shape[1], bool)
    for out in range(FOLDS):
        train = matrix[fold != out].tocsc()
        seen = {b""}
        for j in range(train.shape[1]):
            part = slice(train.indptr[j], train.indptr[j + 1])
            key = train.indices[part].tobytes() + train.data[part].tobytes()
            keep[j] &= key not in seen
            seen.add(key)
    matrix = matrix[:, keep].tocsc()
    matrix.sort_indices()
    return matrix, [n for n, k in zip(names, keep) if k]


def lambda_sequence(matrix, outcome):
    """From the smallest lambda at which all coefficients are 0, down by a factor of 1000 in equal log steps."""
    residual = outcome - outcome.mean()
    largest = np.abs(matrix.T @ residual).max() / len(outcome)
    return largest * np.geomspace(1, LAMBDA_RATIO, LAMBDAS)


def main():
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    table = pd.read_csv(source, dtype=str, keep_default_na=False)
    table = table[~table["discharge_disposition_id"].isin(CANNOT_RETURN)].reset_index(drop=True)
    outcome = (table["readmitted"] == "<30").to_numpy().astype(np.uint8)
    group = pd.factorize(table["patient_nbr"])[0].astype(np.uint32)
    fold = grouped_folds(outcome, group)
    predictors = table.drop(columns=["encounter_id", "patient_nbr", "readmitted"])

    numeric = numeric_coding(predictors)
    matrix, names = one_hot(predictors, fold)

    def save(name, array, kind):
        array.astype(kind).tofile(target / name)

    save("numeric.f64", numeric.T.ravel(), "<f8")
    save("outcome.u8", outcome, "u1")
    save("group.u32", group, "<u4")
    save("fold.u8", fold, "u1")
    save("onehot.indptr.i32", matrix.indptr, "<i4")
    save("onehot.indices.i32", matrix.indices, "<i4")
    save("onehot.values.f64", matrix.data, "<f8")
    meta = {
        "source_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "rows": len(table),
        "patients": int(group.max()) + 1,
        "events": int(outcome.sum()),
        "folds": FOLDS,
        "numeric_columns": list(predictors.columns),
        "onehot_columns": matrix.shape[1],
        "onehot_entries": int(matrix.nnz),
        "onehot_names": names,
        "lambda_ratio": LAMBDA_RATIO,
        "lambda": lambda_sequence(matrix, outcome).tolist(),
    }
    # Written last: its presence says that the rest is whole.
    (target / "meta.json").write_text(json.dumps(meta, indent=1) + "\n")
    print(json.dumps({k: v for k, v in meta.items() if k not in ("onehot_names", "numeric_columns", "lambda")}))


main()
