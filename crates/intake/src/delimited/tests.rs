use super::*;
use proptest::prelude::*;

fn parse_all(text: &str) -> Result<Parsed, IntakeError> {
    parse("t.csv", text, None, &Header::FirstLine, 1)
}

fn rows(parsed: &Parsed) -> Vec<Vec<String>> {
    (0..parsed.lines.len())
        .map(|row| parsed.columns.iter().map(|(d, codes)| d.get(codes[row]).to_owned()).collect())
        .collect()
}

#[test]
fn lines_are_counted_through_quotes_and_blanks() {
    let parsed = parse_all("a,b\r\n\r\n1,\"x\ny\"\n2,\"q\"\"q\"\n\n3,z").unwrap();
    assert_eq!(parsed.lines, [3, 5, 7]);
    assert_eq!(rows(&parsed), [["1", "x\ny"], ["2", "q\"q"], ["3", "z"]]);
}

#[test]
fn a_row_of_another_length_names_its_line() {
    for (text, at, count) in
        [("a,b\n1,2\n1,2,3\n", 3, 3), ("a,b\n\n1\n", 3, 1), ("a,b\n\"x\ny\",1\n,\n,,\n", 5, 3)]
    {
        let refused = parse_all(text);
        assert!(
            matches!(refused, Err(IntakeError::Fields { line, expected: 2, found, .. }) if (line, found) == (at, count)),
            "{refused:?}"
        );
    }
}

#[test]
fn broken_quotes_name_their_line() {
    assert!(matches!(parse_all("a,b\n1,\"x\n2,y\n"), Err(IntakeError::OpenQuote { line: 2, .. })));
    assert!(matches!(parse_all("a,b\n1,\"x\"y\n"), Err(IntakeError::AfterQuote { line: 2, .. })));
}

#[test]
fn names_are_unique_and_never_records() {
    assert!(
        parse_all("a,b,a\n1,2,3\n")
            .unwrap_err()
            .to_string()
            .contains("columns 1 and 3 have the same name `a`")
    );
    let record = parse_all("8222157,1,8222157\n1,2,3\n").unwrap_err().to_string();
    assert!(record.contains("columns 1 and 3") && !record.contains("8222157"), "{record}");
    assert_eq!(parse_all("\"\",age\n1,2\n").unwrap().names, ["column_1", "age"]);
}

#[test]
fn delimiters_are_told_from_the_first_line() {
    for text in ["a;b\n1,5;2\n", "a\tb\n1,5\t2\n", "a|b\n1,5|2\n", "\"a,,,\";b\n1,5;2\n"] {
        assert_eq!(rows(&parse_all(text).unwrap()), [["1,5", "2"]]);
    }
    assert_eq!(rows(&parse_all("only\n 7 \n").unwrap()), [["7"]]);
    assert!(matches!(
        parse("t", "a\n1", Some(b'"'), &Header::FirstLine, 1),
        Err(IntakeError::Delimiter { .. })
    ));
}

#[test]
fn names_may_come_from_outside() {
    let header = Header::Names(vec!["x".into(), "y".into()]);
    let parsed = parse("t", "1,2\n3,4\n", None, &header, 1).unwrap();
    assert_eq!((rows(&parsed).len(), parsed.lines), (2, vec![1, 2]));
    assert!(matches!(parse_all("a,b\n"), Err(IntakeError::NoRows { .. })));
}

#[test]
fn threads_change_nothing() {
    let mut text = String::from("id,kind\n");
    for row in 0..300_000_u32 {
        text.push_str(&format!("{},k{}\n", row / 3, row.wrapping_mul(2_654_435_761) >> 22));
    }
    let one = parse("t", &text, None, &Header::FirstLine, 1).unwrap();
    for threads in [2, 3, 7] {
        let many = parse("t", &text, None, &Header::FirstLine, threads).unwrap();
        assert_eq!(many.lines, one.lines);
        for (a, b) in one.columns.iter().zip(&many.columns) {
            assert!(a.1 == b.1 && a.0.iter().eq(b.0.iter()));
        }
    }
    text.push_str("1,2,3\n");
    let refused = parse("t", &text, None, &Header::FirstLine, 3);
    assert!(matches!(refused, Err(IntakeError::Fields { line: 300_002, .. })), "{refused:?}");
}

proptest! {
    #[test]
    fn it_reads_what_the_csv_crate_writes(table in proptest::collection::vec(proptest::collection::vec("[a-z,\"\n\r;]{0,6}", 3), 1..8)) {
        let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        writer.write_record(["a", "b", "c"]).unwrap();
        for row in &table {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        prop_assert_eq!(rows(&parse_all(&text).unwrap()), table);
    }

    #[test]
    fn where_it_reads_the_csv_crate_agrees(text in "[ab,\"\n\r]{0,40}") {
        if let Ok(parsed) = parse("t", &text, Some(b','), &Header::Names(vec!["x".into(), "y".into()]), 1) {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> =
                reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(rows(&parsed), theirs);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}|[a\"',;\t|\r\n\u{FEFF} é]{0,60}") {
        let _ = parse_all(&text);
    }
}
