//! What is wrong is told, and nothing is half there.

use bedside_intake::IntakeError;
use bedside_intake::import::{ImportOptions, Mapping, Source, import};

use super::Place;

const MAPPING: &str = "[[table]]\nfile = \"t\"\nsubject = \"id\"\ntime = \"at\"\nevent = \"SEEN\"";

fn told(place: &Place, mapping: &str) -> String {
    let error = place.long(mapping, &ImportOptions::default()).unwrap_err().to_string();
    assert!(!place.path("out").exists(), "{error}");
    let left: Vec<_> = std::fs::read_dir(place.0.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "in")
        .collect();
    assert!(left.is_empty(), "{left:?} after {error}");
    error
}

#[test]
fn mappings_that_say_nothing_or_too_much() {
    for (mapping, expected) in [
        ("[[table]]\nfile = \"t\"\nsubjct = \"id\"", "the mapping: line 3: unknown field `subjct`"),
        ("[[table]]\nfile = \"t\"\nsubject = \"id\"", "table 1 (`t`): nothing says what its rows mean"),
        ("[[table]]\nfile = \"t\"\nsubject = \"id\"\nevent = \"E\"\nvalue = \"v\"", "go with `code`"),
        ("[[table]]\nfile = \"../t\"\nsubject = \"id\"\nevent = \"E\"", "must lie within the folder"),
        ("[[table]]\nfile = \"t\"\nsubject = \"id\"\nevent = \"E\"\norigin = \"1970\"", "go with `time`"),
        (
            "[[table]]\nfile = \"t\"\nsubject = \"id\"\ntime = \"at\"\nevent = \"E\"\norigin = \"soon\"",
            "not a date or time",
        ),
        ("[[table]]\nfile = \"t\"\nsubject = \"id\"\ncolumns = 3", "expected \"others\", a list of columns"),
        ("", "missing field `table`"),
    ] {
        let error = Mapping::parse(mapping).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn files_that_cannot_be_read() {
    let of = |bytes: &[u8]| told(&Place::new().with("in/t.csv", bytes), MAPPING);
    assert_eq!(of(b"id,when\n1,1970-01-01\n"), "`t.csv` has no column `at`; it has `id`, `when`");
    assert_eq!(
        of(b"id,att\n1,1970-01-01\n"),
        "`t.csv` has no column `at`; did you mean `att`?; it has `id`, `att`"
    );
    assert!(of(b"").contains("is empty"));
    assert!(of(b"id,at\n").contains("no event that could be read"));
    assert!(of(b"\xff\xfei\0d\0").contains("UTF-16"));
    assert!(of(b"id,at\n1,1970-01-01 10:00:00\n2,1970-01-01T10:00:00Z\n").contains("time zone"));
    assert!(told(&Place::new().with("in/x.csv", "id,at\n"), MAPPING).contains("no file"));
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 75, 76];
    assert!(told(&Place::new().with("in/t.csv.gz", gzip), MAPPING).contains("cannot be taken out of gzip"));
    let torn = told(&Place::new().with("in/t.parquet", b"PAR1 and no more"), MAPPING);
    assert!(torn.contains("t.parquet"), "{torn}");
    // A quote that never closes would swallow the rest of the file.
    let mut open = b"id,at\n1,\"1970-01-01\n".to_vec();
    open.extend(b"2,1970-01-01\n".repeat(100));
    assert!(of(&open).contains("cannot be read"), "{}", of(&open));
}

#[test]
fn a_place_that_is_taken_is_not_touched() {
    let place = Place::new().with("in/t.csv", "id,at\n1,1970-01-01\n").with("out/mine.txt", "mine");
    let source = Source::Long(place.path("in"), Mapping::parse(MAPPING).unwrap());
    let to = |replace| {
        import(
            &source,
            &place.path("out"),
            &ImportOptions { replace, ..ImportOptions::default() },
            &mut |_| {},
        )
    };
    assert!(matches!(to(false), Err(IntakeError::Taken { .. })));
    assert!(matches!(to(true), Err(IntakeError::NotADataSet { .. })));
    assert_eq!(std::fs::read(place.path("out/mine.txt")).unwrap(), b"mine");
}
