"""Features from events."""

import shutil

from . import cohort, compare, environment, measure
from .environment import BENCH, INPUTS, OUT, PEERS, say

RECIPE = BENCH / "features.toml"


def prepared():
    """The events of the MIMIC-IV demo as one shard, in order, made once."""
    folder = INPUTS / "features"
    if not (folder / "train" / "0.parquet").exists():
        python = environment.meds_tab()
        environment.call([python, PEERS / "features_prepare.py", cohort.events(1), folder], "preparing the events")
    return folder


def fresh(name):
    """A folder that is not there: neither side is to pay for taking an old result away."""
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def peer(folder, *more):
    return [environment.meds_tab(), PEERS / "features_meds_tab.py", folder, fresh("features-meds-tab"), *more]


def every_instant(rounds):
    program, folder, out = environment.program(), prepared(), OUT / "features-bedside"
    ours = [program, "features", RECIPE, folder / "train" / "0.parquet", "--every-instant", "--out", out, "--matrix", "npz"]
    runs = {"bedside": [], "MEDS-Tab 0.2.0": []}
    for number in range(rounds):
        fresh(out.name)
        for name, command in [("bedside", ours), ("MEDS-Tab 0.2.0", peer(folder))]:
            runs[name].append(measure.process(command))
            say(f"  {number + 1}/{rounds}   " + measure.describe(name, runs[name][-1]))
    say("  comparing cells with MEDS-Tab as it describes itself")
    measure.process(peer(folder, "--mended"))
    judged = measure.process([environment.meds_tab(), PEERS / "features_judge.py", out, OUT / "features-meds-tab"])["inside"]
    return verdict(runs, 40, 4, judged)


def at_labels(rounds):
    program, folder, out = environment.program(), prepared(), OUT / "features-labels-bedside"
    events, labels = folder / "train" / "0.parquet", OUT / "labels" / "0.parquet"
    labels.parent.mkdir(exist_ok=True)
    environment.call([program, "cohort", cohort.TASK, events, "--out", labels], "labelling")
    ours = [program, "features", RECIPE, events, labels, "--out", out, "--matrix", "npz"]
    runs = {"bedside": [], "MEDS-Tab 0.2.0": []}
    for number in range(rounds):
        fresh(out.name)
        for name, command in [("bedside", ours), ("MEDS-Tab 0.2.0", peer(folder, "--labels", labels.parent, "inhospital"))]:
            runs[name].append(measure.process(command))
            say(f"  {number + 1}/{rounds}   " + measure.describe(name, runs[name][-1]))
    return verdict(runs, 300, 1, None)


def verdict(runs, times, memory, judged):
    middle = {name: measure.medians(r) for name, r in runs.items()}
    faster = compare.median(measure.pairwise(runs["bedside"], runs["MEDS-Tab 0.2.0"], lambda r: r["wall"]))
    ours, theirs = middle["bedside"], middle["MEDS-Tab 0.2.0"]
    less = theirs["peak_mib"] / ours["peak_mib"]
    met = faster >= times and less >= memory and (judged is None or judged["equal"])
    figure = f"{ours['wall']:.2f} s and {ours['peak_mib']:.0f} MiB; {faster:.0f} times faster, 1/{less:.1f} of the memory"
    if judged:
        figure += f", {judged['cells'] / 1e9:.2f} billion cells " + ("equal" if judged["equal"] else "NOT all equal")
    return met, figure, {"runs": runs, "medians": middle, "judged": judged}
