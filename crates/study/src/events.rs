//! A study that begins at events: labels become its table, features its predictors.

use std::collections::HashSet;
use std::io;

use bedside_chart::{Codes, Instant, Label, SubjectNumber};
use bedside_cohort::Task;
use bedside_cohort::features::{Column as FeatureColumn, Plan};
use bedside_intake::meds::{EventFiles, labels_csv};
use bedside_intake::sparse::{Columns, Run};
use bedside_intake::{Frame, ReadOptions, read_bytes};
use bedside_table::{Column, Numeric, Rows, State, Table, TableError, Train};

use crate::StudyError;
use crate::cohort::Cohort;
use crate::label::{Labelled, label};
use crate::recipe::{Ingredient, Recipe as CellRecipe};
use crate::report::data::FlowStep;
use crate::report::number;
use crate::run::Inputs;
use crate::sown::Sown;
use crate::spec::{SUBJECT, StudyFile};
use crate::split::Division;
use crate::tabulate::{IndexTimes, Means, count_codes, tabulate};
use crate::vocabulary::recipe_with_words;

/// The events of a study.
#[derive(Debug)]
pub struct Events {
    files: EventFiles,
    codes: Codes,
    threads: usize,
    /// Subject and index time of each row of the table.
    rows: Vec<(SubjectNumber, Instant)>,
    /// Who left before the table.
    pub flow: Vec<FlowStep>,
    /// SHA-256 of each file, by name.
    pub hashes: Vec<(String, String)>,
    /// How much there is, in words.
    pub words: String,
}

impl Events {
    /// Labels a data set: the events, and the labels as the study's table.
    ///
    /// # Errors
    /// Those of [`EventFiles::walk`]; [`StudyError::Data`] when the task names no index time or leaves nobody.
    pub fn labelled(files: EventFiles, task: &Task, threads: usize) -> Result<(Self, Frame), StudyError> {
        let codes = Codes::default();
        let Labelled { labels, flow, amount } = label(&files, &codes, task, threads)?;
        let refused =
            |problem: &str| StudyError::Data { place: "[task]".to_owned(), problem: problem.to_owned() };
        let at = |label: &Label| label.prediction_time.map(|time| (label.subject, time));
        let rows: Option<Vec<_>> = labels.iter().map(at).collect();
        let rows = rows.ok_or_else(|| {
            refused("the task names no index time; give one window `index_timestamp: start` or `end`")
        })?;
        if rows.is_empty() {
            return Err(refused("no row is left; `bedside cohort` shows at which step they leave"));
        }
        let options = ReadOptions { identifiers: vec![SUBJECT.to_owned()], ..ReadOptions::default() };
        let frame = read_bytes("labels.csv", &labels_csv(&labels)?, &options)?;
        let mut before = None;
        let mut steps = Vec::new();
        for step in flow.steps() {
            let Some(left) = step.left.rows else { continue };
            steps.push(FlowStep {
                label: step.what,
                removed: before.map_or(0, |before: u64| before.saturating_sub(left)) as usize,
                rows: left as usize,
                patients: Some(step.left.subjects as usize),
                events: None,
            });
            before = Some(left);
        }
        let [events, subjects] = [amount.events, amount.subjects].map(|count| number::count(count as usize));
        let words = format!("{events} events of {subjects} subjects");
        let hashes = files.sha256()?;
        Ok((Self { files, codes, threads, rows, flow: steps, hashes, words }, frame))
    }

    /// The features of a cohort's rows as further predictors, and what is needed to make them again. Which codes are too
    /// rare is judged on the training subjects alone.
    ///
    /// # Errors
    /// Those of [`EventFiles::walk`]; [`StudyError::Features`] when no code is left.
    pub fn features(
        &self,
        study: &StudyFile,
        cohort: &Cohort,
        train: &Rows<Train>,
    ) -> Result<(Vec<Column>, Sown), StudyError> {
        let file = study.requests();
        let (recipe, words) = recipe_with_words(&file, &self.files)?;
        let row = |row: &u32| self.rows[cohort.source[*row as usize] as usize];
        let training: HashSet<SubjectNumber> = train.numbers().iter().map(|at| row(at).0).collect();
        let (uses, _) = count_codes(&self.files, &self.codes, &recipe, Some(&training), self.threads)?;
        let plan = Plan::new(&recipe, &uses)?.in_words(&words);
        let rows: Vec<_> = cohort.source.iter().map(|&row| self.rows[row as usize]).collect();
        let mut columns = make(&self.files, &self.codes, &plan, &rows, self.threads)?;
        columns.retain(|column| !study.columns.drop.contains(&column.name));
        Ok((columns, Sown::of(file, &plan)))
    }
}

/// The features of some rows, each column in full.
///
/// # Errors
/// Those of [`EventFiles::walk`].
pub fn make(
    files: &EventFiles,
    codes: &Codes,
    plan: &Plan,
    rows: &[(SubjectNumber, Instant)],
    threads: usize,
) -> Result<Vec<Column>, StudyError> {
    let mut full = Full { plan, rows: rows.len(), columns: Vec::new(), wrong: None };
    // The columns are to stand in memory in full; what waits for its place is less.
    let means = Means { threads, bytes: u64::MAX };
    let done = tabulate(files, codes, plan, &IndexTimes::given(rows), means, |_| Ok(vec![&mut full]));
    match full.wrong {
        Some(error) => Err(error.into()),
        None => done.map(|_| full.columns),
    }
}

/// Writes columns out in full.
struct Full<'p> {
    plan: &'p Plan,
    rows: usize,
    columns: Vec<Column>,
    wrong: Option<TableError>,
}

impl Columns for Full<'_> {
    fn add(&mut self, columns: &[&[Run]]) -> io::Result<()> {
        for runs in columns {
            let Some(column) = self.plan.column(self.columns.len() as u32) else { continue };
            match full(&column, self.rows, runs) {
                Ok(column) => self.columns.push(column),
                Err(error) => {
                    self.wrong = Some(error);
                    return Err(io::ErrorKind::InvalidData.into());
                }
            }
        }
        Ok(())
    }
}

fn full(column: &FeatureColumn, rows: usize, runs: &[Run]) -> Result<Column, TableError> {
    let absent = if column.aggregation.absent_is_zero() { State::Measured } else { State::NotMeasured };
    let (mut values, mut states) = (vec![0.0; rows], vec![absent; rows]);
    for run in runs {
        let at = run.row as usize..(run.row + run.rows) as usize;
        values[at.clone()].fill(run.value);
        states[at].fill(State::Measured);
    }
    Ok(Column::numeric(column.describe(), Numeric::new(values, states)?))
}

/// Adds the features to a divided cohort, if the study begins at events; and what makes them again.
///
/// # Errors
/// As [`Events::features`], and [`TableError::DuplicateColumn`] when two are called alike.
pub fn add(
    inputs: &Inputs,
    mut cohort: Cohort,
    mut recipe: CellRecipe,
    division: &Division,
) -> Result<(Cohort, CellRecipe, Option<Sown>), StudyError> {
    let Some(events) = &inputs.events else { return Ok((cohort, recipe, None)) };
    let (columns, sown) = events.features(&inputs.study, &cohort, division.parts.train())?;
    recipe.predictors.extend(columns.iter().map(|column| Ingredient::number(&column.name)));
    cohort.table = Table::new(cohort.source.len(), columns)?;
    if let Some(first) = cohort.flow.first_mut() {
        "labelled rows".clone_into(&mut first.label);
    }
    cohort.flow.splice(0..0, events.flow.iter().cloned());
    Ok((cohort, recipe, Some(sown)))
}
