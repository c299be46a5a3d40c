//! Whatever stands in a table of records, its rows come in order and its cells answer; so do mappings and files of units.
#![no_main]

use bedside_intake::fuzzing::table;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| table(bytes));
