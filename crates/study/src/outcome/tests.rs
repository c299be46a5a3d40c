use bedside_intake::{ReadOptions, read_bytes};

use super::*;

/// The outcome of a column of cells under some lines of [outcome].
fn resolve(cells: &[(&str, usize)], lines: &str) -> Result<Outcomes, String> {
    let mut csv = "x,died\n".to_owned();
    for (cell, rows) in cells {
        csv.push_str(&format!("1,\"{cell}\"\n").repeat(*rows));
    }
    let study = format!(
        "[study]\ntitle = \"t\"\n[data]\npath = \"t.csv\"\n[outcome]\ncolumn = \"died\"\n{lines}\n[[model]]\nname = \"r\"\nkind = \"ridge\"\n"
    );
    let study = StudyFile::parse(&study, "study.toml").map_err(|e| e.to_string())?;
    let frame = read_bytes("t.csv", csv.as_bytes(), &ReadOptions::default()).map_err(|e| e.to_string())?;
    let rows: Vec<u32> = (0..frame.rows() as u32).collect();
    let cells = OutcomeCells::read(&frame, &study).map_err(|e| e.to_string())?;
    cells.resolve(&rows).map_err(|e| e.to_string())
}

fn refusal(cells: &[(&str, usize)], lines: &str) -> String {
    resolve(cells, lines).map(|_| ()).unwrap_err()
}

#[test]
fn a_value_of_which_nothing_is_said_is_refused_with_its_count_and_the_line_to_add() {
    for (unknown, written) in [
        ("9", "9"),
        ("-9", "-9"),
        (".", "\".\""),
        ("Unknown", "\"Unknown\""),
        ("?", "\"?\""),
        ("999", "999"),
        (".A", "\".A\""),
    ] {
        let cells = [("1", 30), ("0", 50), (unknown, 25)];
        let said = refusal(&cells, "event = 1");
        assert!(said.contains(&format!("`{unknown}` in 25 rows")), "{said}");
        assert!(said.contains(&format!("`unknown = [{written}]`")), "{said}");
        assert!(said.contains("`no-event = [0]`"), "{said}");
        let lines = format!("event = 1\nno-event = 0\nunknown = [{written}]");
        let outcomes = resolve(&cells, &lines).unwrap();
        assert_eq!((outcomes.facts.rows, outcomes.facts.events, outcomes.facts.unknown), (80, Some(30), 25));
        assert_eq!(outcomes.values.iter().filter(|value| value.is_none()).count(), 25);
        assert_eq!(outcomes.unknown, [unknown]);
    }
}

#[test]
fn another_spelling_of_the_event_is_not_taken_for_its_absence() {
    for twin in ["YES", "yes", "Yes ", " yes"] {
        let said = refusal(&[("Yes", 20), ("No", 40), (twin, 5)], "event = \"Yes\"");
        let line = format!("`event = [\"Yes\", \"{twin}\"]`");
        assert!(said.contains(&line) && said.contains("`no-event = [\"No\"]`"), "{said}");
        let said = refusal(&[("Yes", 20), (twin, 5)], "event = \"Yes\"");
        assert!(said.contains(&line), "{said}");
    }
}

#[test]
fn the_other_of_two_values_is_no_event_unless_it_is_written_as_unknown() {
    let outcomes = resolve(&[("dead", 20), ("alive", 40), ("", 4)], "event = \"dead\"").unwrap();
    assert_eq!((outcomes.facts.events, outcomes.facts.unknown), (Some(20), 4));
    let outcomes = resolve(&[("1.0", 20), ("1", 3), ("0", 40), ("0.0", 4)], "event = 1").unwrap();
    assert_eq!((outcomes.facts.events, outcomes.facts.rows), (Some(23), 67));
    for other in ["9", "Unknown", ".", "N/A"] {
        let said = refusal(&[("1", 20), (other, 40)], "event = 1");
        assert!(said.contains(&format!("`{other}` in 40 rows")), "{said}");
    }
    assert!(refusal(&[("1", 20), ("2", 4)], "event = 3").contains("no row has the event"));
}

#[test]
fn a_threshold_is_asked_of_numbers_only() {
    let cells = [("0", 30), ("1.5", 30), ("unknown", 7), ("3", 9)];
    let said = refusal(&cells, "above = 1");
    assert!(said.contains("`unknown` in 7 rows") && said.contains("`unknown = [\"unknown\"]`"), "{said}");
    let outcomes = resolve(&cells, "above = 1\nunknown = \"unknown\"").unwrap();
    assert_eq!((outcomes.facts.events, outcomes.facts.rows, outcomes.facts.unknown), (Some(39), 69, 7));
    let warned = resolve(&[("1", 9), ("2", 9), ("3", 9), ("-9", 2)], "above = 1").unwrap().findings;
    assert!(warned[0].text.contains("-9 in 2 rows") && warned[0].hint.contains("`unknown = [-9]`"));
}

#[test]
fn two_values_without_an_event_are_asked_about_and_not_regressed_on() {
    for (one, two, event) in [("1", "2", "2"), ("N", "Y", "\"Y\""), ("-1", "1", "1"), ("0", "2", "2")] {
        let said = refusal(&[(one, 30), (two, 20)], "");
        assert!(said.contains(&format!("`event = {event}`")), "{said}");
        assert!(said.contains(&format!("`{one}` in 30 rows")), "{said}");
    }
    assert!(refusal(&[("0", 30), ("1", 20), ("9", 8)], "").contains("`unknown = [9]`"));
    assert!(refusal(&[("0", 30), ("1", 20), ("Unknown", 8)], "").contains("`unknown = [\"Unknown\"]`"));
    for (cells, lines, kind) in [
        (vec![("0", 30), ("1", 20)], "", OutcomeKind::Binary),
        (vec![("TRUE", 30), ("False", 20)], "", OutcomeKind::Binary),
        (vec![("0", 30), ("1", 20), ("9", 8)], "unknown = 9", OutcomeKind::Binary),
        (vec![("1", 30), ("2", 20)], "kind = \"continuous\"", OutcomeKind::Continuous),
        (vec![("1.5", 3), ("2.25", 2), ("7", 1)], "", OutcomeKind::Continuous),
    ] {
        assert_eq!(resolve(&cells, lines).unwrap().kind, kind, "{cells:?}");
    }
    let said = refusal(&[("1.5", 3), ("2.25", 2), ("lost", 1)], "kind = \"continuous\"");
    assert!(said.contains("`lost` in 1 rows") && said.contains("`unknown = [\"lost\"]`"), "{said}");
}

#[test]
fn a_value_means_one_thing() {
    for (lines, words) in [
        ("event = 1\nno-event = [0, 1]", "`1` is in `event` and in `no-event`"),
        ("event = 1\nunknown = \"1\"", "`1` is in `event` and in `unknown`"),
        ("no-event = 0", "`no-event` says nothing without `event`"),
        ("event = 1\nunknown = []", "the list of values is empty"),
    ] {
        let said = refusal(&[("1", 2), ("0", 2)], lines);
        assert!(said.contains(words), "{said}");
    }
}
