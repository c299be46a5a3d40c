#!/usr/bin/env bash
# fhir.resources: a decimal of FHIR does not survive reading.
#
# FHIR R4 (datatypes, decimal): the precision of a decimal is part of its meaning, 0.010 is not 0.01, and implementations shall keep it.
# Guess: a library whose field is a Python Decimal keeps the digits.
# Seen: the number has been a binary floating-point number before it becomes a Decimal: 1.50 is written again as 1.5, and a value of twenty digits comes out with
# its last three digits replaced by zeros.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check fhir.resources==8.3.0
env/bin/python -W ignore - <<'PYTHON'
from importlib.metadata import version
from fhir.resources.observation import Observation

def again(number):
    text = '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":%s,"unit":"g"}}' % number
    read = Observation.model_validate_json(text)
    return str(read.valueQuantity.value), read.model_dump_json().split('"value":')[1].split(",")[0]

seen = {number: again(number) for number in ["1.50", "0.010", "12345678901234567890.5"]}
print(f"fhir.resources {version('fhir.resources')}")
for number, (inside, written) in seen.items():
    print(f"  {number}: read as {inside}, written again as {written}")
assert seen == {"1.50": ("1.5", "1.5"), "0.010": ("0.01", "0.01"), "12345678901234567890.5": ("1.2345678901234567E+19", "12345678901234567000")}, "the behaviour has changed"
PYTHON
