"""Ours against the best of several peers: scan, alternate, medians, ratios."""

from statistics import median

from . import measure
from .environment import say


def against(ours, candidates, rounds, keep_within=1.25, limit=None):
    """Alternates `ours` with the peers that a first look found fastest. Returns all figures and the name of the best."""
    # A single candidate needs no first look.
    scanned, kept = measure.scan(candidates, keep_within, limit) if len(candidates) > 1 else ({}, list(candidates))
    sides = {"bedside": ours} | {name: candidates[name] for name in kept}
    runs = measure.alternate(sides, rounds)
    middle = {name: measure.medians(r) for name, r in runs.items()}
    best = min(kept, key=lambda name: middle[name]["seconds"])
    ratios = {name: measure.pairwise(runs["bedside"], runs[name]) for name in kept}
    whole = {name: measure.pairwise(runs["bedside"], runs[name], lambda r: r["wall"]) for name in kept}
    for name, m in middle.items():
        say(
            f"  median {name:24} {m['seconds']:.3f} s, whole process {m['wall']:.3f} s, user CPU {m['user']:.2f} s, "
            f"peak {m['peak_mib']:.0f} MiB"
        )
    for name in kept:
        listed = " ".join(f"{r:.2f}" for r in ratios[name])
        say(f"  {name} / bedside: {listed}; median {median(ratios[name]):.2f} (whole process {median(whole[name]):.2f})")
    return {
        "scan": scanned, "runs": runs, "medians": middle, "best_peer": best,
        "times_faster": ratios, "times_faster_whole_process": whole,
        "median_times_faster": median(ratios[best]),
    }
