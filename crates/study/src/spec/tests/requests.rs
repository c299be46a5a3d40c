//! Requests for groups, indices and the clock, in a recipe and in a study.

use super::super::*;

const RECIPE: &str = r#"
[[feature]]
codes = "^SNOMED/"
roll-up = "ancestors"
levels = 3
windows = "full"
aggregations = "code/count"
[[feature]]
roll-up = "icd-chapter"
windows = ["365d", "full"]
aggregations = ["code/present", "code/days_since_last"]
[[comorbidity]]
index = "charlson"
windows = ["365d", "full"]
[[clock]]
reads = ["age", "hour-of-day"]
birth = "BORN"
"#;

#[test]
fn requests_of_all_kinds_parse_and_can_be_used() {
    let file = RecipeFile::parse(RECIPE, "recipe.toml").unwrap();
    assert_eq!((file.feature.len(), file.comorbidity.len(), file.clock.len()), (2, 1, 1));
    assert!(file.recipe().unwrap().needs_ancestry());
    for (name, counted_as) in [
        ("ancestors", CountedAs::Ancestors),
        ("atc1", CountedAs::Atc1),
        ("atc2", CountedAs::Atc2),
        ("atc3", CountedAs::Atc3),
        ("atc4", CountedAs::Atc4),
        ("atc5", CountedAs::Atc5),
        ("icd-chapter", CountedAs::IcdChapter),
        ("icd3", CountedAs::Icd3),
    ] {
        let text =
            format!("[[feature]]\nroll-up = \"{name}\"\nwindows = \"1d\"\naggregations = \"code/count\"\n");
        let file = RecipeFile::parse(&text, "recipe.toml").unwrap();
        assert_eq!(file.feature[0].roll_up, Some(counted_as));
        assert_eq!(file.recipe().unwrap().needs_ancestry(), name == "ancestors");
    }
    let alone = RecipeFile::parse("[[clock]]\nreads = \"age\"\n", "recipe.toml").unwrap();
    assert_eq!(alone.clock[0].birth, "MEDS_BIRTH");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (right, wrong, told) in [
        ("\"ancestors\"", "\"ancestor\"", "did you mean \"ancestors\"?"),
        ("\"icd-chapter\"", "\"icd-chaptre\"", "did you mean \"icd-chapter\"?"),
        ("roll-up = \"icd", "rollup = \"icd", "did you mean `roll-up`?"),
        ("roll-up = \"ancestors\"\n", "", "recipe.toml:4:1"),
        ("roll-up = \"ancestors\"\n", "", "`levels` has no effect unless"),
        ("levels = 3", "levels = 0", "`levels`"),
        ("index = \"charlson\"", "index = \"charlsen\"", "did you mean \"charlson\"?"),
        ("index = \"charlson\"\n", "", "missing key `index`"),
        ("[\"365d\", \"full\"]\n[[clock", "[\"365d\", \"fall\"]\n[[clock", "expected a window"),
        ("[\"365d\", \"full\"]\n[[clock", "[]\n[[clock", "needs a window"),
        ("\"hour-of-day\"", "\"hour-of-days\"", "did you mean \"hour-of-day\"?"),
        ("[\"age\", \"hour-of-day\"]", "[]", "no reading of the clock is named"),
        ("birth = \"BORN\"", "birth = \"\"", "must not be empty"),
        ("[[comorbidity]]", "[[comorbidities]]", "did you mean `comorbidity`?"),
        ("\"code/present\"", "\"score/quan_2011\"", "no aggregation `score/quan_2011`"),
    ] {
        let text = RECIPE.replace(right, wrong);
        assert_ne!(text, RECIPE, "{right}");
        let errors = RecipeFile::parse(&text, "recipe.toml").unwrap_err().to_string();
        assert!(errors.contains(told), "{wrong}: {errors}");
    }
}

#[test]
fn requests_that_contradict_each_other_are_told_at_the_second() {
    for second in [
        "[[feature]]\ncodes = \"^ICD10\"\nroll-up = \"icd-chapter\"\nwindows = \"1d\"\naggregations = \"code/count\"\n",
        "[[comorbidity]]\nindex = \"charlson\"\nexcept = \"//9//\"\nwindows = \"1d\"\n",
        "[[clock]]\nreads = \"age\"\n",
    ] {
        let text = format!("{RECIPE}{second}");
        let line = RECIPE.lines().count() + 1;
        let errors = RecipeFile::parse(&text, "recipe.toml").unwrap_err().to_string();
        assert!(errors.contains(&format!("recipe.toml:{line}:")), "{errors}");
        assert!(errors.contains("in different ways"), "{errors}");
    }
    let same = format!("{RECIPE}[[comorbidity]]\nindex = \"charlson\"\nwindows = \"30d\"\n");
    assert!(RecipeFile::parse(&same, "recipe.toml").is_ok());
}

#[test]
fn a_recipe_must_ask_for_something() {
    let none = RecipeFile::parse("[rare]\nleast-events = 3\n", "recipe.toml").unwrap_err().to_string();
    assert!(none.contains("the recipe asks for no feature") && none.contains("add: `[[feature]]`"), "{none}");
    let empty = RecipeFile::parse("feature = []\n", "recipe.toml").unwrap_err().to_string();
    assert!(empty.contains("must not be empty"), "{empty}");
}

#[test]
fn a_study_takes_them_next_to_events_only() {
    let study = |data: &str, more: &str| {
        let text = format!(
            "[study]\ntitle = \"T\"\n[data]\n{data}\n{more}[outcome]\ncolumn = \"boolean_value\"\n\
             [[model]]\nname = \"ridge\"\nkind = \"ridge\"\n"
        );
        StudyFile::parse(&text, "study.toml")
    };
    let task = "[task]\nfile = \"task.yaml\"\n";
    let clock = "[[clock]]\nreads = \"age\"\n";
    let index = "[[comorbidity]]\nindex = \"elixhauser\"\nwindows = \"full\"\n";
    assert!(study("events = \"data\"", &format!("{task}{clock}")).is_ok());
    assert!(study("events = \"data\"", &format!("{task}{index}")).is_ok());
    let nothing = study("events = \"data\"", task).unwrap_err().to_string();
    assert!(nothing.contains("need at least one [[feature]]"), "{nothing}");
    for (more, key) in [(clock, "clock"), (index, "comorbidity")] {
        let refused = study("path = \"table.csv\"", more).unwrap_err().to_string();
        assert!(refused.contains(&format!("[[{key}]] is for events")), "{refused}");
    }
}

#[test]
fn labels_have_an_outcome_and_tables_must_name_theirs() {
    let study = |data: &str, outcome: &str| {
        let text = format!(
            "study.title = \"T\"\ndata.{data}\n{outcome}[[model]]\nname = \"ridge\"\nkind = \"ridge\"\n"
        );
        StudyFile::parse(&text, "study.toml")
    };
    let events = "events = \"data\"\nclock = [{ reads = \"age\" }]";
    for (outcome, column) in [
        ("", "boolean_value"),
        ("outcome.label = \"death\"\n", "boolean_value"),
        ("outcome.column = \"float_value\"\n", "float_value"),
    ] {
        assert_eq!(study(events, outcome).unwrap().outcome.column, column);
    }
    for (outcome, told) in [
        ("", "missing section [outcome]"),
        ("outcome.label = \"death\"\n", "missing key `column` in [outcome]"),
    ] {
        let refused = study("path = \"table.csv\"", outcome).unwrap_err().to_string();
        assert!(refused.contains(told) && refused.contains("column = \"readmitted\""), "{refused}");
    }
    assert!(study(events, "outcome.column = \"\"\n").is_err());
}
