"""The two rows of boosted trees."""

from . import compare, environment, measure
from .environment import BENCH, PEERS, PYTHON, say

ALL_FOLDS = "0,1,2,3,4"


def fit(rounds):
    inputs, ours = environment.inputs(), environment.ours()
    mine = [ours, "trees-fit", inputs, BENCH / "trees.json"]
    layouts = {f"LightGBM, {layout}": [PYTHON, PEERS / "trees_fit.py", inputs, layout] for layout in ("auto", "rows", "columns")}
    found = compare.against(mine + ["0"], {n: c + ["0"] for n, c in layouts.items()}, rounds)
    # One fold's AUROC is noisy, so the AUROC of record is the mean of all five, fitted once more off the clock.
    a = measure.process(mine + [ALL_FOLDS])["inside"]["auroc_mean"]
    b = measure.process(layouts[found["best_peer"]] + [ALL_FOLDS])["inside"]["auroc_mean"]
    say(f"  AUROC, mean of five grouped folds: bedside {a:.5f}, LightGBM {b:.5f}")
    ratio = 1 / found["median_times_faster"]
    met = ratio <= 1.0 and a >= b - 0.002
    figure = f"time ratio {ratio:.3f} to {found['best_peer']}; AUROC {a:.4f} against {b:.4f}"
    return met, figure, found | {"auroc": {"bedside": a, "LightGBM": b}}


def grid(rounds):
    inputs, ours = environment.inputs(), environment.ours()
    peers = {
        f"grid search, {processes} x {threads}, {layout}": [
            PYTHON, PEERS / "trees_grid.py", inputs, layout, str(processes), str(threads),
        ]
        for processes, threads in ((1, 2), (2, 1))
        for layout in ("auto", "rows", "columns")
    }
    found = compare.against([ours, "trees-grid", inputs, BENCH / "trees.json"], peers, rounds, keep_within=1.1)
    a = found["runs"]["bedside"][-1]["inside"]["auroc_best"]
    b = found["runs"][found["best_peer"]][-1]["inside"]["auroc_best"]
    say(f"  best mean AUROC: bedside {a:.5f}, LightGBM {b:.5f}")
    faster = found["median_times_faster"]
    met = faster >= 3.0 and a >= b - 0.002
    figure = f"{faster:.2f} times faster than {found['best_peer']}; best AUROC {a:.4f} against {b:.4f}"
    return met, figure, found | {"auroc": {"bedside": a, "LightGBM": b}}
