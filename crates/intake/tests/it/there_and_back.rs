//! What is written reads back.

use bedside_intake::{
    Format, IntakeError, OutColumn, OutData, ReadOptions, Spelling, read, read_bytes, table_bytes,
    write_table,
};
use bedside_table::{Categorical, Numeric};
use proptest::prelude::*;

proptest! {
    #[test]
    fn numbers_and_texts_survive_both_formats(
        rows in proptest::collection::vec(
            (proptest::option::of(proptest::num::f64::NORMAL), proptest::option::of("[a-zé,;\"\n\r]{1,5}")), 1..20),
    ) {
        let numbers = Numeric::from_options(rows.iter().map(|r| r.0)).unwrap();
        let levels = Categorical::from_labels(rows.iter().map(|r| r.1.as_deref()));
        let columns = [
            OutColumn { name: "x", data: OutData::Numeric(&numbers) },
            OutColumn { name: "kind", data: OutData::Categorical(&levels) },
        ];
        for (format, name) in [(Format::Csv, "t.csv"), (Format::Parquet, "t.parquet")] {
            let bytes = table_bytes(format, b',', &columns).unwrap();
            let frame = read_bytes(name, &bytes, &ReadOptions::default()).unwrap();
            let back = frame.column("x").unwrap().as_numeric(None).unwrap();
            prop_assert_eq!(&back.cells, &numbers);
            let back = frame.column("kind").unwrap().as_categorical(Spelling::AsWritten).unwrap();
            prop_assert_eq!(&back, &levels);
        }
    }
}

#[test]
fn raw_columns_pass_through_both_formats() {
    let folder = tempfile::tempdir().unwrap();
    let options = ReadOptions { identifiers: vec!["id".into()], ..ReadOptions::default() };
    let frame = read_bytes("t.csv", b"id,note\n007,\"a, b\"\n8,\n", &options).unwrap();
    let columns: Vec<OutColumn<'_>> =
        frame.columns().iter().map(|c| OutColumn { name: c.name(), data: OutData::Raw(c) }).collect();
    for name in ["t.csv", "t.tsv", "t.parquet"] {
        let path = folder.path().join(name);
        write_table(&path, &columns).unwrap();
        let back = read(&path, &options).unwrap();
        let ids = back.column("id").unwrap().as_groups().unwrap().ids;
        assert_eq!(
            ids.iter().map(bedside_chart::SubjectId::expose).collect::<Vec<_>>(),
            ["007", "8"],
            "{name}"
        );
        let note = back.column("note").unwrap().as_categorical(Spelling::AsWritten).unwrap();
        assert_eq!((note.get(0), note.get(1)), (Some("a, b"), None), "{name}");
    }
    assert!(matches!(
        write_table(folder.path().join("t.xlsx"), &columns),
        Err(IntakeError::OutputFormat { .. })
    ));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
}
