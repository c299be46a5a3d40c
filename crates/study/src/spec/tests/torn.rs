//! Torn and garbled files are refused, never fatal.

use proptest::prelude::*;

use super::super::*;

/// A file with some bytes replaced, left out or repeated.
fn torn() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), 0usize..40, prop::collection::vec(any::<u8>(), 0..8));
    let words = prop::sample::select(vec![
        "[",
        "]",
        "[[model]]",
        "{",
        "}",
        "=",
        ".",
        "\"",
        "'''",
        "\n",
        "nan",
        "-inf",
        "1e999",
        "99999999999999999999",
        "2008-01-01",
        "true",
        "kind",
        "tune",
        "is = 1\n",
        "\u{0}",
        "ü",
        "\t",
        "#",
    ]);
    (0..super::STUDIES.len(), prop::collection::vec((change, words), 1..6)).prop_map(|(which, changes)| {
        let mut bytes = super::STUDIES[which].1.as_bytes().to_vec();
        for ((at, cut, noise), word) in changes {
            let start = at.index(bytes.len() + 1);
            let end = (start + cut).min(bytes.len());
            let put: Vec<u8> = if cut % 2 == 0 { word.bytes().collect() } else { noise };
            bytes.splice(start..end, put);
        }
        bytes
    })
}

/// A file in which one line stands elsewhere or twice.
fn shuffled() -> impl Strategy<Value = String> {
    let index = any::<prop::sample::Index>;
    (0..super::STUDIES.len(), prop::collection::vec((index(), index(), any::<bool>()), 1..5)).prop_map(
        |(which, moves)| {
            let mut lines: Vec<&str> = super::STUDIES[which].1.lines().collect();
            for (from, to, keep) in moves {
                let from = from.index(lines.len());
                let line = if keep { lines[from] } else { lines.remove(from) };
                lines.insert(to.index(lines.len()), line);
            }
            lines.join("\n")
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn torn_files_never_panic(bytes in torn()) {
        exercise(&bytes);
    }

    #[test]
    fn shuffled_files_never_panic_and_errors_stand_in_the_file(text in shuffled()) {
        exercise(text.as_bytes());
        if let Err(errors) = StudyFile::parse(&text, "x") {
            for error in errors.errors() {
                let line = text.split('\n').nth(error.line - 1).expect("a line of the file");
                prop_assert!(error.column <= line.chars().count() + 1, "{error:?}");
            }
        }
    }
}

#[test]
fn deep_nesting_is_refused() {
    let dots = "a.".repeat(100_000);
    let open = ["[", "{a="].map(|open| format!("x = {}", open.repeat(100_000)));
    let keys = [
        format!("{dots}a = 1"),
        format!("[{dots}a]"),
        format!("[[{dots}a]]"),
        format!("x = {{ {dots}a = 1 }}"),
    ];
    for text in open.iter().chain(&keys) {
        let errors = StudyFile::parse(text, "deep.toml").expect_err("a file without a study");
        assert!(!errors.to_string().is_empty());
    }
}
