"""Labels from events."""

from . import compare, environment, measure
from .environment import BENCH, INPUTS, OUT, PEERS, PYTHON

TASK = BENCH / "inhospital.yaml"


def events(copies):
    """The events of the MIMIC-IV demo so many times over, made once."""
    environment.peers()
    source = environment.dataset("mimic4_demo_meds", "mimic_iv_demo_meds_events.parquet")
    INPUTS.mkdir(parents=True, exist_ok=True)
    made = INPUTS / f"events-{copies}.parquet"
    if not made.exists():
        aside = made.with_suffix(".part")
        environment.call([PYTHON, PEERS / "events.py", source, copies, aside], "writing the events")
        aside.rename(made)
    return made


def labels(rounds):
    made, program = events(9), environment.program()
    ours, theirs = OUT / "labels-bedside.parquet", OUT / "labels-aces.parquet"
    command = [program, "cohort", TASK, made, "--out", ours, "--json"]
    peer = {"ACES 0.7.3": [PYTHON, PEERS / "labels_aces.py", TASK, made, theirs]}
    found = compare.against(command, peer, rounds)
    judged = measure.process([PYTHON, PEERS / "labels_judge.py", ours, theirs])["inside"]
    # bedside says no time of its own: its whole process stands against what ACES takes inside.
    inside = found["median_times_faster"]
    whole = compare.median(found["times_faster_whole_process"][found["best_peer"]])
    memory = found["medians"][found["best_peer"]]["peak_mib"] / found["medians"]["bedside"]["peak_mib"]
    met = inside >= 8 and whole >= 5 and memory >= 8 and judged["equal"]
    same = "identical" if judged["equal"] else "DIFFERENT"
    figure = (
        f"{found['medians']['bedside']['wall']:.2f} s; {inside:.1f} times faster than ACES inside, {whole:.1f} with start, "
        f"1/{memory:.0f} of the memory, {judged['rows']} labels {same}"
    )
    return met, figure, found | {"judged": judged}


def labels_many(rounds):
    made, program = events(87), environment.program()
    command = [program, "cohort", TASK, made, "--out", OUT / "labels-80m.parquet", "--json"]
    runs = measure.alternate({"bedside": command}, rounds)["bedside"]
    wall, peak = measure.medians(runs)["wall"], max(r["peak_mib"] for r in runs)
    read = runs[0]["inside"]["events_read"]
    met = wall < 8 and peak < 2 * 1000**3 / 2**20
    return met, f"{read / 1e6:.1f} million events in {wall:.2f} s, peak {peak:.0f} MiB", {"runs": runs}
