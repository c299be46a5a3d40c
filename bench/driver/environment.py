"""What a measurement needs: the peers' environment, R, the data, both sides' inputs, our binaries, the machine's name."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
OUT = BENCH / "out"
INPUTS = OUT / "inputs"
PYTHON = BENCH / ".env" / "bin" / "python"
PEERS = BENCH / "peers"


class Missing(Exception):
    """Something that a person has to provide; the message says what to do."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def call(command, what, **options):
    """Runs a preparation that must succeed; its output goes to standard error."""
    done = subprocess.run([str(c) for c in command], stdout=sys.stderr, **options)
    if done.returncode != 0:
        raise Missing(f"{what} failed (exit {done.returncode}): {' '.join(str(c) for c in command)}")


def peers():
    """The pinned packages in bench/.env, installed anew when requirements.txt changes."""
    return installed("requirements.txt", ".env")


def meds_tab():
    """MEDS-Tab has needs of its own, so it has an environment of its own. Its Python."""
    return installed("requirements-meds-tab.txt", ".env-meds-tab")


def installed(requirements, folder):
    wanted = (BENCH / requirements).read_bytes()
    stamp, python = BENCH / folder / "installed.txt", BENCH / folder / "bin" / "python"
    if stamp.exists() and stamp.read_bytes() == wanted:
        return python
    say(f"making the peers' environment in bench/{folder}")
    call([shutil.which("python3.11") or sys.executable, "-m", "venv", BENCH / folder], f"making bench/{folder}")
    call([python, "-m", "pip", "install", "--quiet", "-r", BENCH / requirements], "installing the peers")
    stamp.write_bytes(wanted)
    return python


def glmnet():
    """Debian's glmnet, and its version."""
    install = "install them: apt-get install r-cran-glmnet r-cran-jsonlite"
    if shutil.which("Rscript") is None:
        raise Missing(f"Rscript is not there; {install}")
    code = "invisible(packageVersion('jsonlite')); cat(as.character(packageVersion('glmnet')))"
    asked = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True)
    if asked.returncode != 0:
        raise Missing(f"R has no glmnet or no jsonlite; {install}")
    return asked.stdout.strip()


def dataset(name, file):
    """A file of a data set: BEDSIDE_DATA (colon-separated folders), else ../shared/data."""
    folders = [f for f in os.environ.get("BEDSIDE_DATA", "").split(":") if f] or [ROOT.parent / "shared" / "data"]
    for folder in folders:
        path = Path(folder) / name / file
        if path.is_file():
            return path.resolve()
    looked = ", ".join(str(f) for f in folders)
    raise Missing(f"no copy of {name} in {looked}; set BEDSIDE_DATA to a folder that has {name}/{file}")


def table():
    """The raw table of diabetes130."""
    return dataset("diabetes130", "diabetic_data.csv")


def inputs():
    """The arrays that both sides read, made once; made anew when the script or the table changes."""
    peers()
    source = table()
    key = hashlib.sha256((PEERS / "prepare.py").read_bytes() + source.read_bytes()).hexdigest()
    stamp = INPUTS / "made-from"
    if not (stamp.exists() and stamp.read_text() == key):
        say("preparing the inputs in bench/out/inputs")
        call([PYTHON, PEERS / "prepare.py", source, INPUTS], "preparing the inputs")
        stamp.write_text(key)
    return INPUTS


def target():
    """Cargo's build folder."""
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def build():
    """Everything at once: a single package has other features, and would compile much of the rest anew."""
    call(["cargo", "build", "--release", "--workspace"], "building bedside", cwd=ROOT)


def ours():
    """The bench binary over the workspace's crates, built for release."""
    build()
    return target() / "release" / "bedside-bench"


def program():
    """The program bedside, built for release."""
    build()
    return target() / "release" / "bedside"


def two_cores():
    """Binds this process, and so all that it starts, to two cores."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, cores)
    return cores


def machine(cores):
    """The machine in one line."""
    cpu, memory = platform.machine(), ""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal"):
            memory = f"{int(line.split()[1]) / 2**20:.0f} GiB memory"
    system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return f"{cpu}, {len(cores)} cores used of {os.cpu_count()}, {memory}, {system}, Linux {platform.release()}"
