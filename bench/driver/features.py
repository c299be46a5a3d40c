"""Features from events."""

import functools
import shutil

from . import cohort, compare, environment, measure
from .environment import BENCH, INPUTS, OUT, PEERS, say

RECIPE = BENCH / "features.toml"
PEER = "MEDS-Tab 0.2.0"


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


@functools.cache
def measured(rounds):
    """The rounds of both rows. A run of MEDS-Tab makes its matrix at every instant and then takes the task's rows from it: it serves both."""
    program, folder = environment.program(), prepared()
    events, labels = folder / "train" / "0.parquet", OUT / "labels" / "0.parquet"
    labels.parent.mkdir(exist_ok=True)
    environment.call([program, "cohort", cohort.TASK, events, "--out", labels], "labelling")
    instants, rows = OUT / "features-bedside", OUT / "features-labels-bedside"
    every = [program, "features", RECIPE, events, "--every-instant", "--out", instants, "--matrix", "npz"]
    at_rows = [program, "features", RECIPE, events, labels, "--out", rows, "--matrix", "npz"]
    names = ["bedside, every instant", "bedside, index times", PEER]
    runs = {name: [] for name in names}
    for number in range(rounds):
        fresh(instants.name), fresh(rows.name)
        for name, command in zip(names, [every, at_rows, peer(folder, "--labels", labels.parent, "inhospital")]):
            runs[name].append(measure.process(command))
            say(f"  {number + 1}/{rounds}   " + measure.describe(name, runs[name][-1]))
    return runs


def tabularised(run):
    """A run of MEDS-Tab as it was before it took the task's rows."""
    inside = run["inside"]
    return {**run, "wall": run["wall"] - (inside["seconds_inside"] - inside["seconds_tabularise"]), "peak_mib": inside["peak_mib_tabularise"]}


def every_instant(rounds):
    runs = measured(rounds)
    say("  comparing cells with MEDS-Tab as it describes itself")
    measure.process(peer(prepared(), "--mended"))
    judged = measure.process([environment.meds_tab(), PEERS / "features_judge.py", OUT / "features-bedside", OUT / "features-meds-tab"])["inside"]
    return verdict(runs["bedside, every instant"], [tabularised(run) for run in runs[PEER]], 40, 4, judged)


def at_labels(rounds):
    runs = measured(rounds)
    return verdict(runs["bedside, index times"], runs[PEER], 300, 1, None)


def verdict(ours, theirs, times, memory, judged):
    runs = {"bedside": ours, PEER: theirs}
    middle = {name: measure.medians(r) for name, r in runs.items()}
    faster = compare.median(measure.pairwise(ours, theirs, lambda r: r["wall"]))
    ours, theirs = middle["bedside"], middle[PEER]
    less = theirs["peak_mib"] / ours["peak_mib"]
    met = faster >= times and less >= memory and (judged is None or judged["equal"])
    figure = f"{ours['wall']:.2f} s and {ours['peak_mib']:.0f} MiB; {faster:.0f} times faster, 1/{less:.1f} of the memory"
    if judged:
        figure += f", {judged['cells'] / 1e9:.2f} billion cells " + ("equal" if judged["equal"] else "NOT all equal")
    return met, figure, {"runs": runs, "medians": middle, "judged": judged}
