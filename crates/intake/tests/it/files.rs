//! Files on a disk.

use bedside_intake::{Format, IntakeError, ReadOptions, read, read_all};

#[test]
fn a_missing_file_names_its_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("diabetic_data.csv"), "a\n1\n").unwrap();
    std::fs::write(folder.path().join("zzz.bin"), "").unwrap();
    let refused = read(folder.path().join("diabetes_data.csv"), &ReadOptions::default());
    let Err(IntakeError::NoFile { near, .. }) = &refused else { panic!("{refused:?}") };
    assert_eq!(near, &["diabetic_data.csv"]);
}

#[test]
fn several_files_are_one_frame() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("north.csv"), folder.path().join("south.csv"));
    std::fs::write(&first, "age,kind\n71,a\n\n?,b\n").unwrap();
    std::fs::write(&second, "kind,age\nc,old\na,5\n").unwrap();
    let options =
        ReadOptions { missing: vec!["?".into()], file_column: Some("site".into()), ..ReadOptions::default() };
    let frame = read_all(&[&first, &second], &options).unwrap();
    let age = frame.column("age").unwrap().as_numeric(None).unwrap();
    let cells: Vec<Option<f64>> = (0..frame.rows()).map(|row| age.cells.get(row)).collect();
    assert_eq!(cells, [Some(71.0), None, None, Some(5.0)]);
    assert_eq!(age.unread[0].to_string(), "column `age`: 1 cell is not a number (south.csv line 2: `old`)");
    let kind = frame.column("kind").unwrap().as_categorical(bedside_intake::Spelling::AsWritten).unwrap();
    assert_eq!((0..4).map(|row| kind.get(row).unwrap()).collect::<String>(), "abca");
    let site = frame.column("site").unwrap().as_groups().unwrap();
    assert_eq!(site.codes, [0, 0, 1, 1]);
    assert_eq!(frame.origins()[1].rows, 2..4);

    std::fs::write(&second, "kind,agee\nc,4\n").unwrap();
    let refused = read_all(&[&first, &second], &options).unwrap_err().to_string();
    assert!(refused.contains("it lacks `age`; it adds `agee`"), "{refused}");
}

#[test]
fn a_column_that_is_not_there_names_the_nearest() {
    let options = ReadOptions { identifiers: vec!["patient_nmr".into()], ..ReadOptions::default() };
    let refused =
        bedside_intake::read_bytes("t.csv", b"patient_nbr,x\n1,2\n", &options).unwrap_err().to_string();
    assert_eq!(refused, "no column `patient_nmr`; did you mean `patient_nbr`?");
}

#[test]
fn content_decides_where_the_name_says_nothing() {
    let arff = b"% note\n@relation r\n@attribute a {0,1}\n@data\n1\n?\n";
    let frame = bedside_intake::read_bytes("export", arff, &ReadOptions::default()).unwrap();
    assert_eq!((frame.rows(), frame.columns()[0].missing()), (2, 1));
    assert!(!frame.columns()[0].looks_numeric(), "its levels are declared");
    let options = ReadOptions { format: Some(Format::Parquet), ..ReadOptions::default() };
    assert!(matches!(
        bedside_intake::read_bytes("t.csv", b"a\n1\n", &options),
        Err(IntakeError::Parquet { .. })
    ));
}
