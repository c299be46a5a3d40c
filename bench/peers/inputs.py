"""Reads what prepare.py wrote, and prints a result the way bench/run reads it."""

import json
import sys
from pathlib import Path

import numpy as np


class Inputs:
    """The arrays in a folder of inputs, read when asked for."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.meta = json.loads((self.folder / "meta.json").read_text())
        self.rows = self.meta["rows"]

    def array(self, name, kind):
        return np.fromfile(self.folder / name, dtype=kind)

    def outcome(self):
        return self.array("outcome.u8", "u1").astype(float)

    def group(self):
        return self.array("group.u32", "<u4")

    def fold(self):
        return self.array("fold.u8", "u1")

    def numeric(self):
        """Rows by columns, row-major, NaN = missing."""
        return np.ascontiguousarray(self.array("numeric.f64", "<f8").reshape(-1, self.rows).T)

    def onehot(self):
        """The sparse table, compressed by column."""
        from scipy import sparse

        parts = [self.array(f"onehot.{n}", k) for n, k in (("values.f64", "<f8"), ("indices.i32", "<i4"), ("indptr.i32", "<i4"))]
        return sparse.csc_matrix(tuple(parts), shape=(self.rows, self.meta["onehot_columns"]))

    def lambdas(self):
        return np.array(self.meta["lambda"])


def answer(**figures):
    """One JSON line on standard output: the last line is the result."""
    json.dump(figures, sys.stdout)
    sys.stdout.write("\n")
