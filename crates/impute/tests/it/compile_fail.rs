//! Held-out rows cannot be learned from: the program does not compile. (The same calls on training rows do: see the
//! examples of `Encode::fit` and of `bedside_table`.)

#[test]
fn fitting_on_held_out_rows_is_a_type_error() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/compile_fail/encode_held_out.rs");
    cases.compile_fail("tests/compile_fail/model_held_out.rs");
    cases.compile_fail("tests/compile_fail/design_held_out.rs");
    cases.compile_fail("tests/compile_fail/held_out_as_train.rs");
}
