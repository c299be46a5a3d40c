use super::*;
use crate::{ReadOptions, read_bytes};

fn frame(text: &str, options: &ReadOptions) -> crate::Frame {
    read_bytes("ward.csv", text.as_bytes(), options).unwrap()
}

#[test]
fn gaps_keep_their_reasons_and_lines() {
    let options = ReadOptions { missing: vec![String::new(), "?".into()], ..ReadOptions::default() };
    let frame = frame("hr\n70\n?\nfast\n\n7000\nnan\n", &options);
    let range = PlausibleRange::new(0.0, 350.0).unwrap();
    let hr = frame.column("hr").unwrap().as_numeric(Some(&range)).unwrap();
    assert_eq!(
        hr.cells.states(),
        [State::Measured, State::NotMeasured, State::Unreadable, State::OutOfRange, State::Unreadable]
    );
    let told: Vec<String> = hr.unread.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "column `hr`: 2 cells are not numbers (ward.csv line 4: `fast`; ward.csv line 7: `nan`)",
            "column `hr`: 1 cell is out of range (ward.csv line 6: `7000`)"
        ]
    );
}

#[test]
fn identifiers_are_never_quoted() {
    let options = ReadOptions { identifiers: vec!["id".into()], ..ReadOptions::default() };
    let frame = frame("id,x\nplanted-77,1\n12,2\n,3\n", &options);
    let id = frame.column("id").unwrap();
    let numbers = id.as_numeric(None).unwrap();
    let errors = [
        id.as_groups().unwrap_err().to_string(),
        id.as_categorical(Spelling::AsWritten).unwrap_err().to_string(),
        format!("{:?}", id.as_groups().unwrap_err()),
        format!("{id:?} {frame:?}"),
        numbers.unread[0].to_string(),
        format!("{:?}", id.as_times(None).unwrap().unread),
    ];
    for text in errors {
        assert!(!text.contains("planted") && !text.contains("77"), "{text}");
    }
    assert_eq!(numbers.unread[0].first[0].line, Some(2));
    assert!(!id.looks_numeric());
}

#[test]
fn rows_of_one_subject_share_a_number() {
    let frame = frame("id\nb\na\n b \na\n", &ReadOptions::default());
    let groups = frame.column("id").unwrap().as_groups().unwrap();
    assert_eq!(groups.codes, [0, 1, 0, 1]);
    assert_eq!(groups.ids.iter().map(SubjectId::expose).collect::<Vec<_>>(), ["b", "a"]);
}

#[test]
fn a_row_that_belongs_to_nobody_is_refused() {
    let frame = frame("id,x\na,1\n,2\n,3\n", &ReadOptions::default());
    let refused = frame.column("id").unwrap().as_groups();
    assert!(matches!(
        refused,
        Err(IntakeError::EmptyId { count: 2, first: Place { line: Some(3), .. }, .. })
    ));
}

#[test]
fn numbers_and_codes_are_spelt_differently() {
    let frame = frame("cp\n4.0\n4\n04\n250.0\nx\n", &ReadOptions::default());
    let cp = frame.column("cp").unwrap();
    assert_eq!(cp.as_categorical(Spelling::AsWritten).unwrap().levels().len(), 5);
    let numbers = cp.as_categorical(Spelling::Numbers).unwrap();
    assert_eq!(numbers.levels()[..], ["4", "04", "250", "x"]);
    assert_eq!(numbers.codes(), [0, 0, 1, 2, 3]);
}

#[test]
fn tokens_match_numbers_but_not_codes() {
    let options = ReadOptions {
        missing_by_column: [("chol".into(), vec!["0".into()])].into(),
        ..ReadOptions::default()
    };
    let frame = frame("chol,other\n0,0\n0.00,0\n-0.0,0\n00,0\n0.1,0\n", &options);
    assert_eq!(frame.column("chol").unwrap().missing(), 3);
    assert_eq!(frame.column("other").unwrap().missing(), 0);
}

#[test]
fn what_looks_numeric() {
    let frame = frame("n,code,word,empty\n1,007,a,\n-2.5e3,1,1,\n,2,2,\n", &ReadOptions::default());
    let looks: Vec<bool> = frame.columns().iter().map(RawColumn::looks_numeric).collect();
    assert_eq!(looks, [true, false, false, false]);
}

#[test]
fn dates_are_read_one_way_or_refused() {
    let day = 86_400_000_000;
    let frame = frame(
        "sure,open,day,month,mixed,zones\n\
         1970-01-02,02/01/1970,25/01/1970,01/25/1970,25/01/1970,1970-01-01T01:00Z\n\
         soon,01/01/1970,02/01/1970,01/02/1970,01/25/1970,1970-01-01T01:00\n",
        &ReadOptions::default(),
    );
    let times = |name: &str, order| frame.column(name).unwrap().as_times(order);
    let sure = times("sure", None).unwrap();
    assert_eq!((sure.cells.get(0), sure.cells.get(1), sure.cells.days(0)), (Some(day), None, Some(1.0)));
    assert_eq!(sure.unread[0].to_string(), "column `sure`: 1 cell is not a time (ward.csv line 3: `soon`)");
    assert!(matches!(times("open", None), Err(IntakeError::AmbiguousDates { .. })));
    assert_eq!(times("open", Some(DateOrder::DayFirst)).unwrap().cells.get(0), Some(day));
    assert_eq!(times("open", Some(DateOrder::MonthFirst)).unwrap().cells.get(0), Some(31 * day));
    assert_eq!(times("day", None).unwrap().cells.get(1), Some(day));
    assert_eq!(times("month", None).unwrap().cells.get(1), Some(day));
    assert!(matches!(times("mixed", None), Err(IntakeError::MixedDates { .. })));
    assert!(matches!(times("zones", None), Err(IntakeError::MixedZones { .. })));
}

#[test]
fn a_decimal_comma_is_asked_for() {
    let options = ReadOptions { decimal: Decimal::Comma, ..ReadOptions::default() };
    let frame = frame("t;u\n36,6;36.6\n", &options);
    assert_eq!(frame.column("t").unwrap().as_numeric(None).unwrap().cells.get(0), Some(36.6));
    assert_eq!(frame.column("u").unwrap().as_numeric(None).unwrap().cells.states(), [State::Unreadable]);
}
