"""One process from the outside: wall time, CPU time, peak memory, and what it says of itself."""

import json
import os
import statistics
import subprocess
import tempfile
import threading
import time

from .environment import say


def process(command, standard_input=None, limit=None):
    """Runs a command to its end. Its last line of output may be a JSON object: what it measured inside.

    Peak memory is that of the largest single process (`wait4` reports no sum over children). With a limit in seconds, a
    process that takes longer is ended and `timed_out` is true.
    """
    command = [str(c) for c in command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as given:
        given.write((standard_input or "").encode())
        given.seek(0)
        start = time.perf_counter()
        child = subprocess.Popen(command, stdin=given, stdout=out, stderr=errors, start_new_session=True)
        ended = threading.Event()
        stopped = []

        def stop():
            if not ended.is_set():
                stopped.append(True)
                os.killpg(child.pid, 9)

        clock = threading.Timer(limit, stop) if limit else None
        if clock:
            clock.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        ended.set()
        if clock:
            clock.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        text, complaint = out.read().decode(errors="replace"), errors.read().decode(errors="replace")
    figures = {
        "wall": wall,
        "user": usage.ru_utime,
        "system": usage.ru_stime,
        "peak_mib": usage.ru_maxrss / 1024,
        "exit": child.returncode,
        "timed_out": bool(stopped),
    }
    if child.returncode != 0 and not stopped:
        raise RuntimeError(f"exit {child.returncode}: {' '.join(command)}\n{complaint[-3000:]}")
    lines = text.strip().splitlines()
    if lines and lines[-1].startswith("{"):
        try:
            figures["inside"] = json.loads(lines[-1])
        except json.JSONDecodeError:
            pass
    return figures


def seconds(run):
    """The time of record: inside the process where it says so, else the whole process."""
    return run.get("inside", {}).get("seconds_inside", run["wall"])


def describe(name, run):
    inside = run.get("inside", {}).get("seconds_inside")
    shown = f"inside {inside:8.3f} s, " if inside is not None else ""
    return (
        f"{name:24} {shown}whole process {run['wall']:8.3f} s, user CPU {run['user']:8.2f} s, "
        f"peak {run['peak_mib']:7.0f} MiB"
    )


def scan(candidates, keep_within=1.25, limit=None):
    """Runs each of a peer's settings once and keeps the fastest, with all that come close."""
    runs = {}
    for name, command in candidates.items():
        run = process(command, limit=limit)
        if run["timed_out"]:
            say(f"  scan  {name:24} ended after {limit:.0f} s")
            continue
        runs[name] = run
        say("  scan  " + describe(name, run))
    best = min(seconds(r) for r in runs.values())
    return runs, [name for name, r in runs.items() if seconds(r) <= keep_within * best]


def alternate(sides, rounds):
    """Runs the sides in turn, A B A B ..., and returns every run of each."""
    runs = {name: [] for name in sides}
    for number in range(rounds):
        for name, command in sides.items():
            run = process(command)
            runs[name].append(run)
            say(f"  {number + 1}/{rounds}   " + describe(name, run))
    return runs


def medians(runs):
    """The median of each figure of a list of runs."""
    found = {key: statistics.median(r[key] for r in runs) for key in ("wall", "user", "peak_mib")}
    found["seconds"] = statistics.median(seconds(r) for r in runs)
    return found


def pairwise(ours, theirs, figure=seconds):
    """Theirs over ours, round by round."""
    return [figure(b) / figure(a) for a, b in zip(ours, theirs)]
