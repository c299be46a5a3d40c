//! Whatever a study file says, parsing it gives a study that can be used or a list of what is wrong that can be shown.
#![no_main]

use bedside_study::spec::exercise;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| exercise(bytes));
