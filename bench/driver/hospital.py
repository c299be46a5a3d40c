"""A simulated hospital that does not fit the memory."""

import shutil

from . import compare, environment, measure
from .environment import BENCH, INPUTS, OUT, call, say

EVENTS = 80_000_000
BUDGET = "1GB"


def hospital(events):
    """A simulated hospital with so many events, made once."""
    made = INPUTS / f"hospital-{events}"
    if not made.exists():
        aside = made.with_suffix(".part")
        shutil.rmtree(aside, ignore_errors=True)
        call([environment.program(), "simulate", "hospital", "--events", str(events), "--seed", "1", "--as", "meds", "--out", aside], "simulating")
        aside.rename(made)
    return made


def within_memory(rounds):
    """Features of all admissions of 80 million events."""
    program, data = environment.program(), hospital(EVENTS)
    out, runs = OUT / "features-hospital", []
    for number in range(rounds):
        shutil.rmtree(out, ignore_errors=True)
        command = [program, "features", BENCH / "hospital.toml", data, data / "truth.csv", "--out", out, "--memory", BUDGET, "--json"]
        runs.append(measure.process(command))
        say(f"  {number + 1}/{rounds}   " + measure.describe("bedside", runs[-1]))
    peak, wall = max(r["peak_mib"] for r in runs), compare.median([r["wall"] for r in runs])
    limit = 1.1e9 / 2**20
    return peak <= limit, f"{EVENTS / 1e6:.0f} million events in {wall:.1f} s, peak {peak:.0f} MiB of {limit:.0f}", {"runs": runs}
