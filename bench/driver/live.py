"""Live patients."""

import os
import shutil

from . import compare, environment, measure
from .environment import OUT, PEERS, PYTHON, ROOT, say

STUDY = ROOT / "studies" / "mimic4" / "mortality.toml"


def patients(rounds):
    """Records of patients of the MIMIC-IV demo, scored one at a time by the model of its study of mortality."""
    environment.peers()
    program, ours = environment.program(), environment.ours()
    source = environment.dataset("mimic4_demo_meds", "mimic_iv_demo_meds_events.parquet")
    made, labels, records = OUT / "live-study", OUT / "live-labels.parquet", OUT / "live-records.json"
    shutil.rmtree(made, ignore_errors=True)
    environment.call([program, "run", STUDY, "--out", made], "the study", env={**os.environ, "BEDSIDE_DATA": str(source.parent.parent)})
    environment.call([program, "cohort", STUDY.with_suffix(".yaml"), source, "--out", labels], "labelling")
    environment.call([PYTHON, PEERS / "live_records.py", source, labels, records], "writing the records")
    runs = []
    for number in range(rounds):
        runs.append(measure.process([ours, "live", made / "model.bedside", records]))
        say(f"  {number + 1}/{rounds}   " + measure.describe("bedside", runs[-1]))
    slowest = compare.median([run["inside"]["seconds_inside"] for run in runs])
    found = runs[0]["inside"]["patients"]
    fewest = min(patient["events"] for patient in found)
    late = max(patient["seconds_99"] for run in runs for patient in run["inside"]["patients"])
    figure = f"{1000 * slowest:.2f} ms for the slowest of {len(found)} patients with {fewest:,} events each (99 of 100 under {1000 * late:.2f} ms)"
    return slowest < 0.002 and fewest >= 2000, figure, {"runs": {"bedside": runs}}
