//! What a fuzzer calls: each function reads any bytes through one door and asks every question of the result. None may
//! panic; there is nothing to return.

use crate::{Decimal, Format, Frame, Header, ReadOptions, Spelling, parse_time, read_bytes};

/// Any bytes as CSV. The first two choose the options.
pub fn csv(bytes: &[u8]) {
    let (choice, body) = bytes.split_at(bytes.len().min(2));
    let bit =
        |place: usize| choice.iter().map(|&b| u16::from(b)).fold(0, |a, b| a << 8 | b) >> place & 1 == 1;
    let encoding = match (bit(0), bit(1)) {
        (false, false) => None,
        (false, true) => Some("windows-1252"),
        (true, false) => Some("utf-16le"),
        (true, true) => Some("shift_jis"),
    };
    let options = ReadOptions {
        format: Some(Format::Csv),
        delimiter: bit(2).then_some(b';'),
        encoding: encoding.map(str::to_owned),
        header: if bit(3) { Header::Names(vec!["a".into(), "b".into()]) } else { Header::FirstLine },
        decimal: if bit(4) { Decimal::Comma } else { Decimal::Point },
        missing: vec![String::new(), "?".into(), "0".into()],
        file_column: bit(5).then(|| "file".into()),
        ..ReadOptions::default()
    };
    ask(read_bytes("fuzz.csv", body, &options).ok());
}

/// Any bytes as ARFF.
pub fn arff(bytes: &[u8]) {
    let options = ReadOptions { format: Some(Format::Arff), ..ReadOptions::default() };
    ask(read_bytes("fuzz.arff", bytes, &options).ok());
}

/// Any bytes as Parquet.
pub fn parquet(bytes: &[u8]) {
    ask(read_bytes("fuzz.parquet", bytes, &ReadOptions::default()).ok());
}

/// Any bytes, whose kind is to be found out.
pub fn unknown(bytes: &[u8]) {
    ask(read_bytes("fuzz", bytes, &ReadOptions::default()).ok());
}

fn ask(frame: Option<Frame>) {
    let Some(frame) = frame else { return };
    for column in frame.columns() {
        assert_eq!(column.len(), frame.rows(), "columns of different lengths");
        let _ = column.looks_numeric();
        let _ = column.missing();
        let _ = column.as_numeric(None).map(|reading| reading.unread.iter().map(ToString::to_string).count());
        let levels = column.as_categorical(Spelling::Numbers);
        let _ = column.as_categorical(Spelling::AsWritten);
        let _ = column.as_groups();
        let _ = column.as_times(None).map(|reading| reading.cells.days(0));
        for level in levels.iter().flat_map(|levels| levels.levels().iter()) {
            let _ = parse_time(level, Some(crate::DateOrder::MonthFirst));
        }
    }
}
