//! Whatever stands in the tables of an OMOP data set, importing them gives a data set that can be read, or an error. A zero byte parts
//! one table from the next.
#![no_main]

use bedside_intake::fuzzing::omop;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| omop(bytes));
