//! Columns whose kind cannot be told from their cells: a few texts among numbers, or a text of its own in nearly every row.
//!
//! A column of numbers with a few other cells (`> 89`, `41 (repeat)`, `0,5`) would become hundreds of levels, and a column of names
//! would be sealed in the model, value by value. Both stop a study until it says what they are.

use std::collections::BTreeSet;

use bedside_chart::Unit;
use bedside_intake::{DateOrder, Decimal, IntakeError, RawColumn, Spelling, parse_number};

use crate::StudyError;
use crate::report::number::count;
use crate::spec::{ColumnType, StudyFile};
use crate::written;

/// The least share of a column's cells that are numbers for it to be a column of numbers, unless a unit or a range says that it is one.
const MOSTLY: f64 = 0.8;
/// So many different numbers at least are quantities; fewer may be codes (`1`, `2`, `3+`).
const QUANTITIES: usize = 12;
/// From this share of different texts on, the texts tell of single rows.
const OF_ITS_OWN: f64 = 0.5;
/// Fewer different texts than this are levels even in a small table.
const MANY_TEXTS: usize = 30;
/// Tokens that an error lists.
const LISTED: usize = 8;

/// Refuses columns that may be predictors, have no type in the study file, and are mostly numbers or mostly different texts.
///
/// # Errors
/// [`StudyError::Data`] with the tokens and how often each is there (never those of an identifier), and the line to add.
pub(crate) fn refuse(columns: &[&RawColumn], study: &StudyFile) -> Result<(), StudyError> {
    let problems: Vec<String> = columns
        .iter()
        .filter(|column| !study.columns.types.contains_key(column.name()) && !column.is_identifier())
        .map(|column| problem(column, study))
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flatten()
        .collect();
    match problems.is_empty() {
        true => Ok(()),
        false => Err(StudyError::Data { place: "[columns]".to_owned(), problem: problems.join("\n") }),
    }
}

fn problem(column: &RawColumn, study: &StudyFile) -> Result<Option<String>, StudyError> {
    if column.looks_numeric() {
        return Ok(None);
    }
    let name = column.name();
    if holds_times(column) {
        return Ok(Some(format!(
            "`{name}` holds dates or times, which would become levels. Add `{key} = \"a date\"` below [columns.drop], name it in \
             `columns.time`, or give the days from it to another date instead; if these are levels, add `{key} = \"categorical\"` \
             below [columns.types]",
            key = written::key(name)
        )));
    }
    if !column.is_text() {
        return Ok(None);
    }
    let cells = column.as_categorical(Spelling::AsWritten)?;
    let mut rows = vec![0usize; cells.levels().len()];
    for (&code, state) in cells.codes().iter().zip(cells.states()) {
        if state.is_measured() {
            rows[code as usize] += 1;
        }
    }
    let present: Vec<(&str, usize)> = cells
        .levels()
        .iter()
        .zip(&rows)
        .filter(|(_, rows)| **rows > 0)
        .map(|(text, rows)| (text.as_str(), *rows))
        .collect();
    let all: usize = present.iter().map(|(_, rows)| rows).sum();
    let declared = study.columns.units.contains_key(name) || study.columns.ranges.contains_key(name);
    let mark = study.data.decimal.mark();
    // How many different texts are so, and how many cells have them.
    let counted = |is_so: &dyn Fn(&str) -> bool| {
        let so = present.iter().filter(|(text, _)| is_so(text));
        so.fold((0usize, 0usize), |(different, of_rows), (_, rows)| (different + 1, of_rows + rows))
    };
    let numbers = |decimal: Decimal| counted(&|text| parse_number(text, decimal).is_some());
    let (different, of_rows) = numbers(mark);
    let mostly = |(different, of_rows): (usize, usize)| {
        let share = of_rows as f64 / all.max(1) as f64;
        declared && of_rows > 0 || different >= QUANTITIES && share >= MOSTLY
    };
    let other = match mark {
        Decimal::Point => Decimal::Comma,
        Decimal::Comma => Decimal::Point,
    };
    let mut strays: Vec<(&str, usize)> =
        present.iter().filter(|(text, _)| parse_number(text, mark).is_none()).copied().collect();
    strays.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let stray_rows = all - of_rows;
    let otherwise = numbers(other);
    if stray_rows > 0 && otherwise.1 > of_rows && mostly(otherwise) {
        let (mark, sign) = match other {
            Decimal::Comma => ("a comma", ","),
            Decimal::Point => ("a point", "."),
        };
        return Ok(Some(format!(
            "`{name}` holds numbers with {mark} for decimals. Add `decimal = \"{sign}\"` below [data], or \
             `{key} = \"categorical\"` below [columns.types] if they are levels",
            key = written::key(name)
        )));
    }
    if stray_rows > 0 && mostly((different, of_rows)) {
        let tokens = written::list(strays.iter().take(LISTED).map(|(text, _)| *text));
        let more = if strays.len() > LISTED { " and so on for the others" } else { "" };
        return Ok(Some(format!(
            "`{name}` holds numbers in {} of {} cells that are not missing; the others are {}. Say what they mean: \
             `{key} = {tokens}`{more} below [data.missing-by-column] if they mean not measured, `{key} = \"numeric\"` below \
             [columns.types] to count them as cells that cannot be used, `{key} = \"categorical\"` there if these are levels, or \
             write numbers in the file",
            count(of_rows),
            count(all),
            listed(&strays),
            key = written::key(name)
        )));
    }
    if stray_rows > 0 && mostly(counted(&is_nearly_a_number)) {
        return Ok(Some(format!(
            "`{name}` holds numbers of several spellings, or with their unit in the cell: {}. Write them alike in the file, with \
             the unit below [columns.units]; or add `{key} = \"categorical\"` below [columns.types] if these are levels",
            listed(&strays),
            key = written::key(name)
        )));
    }
    let texts = strays.len();
    if texts >= MANY_TEXTS && texts as f64 >= OF_ITS_OWN * all as f64 {
        return Ok(Some(format!(
            "`{name}` holds {} different texts in {} cells: names, numbers of record, notes or times? They would be sealed in the \
             model. Add `{key} = \"a text of its own in each row\"` below [columns.drop]; or name the column in `columns.patient` or \
             `columns.row-id`; or, if these are levels, add `{key} = \"categorical\"` below [columns.types]",
            count(texts),
            count(all),
            key = written::key(name)
        )));
    }
    Ok(None)
}

/// Whether most cells are dates or times, and different ones.
fn holds_times(column: &RawColumn) -> bool {
    let present = column.len() - column.missing();
    // Read as if the day or the month came first: one date that may be either, or a few among other texts, make no column of dates.
    [DateOrder::DayFirst, DateOrder::MonthFirst].into_iter().any(|order| match column.as_times(Some(order)) {
        Ok(reading) => {
            let (mut times, mut different) = (0usize, BTreeSet::new());
            for time in (0..column.len()).filter_map(|row| reading.cells.get(row)) {
                times += 1;
                if different.len() < QUANTITIES {
                    different.insert(time);
                }
            }
            different.len() >= QUANTITIES && times as f64 >= MOSTLY * present as f64
        }
        Err(error) => matches!(error, IntakeError::MixedZones { .. }),
    })
}

/// Whether a text is a number in another spelling (`1,5`, `1.234,5`, `1 234`), a bound (`<5`), or a number with its unit (`5 mg`).
fn is_nearly_a_number(text: &str) -> bool {
    let text = text.trim().trim_start_matches(['<', '>', '=', '≤', '≥', '~', '+', '-', '−', ' ']);
    let end = text.find(|c: char| !(c.is_ascii_digit() || ".,'_\u{a0} ".contains(c))).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.trim();
    // One letter right behind the digits is a code: `3B`.
    let is_unit = unit.len() > 1 || unit == "%" || number.ends_with(' ');
    let begins = |c: char| c.is_alphabetic() || "%°[/".contains(c);
    let is_unit = is_unit && unit.starts_with(begins) && Unit::new(unit).is_ok();
    number.contains(|c: char| c.is_ascii_digit()) && (unit.is_empty() || is_unit)
}

/// The most frequent tokens, with how often each is there.
fn listed(strays: &[(&str, usize)]) -> String {
    let shown: Vec<String> = strays
        .iter()
        .take(LISTED)
        .map(|(text, rows)| format!("`{}` ({})", written::shortened(text), count(*rows)))
        .collect();
    let more = strays.len().saturating_sub(LISTED);
    let more = if more > 0 { format!(" and {} others", count(more)) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// The kind of a column by its cells.
pub(crate) fn kind(column: &RawColumn) -> ColumnType {
    if column.looks_numeric() { ColumnType::Numeric } else { ColumnType::Categorical }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use bedside_intake::{ReadOptions, read_bytes};

    use super::*;

    const STUDY: &str = "[study]\ntitle = \"t\"\n[data]\npath = \"t.csv\"\n[outcome]\ncolumn = \"y\"\n[[model]]\nname = \"m\"\nkind = \"lasso\"\n";

    /// What is said of a column `x` of 200 cells, of which those of `odd` stand among the numbers from 0.5 on.
    fn said(odd: &[&str], numbers: usize, more: &str) -> Option<String> {
        let mut csv = String::from("x;y\n");
        for row in 0..200 {
            let cell = odd.get(row).map_or_else(|| format!("{}.5", row % numbers), |odd| (*odd).to_owned());
            let _ = writeln!(csv, "{cell};{}", row % 2);
        }
        of(&csv, more)
    }

    fn of(csv: &str, more: &str) -> Option<String> {
        let study = StudyFile::parse(&format!("{STUDY}{more}"), "s.toml").unwrap();
        let options = ReadOptions {
            delimiter: Some(b';'),
            missing: study.data.missing.clone(),
            ..ReadOptions::default()
        };
        let frame = read_bytes("t.csv", csv.as_bytes(), &options).unwrap();
        refuse(&[frame.column("x").unwrap()], &study).err().map(|error| error.to_string())
    }

    #[test]
    fn a_few_texts_among_numbers_are_asked_for() {
        for odd in [
            "> 89",
            "<5",
            "41 (repeat)",
            "1O",
            "1e999",
            "inf",
            "0x10",
            "None",
            "1_000",
            "1,234.50",
            ".",
            ".A",
            "n/a",
            "hemolyzed",
            "#DIV/0!",
            "5 mg",
            "−3",
            "(1.2)",
            "x",
        ] {
            let said = said(&[odd], 100, "").unwrap_or_else(|| panic!("`{odd}` passes"));
            assert!(said.contains(&format!("`{odd}` (1)")) && said.contains("199 of 200"), "{said}");
            assert!(said.contains(&format!("x = [{odd:?}]")), "{said}");
        }
        let many: Vec<String> = (0..30).map(|i| format!("about {i}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let said = said(&many, 100, "").unwrap();
        assert!(said.contains("and 22 others"), "{said}");
    }

    #[test]
    fn what_the_study_says_is_enough() {
        assert_eq!(said(&["x"], 100, "[columns.types]\nx = \"numeric\"\n"), None);
        assert_eq!(said(&["x"], 100, "[columns.types]\nx = \"categorical\"\n"), None);
        assert_eq!(said(&[], 100, ""), None);
        assert_eq!(said(&["NA", ""], 100, ""), None);
    }

    #[test]
    fn levels_that_are_digits_are_levels_unless_a_unit_or_range_says_otherwise() {
        assert_eq!(said(&["3+", "unknown"], 8, ""), None);
        assert!(said(&["n/a"], 8, "[columns.units]\nx = \"mg/dL\"\n").is_some());
        assert!(said(&["n/a"], 8, "[columns.ranges]\nx = [0, 100]\n").is_some());
        let bands: String = (0..200).fold(String::from("x;y\n"), |csv, row| {
            csv + &format!("[{}-{});1\n", row % 10 * 10, row % 10 * 10 + 10)
        });
        assert_eq!(of(&bands, ""), None);
    }

    #[test]
    fn decimal_commas_are_named() {
        let cells: String =
            (0..200).fold(String::from("x;y\n"), |csv, row| csv + &format!("{},5;1\n", row % 100));
        let said = of(&cells, "").unwrap();
        assert!(said.contains("decimal = \",\""), "{said}");
    }

    #[test]
    fn numbers_of_several_spellings_or_with_their_unit_are_named() {
        let of_cells = |cell: &dyn Fn(usize) -> String| {
            of(&(0..200).fold(String::from("x;y\n"), |csv, row| csv + &cell(row) + ";1\n"), "").unwrap()
        };
        let mixed = |row: usize| format!("{}{}5", row % 100, if row.is_multiple_of(2) { ',' } else { '.' });
        let united = |row: usize| format!("{} mg/dL", row % 100);
        for cell in [&mixed as &dyn Fn(usize) -> String, &united] {
            let said = of_cells(cell);
            assert!(said.contains("several spellings"), "{said}");
        }
        for no in ["[60-70)", "3B", "10-20", "A1", "x", "", "<"] {
            assert!(!is_nearly_a_number(no), "{no}");
        }
    }

    #[test]
    fn dates_are_no_levels() {
        for form in ["2020-01-{d}", "{d}.01.2020", "01/{d}/2020"] {
            let cells = (0..200).fold(String::from("x;y\n"), |csv, row| {
                csv + &form.replace("{d}", &format!("{:02}", row % 28 + 1)) + ";1\n"
            });
            let said = of(&cells, "").unwrap_or_else(|| panic!("{form} passes"));
            assert!(said.contains("holds dates or times"), "{said}");
        }
    }

    #[test]
    fn a_date_among_levels_makes_no_column_of_dates() {
        let cells: String = (0..200).fold(String::from("x;y\n"), |csv, row| {
            csv + if row == 7 { "03/04/2015" } else { ["ward A", "ward B"][row % 2] } + ";1\n"
        });
        assert_eq!(of(&cells, ""), None);
    }

    #[test]
    fn a_text_of_its_own_in_each_row_is_asked_for() {
        let cells: String = (0..200).fold(String::from("x;y\n"), |csv, row| csv + &format!("note {row};1\n"));
        let said = of(&cells, "").unwrap();
        assert!(said.contains("200 different texts") && !said.contains("note 1"), "{said}");
        let cells: String =
            (0..2000).fold(String::from("x;y\n"), |csv, row| csv + &format!("ward {};1\n", row % 200));
        assert_eq!(of(&cells, ""), None);
    }
}
