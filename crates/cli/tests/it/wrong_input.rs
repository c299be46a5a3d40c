//! Wrong input gets status 2 and a sentence that says where, what was expected, what was found and what to do.

use crate::program::{Place, STUDY, text};

/// What is said of a study and a table.
fn said(place: &Place) -> String {
    let tried = place.call(&["run", "study.toml", "--out", "out"]);
    let text = text(&tried);
    assert_eq!(tried.status.code(), Some(2), "{text}");
    assert!(tried.stdout.is_empty(), "{text}");
    assert!(!text.contains("panicked"), "{text}");
    assert!(place.list("out").is_empty(), "{:?}", place.list("out"));
    text
}

/// Every fragment is in the text.
fn has(text: &str, fragments: &[&str]) {
    for fragment in fragments {
        assert!(text.contains(fragment), "`{fragment}` is not in: {text}");
    }
}

/// The table with one line changed (0 is the header).
fn changed(place: &Place, number: usize, change: impl Fn(&mut Vec<String>)) {
    let mut lines: Vec<String> = place.read("table.csv").lines().map(str::to_owned).collect();
    let mut cells: Vec<String> = lines[number].split(',').map(str::to_owned).collect();
    change(&mut cells);
    lines[number] = cells.join(",");
    place.write("table.csv", &(lines.join("\n") + "\n"));
}

#[test]
fn studies_that_are_wrong() {
    let place = Place::new();
    let cases: [(&str, &str, &[&str]); 8] = [
        ("seed = 11", "sede = 11", &["study.toml:6:1", "`sede`", "`seed`"]),
        ("path = \"table.csv\"", "path = \"tabel.csv\"", &["tabel.csv"]),
        ("column = \"readmitted\"", "column = \"readmited\"", &["`readmited`", "`readmitted`"]),
        ("event = \"<30\"", "event = \"<31\"", &["`readmitted`", "<31", ">30"]),
        ("kind = \"ridge\"", "kind = \"rigde\"", &["study.toml:38:8", "\"rigde\"", "\"ridge\""]),
        ("weight = \"rarely measured\"", "wieght = \"rarely measured\"", &["`wieght`", "`weight`"]),
        ("subgroups = [\"gender\"]", "subgroups = [\"gendre\"]", &["`gendre`", "`gender`"]),
        ("[outcome]", "[outcome", &["study.toml:28:9"]),
    ];
    for (from, to, fragments) in cases {
        assert!(STUDY.contains(from));
        place.write("study.toml", &STUDY.replace(from, to));
        has(&said(&place), fragments);
    }
    let absent = place.call(&["run", "nowhere.toml"]);
    assert_eq!(absent.status.code(), Some(2));
    has(&text(&absent), &["nowhere.toml"]);
}

#[test]
fn tables_that_are_wrong() {
    type Change = fn(&mut Vec<String>);
    let cases: [(usize, Change, &[&str]); 4] = [
        (9, |cells| cells.push("extra".to_owned()), &["line 10", "51", "50"]),
        (9, |cells| cells.truncate(20), &["line 10", "20", "50"]),
        (9, |cells| cells[1].clear(), &["`patient_nbr`", "line 10"]),
        (0, |cells| cells[2] = "gender".to_owned(), &["columns 3 and 4", "`gender`"]),
    ];
    for (line, change, fragments) in cases {
        let place = Place::new();
        changed(&place, line, change);
        has(&said(&place), fragments);
    }
    let place = Place::new();
    let first = place.read("table.csv").lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    changed(&place, 9, |cells| cells[0].clone_from(&first));
    has(&said(&place), &["`encounter_id`", "line 10"]);

    place.write("table.csv", "");
    has(&said(&place), &["table.csv"]);
    std::fs::write(place.path("table.csv"), [0x50, 0x41, 0x52, 0x31, 0xff, 0x00, 0x01]).unwrap();
    has(&said(&place), &["table.csv"]);
}

#[test]
fn an_outcome_of_one_class_is_refused() {
    let place = Place::new();
    let table = place.read("table.csv").replace(",<30\n", ",NO\n").replace(",>30\n", ",NO\n");
    place.write("table.csv", &table);
    has(&said(&place), &["`readmitted`"]);
}

#[test]
fn a_copy_of_the_outcome_is_refused_unless_it_is_named() {
    let place = Place::new();
    let table = place.read("table.csv");
    let with_copy: String = table
        .lines()
        .enumerate()
        .map(|(at, line)| match (at, line.ends_with(",<30")) {
            (0, _) => format!("{line},callback\n"),
            (_, event) => format!("{line},{}\n", if event { 3 } else { 1 }),
        })
        .collect();
    place.write("table.csv", &with_copy);
    has(&said(&place), &["leak", "`callback`", "columns.drop", "columns.allow"]);

    place.write(
        "study.toml",
        &STUDY.replace("[columns.drop]", "[columns.allow]\ncallback = \"known before\"\n\n[columns.drop]"),
    );
    let allowed = place.call(&["check", "study.toml"]);
    assert_eq!(allowed.status.code(), Some(0), "{}", text(&allowed));
}

#[test]
fn rows_that_do_not_fit_the_model() {
    let place = Place::new();
    let done = place.call(&["run", "study.toml", "--out", "out"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let table = place.read("table.csv");
    let scored = |lines: Vec<String>| {
        place.write("new.csv", &(lines.join("\n") + "\n"));
        place.call(&["predict", "out/model.bedside", "new.csv"])
    };
    let few = || table.lines().take(4).map(str::to_owned).collect::<Vec<_>>();

    let mut unknown = few();
    unknown[2] = unknown[2].replacen(",Female,", ",Martian,", 1).replacen(",Male,", ",Martian,", 1);
    let tried = scored(unknown);
    assert_eq!(tried.status.code(), Some(0), "{}", text(&tried));
    has(&text(&tried), &["row 2: `gender`", "Female"]);
    assert!(!text(&tried).contains("Martian"), "a cell leaves: {}", text(&tried));

    let mut lacking = few();
    lacking.iter_mut().for_each(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        *line = cells
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != 9)
            .map(|(_, c)| *c)
            .collect::<Vec<_>>()
            .join(",");
    });
    let tried = scored(lacking);
    assert_eq!(tried.status.code(), Some(2), "{}", text(&tried));
    has(&text(&tried), &["`time_in_hospital`"]);

    let mut more = few();
    more.iter_mut()
        .enumerate()
        .for_each(|(at, line)| line.push_str(if at == 0 { ",note" } else { ",hello" }));
    let (tried, plain) = (scored(more), scored(few()));
    assert_eq!(tried.status.code(), Some(0), "{}", text(&tried));
    assert_eq!(tried.stdout, plain.stdout);

    let mut text_for_number = few();
    text_for_number[1] = text_for_number[1]
        .split(',')
        .enumerate()
        .map(|(at, cell)| if at == 9 { "long" } else { cell })
        .collect::<Vec<_>>()
        .join(",");
    // A row that cannot be read has no score; the others have theirs.
    let tried = scored(text_for_number);
    assert_eq!(tried.status.code(), Some(0), "{}", text(&tried));
    has(&text(&tried), &["not scored: row 1: `time_in_hospital`"]);
    assert!(!text(&tried).contains("`long`"), "a cell leaves: {}", text(&tried));
    let (tried, plain) = (String::from_utf8(tried.stdout).unwrap(), String::from_utf8(plain.stdout).unwrap());
    let scores = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(scores(&tried)[1], "\"\"");
    assert_eq!(scores(&tried)[2..], scores(&plain)[2..]);

    let piped = place
        .command()
        .args(["predict", "out/model.bedside", "-"])
        .stdin(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(piped.status.code(), Some(2), "{}", text(&piped));
}
