//! Whatever the bytes, the answer is a frame or an error.

use bedside_intake::{
    Format, IntakeError, OutColumn, OutData, ReadOptions, fuzzing, read_bytes, table_bytes,
};
use proptest::prelude::*;

fn parquet() -> Vec<u8> {
    let texts: Vec<String> = (0..200).map(|i| format!("level {}", i % 7)).collect();
    let numbers: Vec<f64> = (0..200).map(f64::from).collect();
    let columns = [
        OutColumn { name: "kind", data: OutData::Text(&texts) },
        OutColumn { name: "x", data: OutData::Numbers(&numbers) },
    ];
    table_bytes(Format::Parquet, b',', &columns).unwrap()
}

proptest! {
    #[test]
    fn random_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        fuzzing::csv(&bytes);
        fuzzing::unknown(&bytes);
        fuzzing::arff(&bytes);
        fuzzing::parquet(&bytes);
    }

    #[test]
    fn random_texts(text in "([a-z0-9,;\"'?\\-/: ]{0,6}[\n,]){0,40}") {
        fuzzing::csv(text.as_bytes());
        fuzzing::arff(format!("@relation r\n@attribute a numeric\n@attribute b {{x,y}}\n@data\n{text}").as_bytes());
    }

    #[test]
    fn a_damaged_parquet_file(places in proptest::collection::vec((0.0..1.0, any::<u8>()), 1..6), kept in 0.0..1.0, cut: bool) {
        let mut bytes = parquet();
        for (place, value) in places {
            let place = (place * bytes.len() as f64) as usize;
            bytes[place] = value;
        }
        if cut {
            bytes.truncate((kept * bytes.len() as f64) as usize);
        }
        fuzzing::parquet(&bytes);
    }
}

/// A table of codes as MEDS has it, with lists of parents.
fn codes() -> Vec<u8> {
    use arrow::array::{ArrayRef, ListBuilder, RecordBatch, StringArray, StringBuilder};
    use std::sync::Arc;
    let names: Vec<String> = (0..60).map(|number| format!("CODE//{number}")).collect();
    let mut parents = ListBuilder::new(StringBuilder::new());
    (0..60).for_each(|number| {
        parents.append_value((0..number % 4).map(|parent| Some(format!("CODE//{parent}"))))
    });
    let columns: [(&str, ArrayRef); 3] = [
        ("code", Arc::new(StringArray::from(names.clone()))),
        ("description", Arc::new(StringArray::from(names))),
        ("parent_codes", Arc::new(parents.finish())),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

proptest! {
    #[test]
    fn a_damaged_table_of_codes(places in proptest::collection::vec((0.0..1.0, any::<u8>()), 0..4)) {
        let folder = tempfile::tempdir().unwrap();
        let events = [
            OutColumn { name: "subject_id", data: OutData::Integers(&[Some(1)]) },
            OutColumn { name: "time", data: OutData::Instants(&[Some(1)]) },
            OutColumn { name: "code", data: OutData::Text(&["CODE//1".to_owned()]) },
        ];
        std::fs::create_dir_all(folder.path().join("data")).unwrap();
        std::fs::create_dir_all(folder.path().join("metadata")).unwrap();
        bedside_intake::write_table(folder.path().join("data/0.parquet"), &events).unwrap();
        let mut bytes = codes();
        for (place, value) in &places {
            let place = (place * bytes.len() as f64) as usize;
            bytes[place] = *value;
        }
        std::fs::write(folder.path().join("metadata/codes.parquet"), &bytes).unwrap();
        let files = bedside_intake::meds::EventFiles::open(folder.path()).unwrap();
        let (described, above) = (files.descriptions(), files.ancestors());
        if places.is_empty() {
            prop_assert_eq!((described.unwrap().len(), above.unwrap().unwrap().len()), (60, 90));
        }
    }
}

#[test]
fn a_truncated_parquet_file_says_so() {
    let bytes = parquet();
    let refused = read_bytes("t.parquet", &bytes[..bytes.len() / 2], &ReadOptions::default());
    assert!(
        matches!(&refused, Err(IntakeError::Parquet { reason, .. }) if reason.contains("truncated")),
        "{refused:?}"
    );
}

#[test]
fn nested_columns_are_refused_by_name() {
    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StructArray};
    use std::sync::Arc;
    let inner: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let nested = StructArray::try_from(vec![("inner", inner)]).unwrap();
    let batch = RecordBatch::try_from_iter([("vitals", Arc::new(nested) as ArrayRef)]).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    let refused =
        read_bytes("t.parquet", &writer.into_inner().unwrap(), &ReadOptions::default()).unwrap_err();
    let text = refused.to_string();
    assert!(text.contains("`vitals`") && text.contains("nested"), "{text}");
}
