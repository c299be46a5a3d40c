"""Whether every cell is the same: features_judge.py BEDSIDE MEDS_TAB.

Sums are compared to single precision, in which MEDS-Tab keeps them, of what was added up; everything else exactly, once
rounded to single precision. MEDS-Tab has no entry for a zero.
"""

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl
import scipy.sparse as sp

ours, theirs = Path(sys.argv[1]), Path(sys.argv[2])
matrix = sp.load_npz(ours / "matrix.npz")
named = pl.read_csv(ours / "columns.csv")
place = {(c, w, a): i for i, c, w, a in zip(named["column"], named["code"], named["window"], named["aggregation"])}
every = sorted(pl.read_parquet(theirs / "metadata" / "codes.parquet")["code"].to_list())

cells = unequal = 0
worst = 0.0
for window in ["1d", "7d", "30d", "365d", "full"]:
    for agg in ["code/count", "value/count", "value/sum", "value/sum_sqd", "value/min", "value/max"]:
        stored = np.load(theirs / "tabularize" / "train" / "0" / window / f"{agg}.npz")
        (data, row, column), shape = stored["array"], stored["shape"]
        kind = "/" + agg.split("/")[0]
        codes = [c.removesuffix(kind) for c in every if c.endswith(kind)]
        them = sp.csc_array((data.astype(np.float32), (row.astype(np.int64), column.astype(np.int64))), shape=tuple(shape))
        # It leaves out events of rare codes, but gives them columns, which are empty.
        kept = [i for i, c in enumerate(codes) if (c, window, agg) in place]
        unequal += them.nnz - them[:, kept].nnz
        them = them[:, kept]
        us = sp.csc_array(matrix[:, [place[codes[i], window, agg] for i in kept]])
        if us.shape != them.shape:
            sys.exit(f"{window} {agg}: {us.shape} against {them.shape}")
        us.eliminate_zeros()
        them.eliminate_zeros()
        us.sort_indices()
        them.sort_indices()
        cells += them.shape[0] * them.shape[1]
        if not (np.array_equal(us.indptr, them.indptr) and np.array_equal(us.indices, them.indices)):
            unequal += abs((us != 0).astype(np.int8) - (them != 0).astype(np.int8)).nnz
            continue
        a, b = us.data, them.data.astype(np.float64)
        off = np.abs(a - b) / np.maximum(np.abs(b), np.finfo(np.float32).tiny)
        worst = max(worst, float(off.max(initial=0.0)))
        limit = 1e-4 if "sum" in agg else 1e-7
        unequal += int((off > limit).sum())
print(json.dumps({"equal": unequal == 0, "cells": int(cells), "unequal": int(unequal), "largest_relative": worst, "rows": int(matrix.shape[0])}))
