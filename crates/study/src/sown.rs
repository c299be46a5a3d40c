//! How features are made again: the requests, and what the training subjects had of each code.

use std::collections::{BTreeMap, HashMap};

use bedside_chart::Precision;
use bedside_cohort::CohortError;
use bedside_cohort::features::{Ancestry, CodeUse, Kept as KeptCode, Plan, Uses};
use serde::{Deserialize, Serialize};

use crate::spec::{ClockRequest, ComorbidityRequest, FeatureRequest, RareCodes, RecipeFile};

/// What is needed to make the features of new events: the requests, and what of each code is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sown {
    /// What was asked for.
    feature: Vec<FeatureRequest>,
    /// Which indices of comorbidity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    comorbidity: Vec<ComorbidityRequest>,
    /// What is read off the clock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    clock: Vec<ClockRequest>,
    /// Whether the values were kept in single precision, as MEDS keeps them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    single_precision: bool,
    /// The codes that have features.
    codes: BTreeMap<String, Kept>,
    /// The groups of codes that have features, by what makes them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    groups: BTreeMap<String, BTreeMap<String, Kept>>,
    /// The codes above each code, as far as they have features; the other groups follow from the codes themselves.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    ancestors: BTreeMap<String, Vec<String>>,
}

/// What of a code is often enough to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Kept {
    /// What the code means, if that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    events: bool,
    values: bool,
    untimed: bool,
    untimed_values: bool,
}

impl Kept {
    fn of(code: &KeptCode<'_>) -> Self {
        Self {
            words: code.words.map(ToString::to_string),
            events: code.used.events > 0,
            values: code.used.values > 0,
            untimed: code.used.untimed > 0,
            untimed_values: code.used.untimed_values > 0,
        }
    }

    fn used(&self) -> CodeUse {
        CodeUse {
            subjects: 1,
            events: u64::from(self.events),
            values: u64::from(self.values),
            untimed: u64::from(self.untimed),
            untimed_values: u64::from(self.untimed_values),
        }
    }
}

impl Sown {
    /// What made a plan.
    #[must_use]
    pub fn of(file: RecipeFile, plan: &Plan, precision: Precision) -> Self {
        let RecipeFile { feature, comorbidity, clock, rare: _ } = file;
        let (mut codes, mut groups) = (BTreeMap::new(), BTreeMap::<String, BTreeMap<String, Kept>>::new());
        for code in plan.kept() {
            let among = match code.group {
                Some(by) => groups.entry(by.to_owned()).or_default(),
                None => &mut codes,
            };
            among.insert(code.name.to_string(), Kept::of(&code));
        }
        let mut ancestors = BTreeMap::<String, Vec<String>>::new();
        for (code, above) in plan.ancestry() {
            ancestors.entry(code.to_string()).or_default().push(above.to_string());
        }
        let single_precision = precision == Precision::Single;
        Self { feature, comorbidity, clock, single_precision, codes, groups, ancestors }
    }

    /// How exactly values were kept.
    #[must_use]
    pub fn precision(&self) -> Precision {
        if self.single_precision { Precision::Single } else { Precision::Double }
    }

    /// The plan that was made from the training subjects.
    ///
    /// # Errors
    /// [`CohortError`] when the parts contradict each other.
    pub fn plan(&self) -> Result<Plan, CohortError> {
        let file = RecipeFile {
            rare: RareCodes::default(),
            feature: self.feature.clone(),
            comorbidity: self.comorbidity.clone(),
            clock: self.clock.clone(),
        };
        let mut ancestry = Ancestry::default();
        for (code, above) in &self.ancestors {
            // The limit on levels was kept when they were chosen.
            above.iter().for_each(|ancestor| ancestry.add(code, ancestor, 0));
        }
        let used = |codes: &BTreeMap<String, Kept>| {
            codes.iter().map(|(name, kept)| (name.as_str().into(), kept.used())).collect()
        };
        let groups = self.groups.iter().map(|(by, groups)| (by.as_str().into(), used(groups))).collect();
        let uses = Uses { codes: used(&self.codes), groups };
        let recipe = file.recipe()?.with_ancestry(&ancestry);
        // A code and a group of one name have the same words.
        let all = self.groups.values().flatten().chain(&self.codes);
        let words = |(name, kept): (&String, &Kept)| Some((name.clone(), kept.words.clone()?));
        let words: HashMap<String, String> = all.filter_map(words).collect();
        Ok(Plan::new(&recipe, &uses)?.in_words(&words))
    }
}

#[cfg(test)]
mod tests {
    use bedside_chart::{Codes, Instant, Span, SubjectNumber};
    use bedside_cohort::features::Tally;
    use bedside_intake::meds::EventFiles;
    use bedside_intake::{Format, OutColumn, OutData, table_bytes};
    use bedside_table::{Column, Data};

    use super::*;
    use crate::filling::filled;
    use crate::tabulate::count_codes;

    const RECIPE: &str = r#"
        [[feature]]
        codes = "^RxNorm"
        roll-up = "ancestors"
        levels = 2
        windows = ["2d", "full"]
        aggregations = ["code/count", "value/last", "code/days_since_last"]
        [[feature]]
        roll-up = "icd-chapter"
        windows = ["2d", "full"]
        aggregations = ["code/count", "code/times"]
        [[feature]]
        roll-up = "atc2"
        windows = "full"
        aggregations = "code/present"
        [[feature]]
        windows = "full"
        aggregations = "value/mean"
        [[comorbidity]]
        index = "elixhauser"
        windows = ["2d", "full"]
        [[clock]]
        reads = ["age", "hour-of-day", "day-of-week", "day-of-year"]
    "#;

    /// Hours and codes of two subjects, the second of them new.
    const TRAINING: [(i64, &str); 8] = [
        (-400_000, "MEDS_BIRTH"),
        (0, "ICD10CM/I50.9"),
        (5, "RxNorm/1"),
        (9, "ATC/C09AA05"),
        (30, "ICD10CM/C50"),
        (40, "RxNorm/2"),
        (60, "ICD10CM/I50.9"),
        (61, "RxNorm/1"),
    ];
    const NEW: [(i64, &str); 6] = [
        (-300_000, "MEDS_BIRTH"),
        (10, "DIAGNOSIS//ICD//10//I10"),
        (20, "ATC/C09CA01"),
        (30, "RxNorm/2"),
        (50, "RxNorm/3"),
        (70, "ICD9CM/428.0"),
    ];

    fn files(subject: i64, events: &[(i64, &str)]) -> EventFiles {
        let micros = |hours: i64| (Instant::from_micros(0) + Span::hours(hours)).micros();
        let subjects = vec![Some(subject); events.len()];
        let times: Vec<Option<i64>> = events.iter().map(|(hour, _)| Some(micros(*hour))).collect();
        let codes: Vec<String> = events.iter().map(|(_, code)| (*code).to_owned()).collect();
        let values: Vec<f64> = events.iter().map(|(hour, _)| 0.1 * *hour as f64).collect();
        let columns = [
            OutColumn { name: "subject_id", data: OutData::Integers(&subjects) },
            OutColumn { name: "time", data: OutData::Instants(&times) },
            OutColumn { name: "code", data: OutData::Text(&codes) },
            OutColumn { name: "numeric_value", data: OutData::Numbers(&values) },
        ];
        let bytes = table_bytes(Format::Parquet, b',', &columns).unwrap();
        EventFiles::in_memory("events.parquet", bytes.into()).unwrap()
    }

    fn sown() -> (Plan, Sown) {
        let file = RecipeFile::parse(RECIPE, "recipe.toml").unwrap();
        let mut ancestry = Ancestry::default();
        for (code, above, levels) in [
            ("RxNorm/1", "NSAID", 1),
            ("RxNorm/2", "NSAID", 2),
            ("RxNorm/3", "NSAID", 1),
            ("RxNorm/1", "DRUG", 3),
        ] {
            ancestry.add(code, above, levels);
        }
        let recipe = file.recipe().unwrap().with_ancestry(&ancestry);
        let (uses, subjects) =
            count_codes(&files(1, &TRAINING), &Codes::default(), &recipe, None, 1).unwrap();
        assert_eq!((subjects, uses.groups.len()), (1, 6));
        let words = [
            ("NSAID", "anti-inflammatory drugs"),
            ("ATC/C09", "agents acting on the renin-angiotensin system"),
        ];
        let words = words.map(|(code, words)| (code.to_owned(), words.to_owned()));
        let plan = Plan::new(&recipe, &uses).unwrap().in_words(&words.into());
        let sown = Sown::of(file, &plan, Precision::Double);
        (plan, sown)
    }

    /// Names and cells of all columns; the bits of those that are known.
    fn cells(plan: &Plan, hours: &[i64]) -> Vec<(String, Vec<Option<u64>>)> {
        let at = |hour: &i64| (SubjectNumber::new(2), Instant::from_micros(0) + Span::hours(*hour));
        let rows: Vec<_> = hours.iter().map(at).collect();
        let (columns, _) = filled(&files(2, &NEW), &Codes::default(), plan, &rows, 2).unwrap();
        let bits = |column: &Column| match &column.data {
            Data::Numeric(cells) => cells
                .values()
                .iter()
                .zip(cells.states())
                .map(|(value, state)| state.is_measured().then_some(value.to_bits()))
                .collect(),
            Data::Categorical(_) => Vec::new(),
        };
        columns.iter().map(|column| (column.name.clone(), bits(column))).collect()
    }

    #[test]
    fn a_sealed_plan_makes_the_same_bits_without_the_data_set() {
        let (plan, sown) = sown();
        let stored = serde_json::to_string(&sown).unwrap();
        let opened: Sown = serde_json::from_str(&stored).unwrap();
        assert_eq!(opened, sown);
        let again = opened.plan().unwrap();
        let hours = [5, 15, 35, 55, 75, 75, 100];
        let many = cells(&plan, &hours);
        assert_eq!(many, cells(&again, &hours));
        for (row, hour) in hours.iter().enumerate() {
            for ((name, all), (_, alone)) in many.iter().zip(cells(&again, &[*hour])) {
                assert_eq!(all[row], alone[0], "{name} at {hour}");
            }
        }
        let value = |name: &str, row: usize| {
            let (_, cells) = many.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name}"));
            cells[row].map(f64::from_bits)
        };
        let chapter = "ICD-10 chapter IX: diseases of the circulatory system, count, full";
        assert_eq!(value(chapter, 1), Some(1.0), "a code that no training subject had");
        assert_eq!(value("agents acting on the renin-angiotensin system (ATC C09), any, full", 2), Some(1.0));
        let drugs = "anti-inflammatory drugs (NSAID and below), count, full";
        assert_eq!([0, 2, 3].map(|row| value(drugs, row)), [Some(0.0), Some(1.0), Some(2.0)]);
        assert_eq!(value("Elixhauser comorbidity index, points of van Walraven 2009, full", 6), Some(7.0));
        assert!(value("age, years", 0).is_some_and(|age| (age - 34.2).abs() < 0.1));
        assert!(!many.iter().any(|(name, _)| name.contains("DRUG")), "further up than asked for");
    }

    /// Of a patient whom the data do not have, the clock is known, as it is of a live record without events.
    #[test]
    fn of_a_subject_without_events_the_clock_is_known() {
        let (plan, _) = sown();
        let mut gatherer = bedside_cohort::features::Gatherer::new(&plan);
        let mut events = bedside_chart::Events::new(SubjectNumber::new(3));
        let time = Instant::from_micros(0) + Span::hours(31);
        let mut expected: Vec<Option<u64>> = (0..plan.columns())
            .map(|column| {
                plan.column(column).filter(|of| of.aggregation.absent_is_zero()).map(|_| 0.0_f64.to_bits())
            })
            .collect();
        gatherer.gather(&events.timeline(), &Codes::default(), &[time], &(0..plan.codes()), |run| {
            expected[run.column as usize] = Some(run.value.to_bits());
        });
        let rows = [(SubjectNumber::new(3), time), (SubjectNumber::new(2), time)];
        let (columns, findings) = filled(&files(2, &NEW), &Codes::default(), &plan, &rows, 2).unwrap();
        let known = |column: &Column| match &column.data {
            Data::Numeric(cells) => cells.states()[0].is_measured().then(|| cells.values()[0].to_bits()),
            Data::Categorical(_) => None,
        };
        let found: Vec<_> = columns.iter().map(known).collect();
        assert_eq!(found, expected);
        let clock = |name: &str| columns.iter().position(|column| column.name.contains(name)).unwrap();
        assert!(found[clock("hour")].is_some() && found[clock("age, years")].is_none());
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(
            findings[0].text.contains("1 rows (50.0 %) are of subjects without any event"),
            "{findings:?}"
        );
    }

    /// A model of values in single precision reads 0.1 as they are there, however exactly new data keep it.
    #[test]
    fn new_data_are_rounded_as_those_of_the_model_were() {
        let mut files = files(2, &[(0, "A"), (1, "A")]);
        let text = "[[feature]]\nwindows = \"full\"\naggregations = \"value/last\"\n";
        let recipe = RecipeFile::parse(text, "recipe.toml").unwrap().recipe().unwrap();
        let (uses, _) = count_codes(&files, &Codes::default(), &recipe, None, 1).unwrap();
        let plan = Plan::new(&recipe, &uses).unwrap();
        let value = |files: &EventFiles| {
            let row = (SubjectNumber::new(2), Instant::from_micros(0) + Span::hours(2));
            let (columns, _) = filled(files, &Codes::default(), &plan, &[row], 1).unwrap();
            match &columns[0].data {
                Data::Numeric(cells) => cells.values()[0],
                Data::Categorical(_) => f64::NAN,
            }
        };
        assert_eq!((value(&files), files.precision()), (0.1, Precision::Double));
        files.keep_in(Precision::Single);
        assert_eq!((value(&files), files.precision()), (f64::from(0.1_f32), Precision::Single));
    }

    #[test]
    fn what_asks_for_no_group_is_stored_as_before() {
        let text = "[[feature]]\nwindows = \"full\"\naggregations = \"code/count\"\n";
        let file = RecipeFile::parse(text, "recipe.toml").unwrap();
        let codes = Codes::default();
        let mut events = bedside_chart::Events::new(SubjectNumber::new(1));
        events.push(Some(Instant::from_micros(0)), codes.id("A").unwrap(), None);
        let mut tally = Tally::default();
        tally.add(&events.timeline(), &codes, Instant::MAX);
        let plan = Plan::new(&file.recipe().unwrap(), &tally.named(&codes)).unwrap();
        let stored = serde_json::to_value(Sown::of(file, &plan, Precision::Double)).unwrap();
        let expected = serde_json::json!({
            "feature": [{ "codes": [], "except": [], "windows": ["full"], "aggregations": ["code/count"] }],
            "codes": { "A": { "events": true, "values": false, "untimed": false, "untimed-values": false } },
        });
        assert_eq!(stored, expected);
    }
}
