"""Records to events."""

import shutil

from . import compare, environment, measure
from .environment import INPUTS, OUT, PEERS, PYTHON, say

ROWS = 10_000_000


def prepared():
    """OMOP tables with so many rows of events, made once."""
    environment.peers()
    source = environment.dataset("omop_gibleed", "person.csv").parent
    made = INPUTS / "omop"
    if not made.exists():
        aside = made.with_suffix(".part")
        shutil.rmtree(aside, ignore_errors=True)
        environment.call([PYTHON, PEERS / "omop_prepare.py", source, ROWS, aside], "writing the tables")
        aside.rename(made)
    return made


def fresh(name):
    """A folder that is not there: neither side is to pay for taking an old result away."""
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def events(rounds):
    program, made = environment.program(), prepared()
    ours, theirs = OUT / "omop-bedside", OUT / "omop-pandas"
    runs = {"bedside": [], "pandas": []}
    commands = {
        "bedside": [program, "import", "omop", made, ours, "--json"],
        "pandas": [PYTHON, PEERS / "omop_pandas.py", made, theirs],
    }
    for number in range(rounds):
        for folder in [ours, theirs]:
            fresh(folder.name)
        for name, command in commands.items():
            runs[name].append(measure.process(command))
            say(f"  {number + 1}/{rounds}   " + measure.describe(name, runs[name][-1]))
    judged = measure.process([PYTHON, PEERS / "omop_judge.py", ours, theirs])["inside"]
    middle = {name: measure.medians(r) for name, r in runs.items()}
    faster = compare.median(measure.pairwise(runs["bedside"], runs["pandas"], lambda r: r["wall"]))
    less = middle["pandas"]["peak_mib"] / middle["bedside"]["peak_mib"]
    same = "the same" if judged["equal"] else "NOT the same"
    figure = (
        f"{middle['bedside']['wall']:.2f} s and {middle['bedside']['peak_mib']:.0f} MiB; {faster:.1f} times faster than pandas, "
        f"1/{less:.1f} of its memory, {judged['events'] / 1e6:.1f} million events {same}"
    )
    return faster >= 10 and judged["equal"], figure, {"runs": runs, "medians": middle, "judged": judged}
