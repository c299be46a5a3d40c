"""The whole study, and what its model does afterwards."""

import csv
import itertools
import json

from . import compare, environment, measure
from .environment import BENCH, OUT, PEERS, PYTHON, ROOT, say

RUN = OUT / "study"
MODEL = RUN / "model.bedside"
ONE_ROW_RUNS = 20


def study(rounds):
    environment.inputs()
    program = environment.program()
    ours = [program, "run", BENCH / "study.toml", "--out", RUN]
    peer = {"scikit-learn + LightGBM": [PYTHON, PEERS / "study.py", environment.table(), OUT / "study-peer"]}
    found = compare.against(ours, peer, rounds)
    wall = found["medians"]["bedside"]["wall"]
    peak = max(r["peak_mib"] for r in found["runs"]["bedside"])
    faster = compare.median(found["times_faster_whole_process"][found["best_peer"]])
    met = wall < 90 and peak < 1.5 * 1000**3 / 2**20 and faster >= 5
    return met, f"{wall:.1f} s, peak {peak:.0f} MiB, {faster:.1f} times faster than the same steps in Python", found


def model(program):
    """A model to score with: that of the study row, made when it is not there."""
    if not MODEL.exists():
        say("  running the study once for its model")
        measure.process([program, "run", BENCH / "study.toml", "--out", RUN])
    return MODEL


def predictors(limit):
    """The first rows of the raw table, without the identifiers and the outcome."""
    with open(environment.table(), newline="") as file:
        reader = csv.DictReader(file)
        names = [n for n in reader.fieldnames if n not in ("encounter_id", "patient_nbr", "readmitted")]
        return names, [{n: row[n] for n in names} for row in itertools.islice(reader, limit)]


def record(row):
    """A row as a JSON record: numbers as numbers, `?` as null."""
    numeric = [n for n in row if n.startswith(("num_", "number_", "time_"))]
    return json.dumps({n: None if v == "?" else int(v) if n in numeric else v for n, v in row.items()})


def predict_one(rounds):
    program = environment.program()
    bundle = model(program)
    _, rows = predictors(ONE_ROW_RUNS)
    runs = []
    for number in range(max(rounds, ONE_ROW_RUNS)):
        row = record(rows[number % len(rows)])
        runs.append(measure.process([program, "predict", bundle, "-"], standard_input=row))
    middle = measure.medians(runs)
    slowest = max(r["wall"] for r in runs)
    figure = f"{1000 * middle['wall']:.1f} ms from start to answer (median of {len(runs)}, slowest {1000 * slowest:.1f} ms)"
    return middle["wall"] < 0.050, figure, {"runs": {"bedside": runs}, "medians": {"bedside": middle}}


def predict_many(rounds):
    program = environment.program()
    bundle = model(program)
    table, answer = OUT / "predict-100k.csv", OUT / "predict-100k-risks.csv"
    names, rows = predictors(100_000)
    with open(table, "w", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    runs = []
    for number in range(rounds):
        # A file that is there already would be replaced: each run starts without it.
        answer.unlink(missing_ok=True)
        runs.append(measure.process([program, "predict", bundle, table, "--out", answer]))
        say(f"  {number + 1}/{rounds}   " + measure.describe("bedside", runs[-1]))
    with open(answer) as file:
        answered = sum(1 for _ in file) - 1
    middle = measure.medians(runs)
    figure = f"{middle['wall']:.3f} s for {answered:,} rows, peak {middle['peak_mib']:.0f} MiB"
    return middle["wall"] < 1.5 and answered == len(rows) == 100_000, figure, {"runs": {"bedside": runs}}


def build(_):
    environment.call(["cargo", "fetch", "--locked"], "fetching the dependencies", cwd=ROOT)
    folder = OUT / "clean-target"
    environment.call(["rm", "-rf", folder], "emptying the build folder")
    command = ["cargo", "build", "--release", "--locked", "--offline", "--manifest-path", ROOT / "Cargo.toml"]
    run = measure.process([*command, "--target-dir", folder])
    environment.call(["rm", "-rf", folder], "emptying the build folder")
    figure = f"{run['wall'] / 60:.1f} minutes, user CPU {run['user'] / 60:.1f} minutes"
    return run["wall"] < 600, figure, {"runs": {"bedside": [run]}}
