//! Whatever stands in a file of FHIR, reading it gives events and a list of what could not be read.
#![no_main]

use bedside_intake::fuzzing::fhir;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fhir(bytes));
