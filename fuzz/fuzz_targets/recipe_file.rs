//! Whatever a recipe of features says, parsing it gives a recipe that can be used or a list of what is wrong that can be
//! shown.
#![no_main]

use bedside_study::spec::exercise_recipe;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| exercise_recipe(bytes));
