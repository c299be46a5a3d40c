"""Risks in intensive care, against a tuned LightGBM on the features of YAIB."""

from . import environment, measure
from .environment import OUT, PEERS, PYTHON, ROOT, say

TASKS = {"mortality": ("mortality24", ["--at", "24"]), "kidney-injury": ("aki", []), "sepsis": ("sepsis", [])}


def risks(_rounds):
    """Both sides are the same at every run, so one is enough: this row is about risks, not about time."""
    environment.peers()
    program, found = environment.program(), {}
    for study, (task, more) in TASKS.items():
        folder = environment.dataset("yaib_demo", f"{task}/eicu_demo/dyn.parquet").parent.parent
        run, scores = OUT / f"icu-{study}", OUT / f"icu-{study}.csv"
        ours = measure.process([program, "run", ROOT / "studies" / "icu" / f"{study}.toml", "--out", run])
        theirs = measure.process([PYTHON, PEERS / "icu_lightgbm.py", folder, run / "rows.csv", scores, *more])
        judged = measure.process([PYTHON, PEERS / "icu_judge.py", folder, run, scores])["inside"]
        found[study] = {"bedside": ours, "LightGBM": theirs, "judged": judged}
        say(f"  {study}: {words(judged)}")
    judged = {study: f["judged"] for study, f in found.items()}
    above = all(one["folds"]["auroc"]["difference"] > 0 for one in judged.values())
    travels = all(one["frozen"]["auroc"]["difference"] >= 0 for one in judged.values() if "frozen" in one)
    met = above and judged["kidney-injury"]["folds"]["auroc"]["low"] > 0 and travels
    return met, "; ".join(f"{study} {words(one)}" for study, one in judged.items()), found


def words(judged):
    folds, frozen = judged["folds"]["auroc"], judged.get("frozen", {}).get("auroc")
    text = f"{folds['ours']:.3f} against {folds['peer']:.3f} (difference {folds['low']:+.3f} to {folds['high']:+.3f})"
    return text + (f", frozen {frozen['ours']:.3f} against {frozen['peer']:.3f}" if frozen else "")
