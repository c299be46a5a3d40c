//! Who is in the study: exclusions in order, the outcome, and what rows have in common.

use std::collections::{BTreeSet, HashMap, HashSet};

use bedside_intake::{Frame, RawColumn, Spelling, Unread};
use bedside_table::{Categorical, Column, Outcome, Table, TableError, Whole};

use crate::StudyError;
use crate::outcome::{OutcomeCells, OutcomeFacts, Outcomes};
use crate::recipe::{Prepared, Recipe};
use crate::report::data::{Finding, FlowStep};
use crate::spec::{Cell, Condition, OutcomeKind, StudyFile};
use crate::split::{Kinship, subset};

/// The rows that take part, with everything that is known of them.
#[derive(Debug)]
pub struct Cohort {
    /// The predictors.
    pub table: Table<Whole>,
    /// The outcome.
    pub outcome: Outcome<Whole>,
    /// Patients, sites and times.
    pub kin: Kinship,
    /// The columns that subgroups are made from; they need not be predictors.
    pub subgroups: Vec<Column>,
    /// The row of the frame that each row is.
    pub source: Vec<u32>,
    /// Exclusions, in order.
    pub flow: Vec<FlowStep>,
    /// What a reader must know of the data.
    pub findings: Vec<Finding>,
    /// What the values of the outcome mean, and how many rows have each.
    pub outcomes: OutcomeFacts,
}

impl Cohort {
    /// Applies the study's exclusions and reads its outcome.
    ///
    /// # Errors
    /// [`StudyError::Intake`] when a column is absent or a patient cell is empty, [`StudyError::Data`] when row ids repeat,
    /// nothing is said of an outcome cell or nobody is left, [`StudyError::Table`] when the outcome has one class.
    pub fn assemble(frame: &Frame, study: &StudyFile, recipe: &Recipe) -> Result<Self, StudyError> {
        let Prepared { columns, unread } = recipe.prepare(frame)?;
        let mut findings = unreadable(&unread);
        let columns_of = &study.columns;
        if let Some(row_id) = &columns_of.row_id {
            refuse_repeats(frame, row_id)?;
        }
        let kin = kinship(frame, study)?;
        let cells = OutcomeCells::read(frame, study)?;
        // The step at which each row leaves; a value of the outcome must mean something in the rows that the exclusions leave.
        let mut left_at = vec![usize::MAX; frame.rows()];
        for (step, exclusion) in study.exclude.as_slice().iter().enumerate() {
            let leaves = holds(frame.column(&exclusion.column)?, &exclusion.condition())?;
            for (left, leaves) in left_at.iter_mut().zip(leaves) {
                if leaves == Some(true) {
                    *left = step.min(*left);
                }
            }
        }
        let mut kept: Vec<u32> = (0..frame.rows() as u32).collect();
        let included: Vec<u32> =
            kept.iter().copied().filter(|&row| left_at[row as usize] == usize::MAX).collect();
        let events = cells.resolve(&included)?;
        findings.extend(events.findings.iter().cloned());
        let mut flow = vec![step("rows read", 0, &kept, &kin, &events)];
        for (at, exclusion) in study.exclude.as_slice().iter().enumerate() {
            let before = kept.len();
            kept.retain(|&row| left_at[row as usize] != at);
            flow.push(step(&exclusion.reason, before - kept.len(), &kept, &kin, &events));
        }
        let before = kept.len();
        kept.retain(|&row| cells.has_value(row));
        if kept.len() < before {
            flow.push(step("outcome not known", before - kept.len(), &kept, &kin, &events));
        }
        let before = kept.len();
        kept.retain(|&row| events.values[row as usize].is_some());
        if kept.len() < before {
            let label = format!("outcome not known: {}", crate::bundle::list(&events.unknown, 6));
            flow.push(step(&label, before - kept.len(), &kept, &kin, &events));
        }
        if kept.is_empty() {
            return Err(StudyError::Data {
                place: "[[exclude]]".to_owned(),
                problem: "no row is left after the exclusions, or none with a known outcome".to_owned(),
            });
        }
        let known: Vec<f64> = kept.iter().filter_map(|&row| events.values[row as usize]).collect();
        let outcome = match events.kind {
            OutcomeKind::Binary => Outcome::binary(known.iter().map(|&v| v > 0.5)),
            OutcomeKind::Continuous => Outcome::continuous(known),
        }
        .map_err(|error| match error {
            TableError::OneClass { rows } => StudyError::Data {
                place: "[outcome]".to_owned(),
                problem: format!(
                    "`{}` is the same in all {rows} rows that are left; nothing can be learned from it. Check \
                     `outcome.event` and the exclusions",
                    study.outcome.column
                ),
            },
            other => other.into(),
        })?;
        let subgroups = study
            .report
            .subgroups
            .iter()
            .map(|name| subgroup_column(frame, study, &columns, name))
            .collect::<Result<Vec<_>, _>>()?;
        let whole = Table::new(frame.rows(), columns)?;
        findings.extend(twins_of_names(&whole));
        Ok(Self {
            table: whole.take(&kept),
            outcome,
            kin: subset(&kin, &kept),
            subgroups: Table::new(frame.rows(), subgroups)?.take(&kept).columns().to_vec(),
            source: kept,
            flow,
            findings,
            outcomes: events.facts,
        })
    }

    /// Some of the rows.
    #[must_use]
    pub fn take(self, rows: &[u32]) -> Self {
        let subgroups = Table::new(self.source.len(), self.subgroups)
            .map(|table| table.take(rows).columns().to_vec())
            .unwrap_or_default();
        Self {
            table: self.table.take(rows),
            outcome: self.outcome.take(rows),
            kin: subset(&self.kin, rows),
            subgroups,
            source: rows.iter().map(|&row| self.source[row as usize]).collect(),
            flow: self.flow,
            findings: self.findings,
            outcomes: self.outcomes,
        }
    }
}

/// Whether each cell meets a condition; `None` where the cell is missing and the condition asks for a value. A condition is
/// judged once a distinct text, not once a row.
fn holds(column: &RawColumn, condition: &Condition) -> Result<Vec<Option<bool>>, StudyError> {
    let cells = column.as_categorical(Spelling::AsWritten)?;
    // A number may stand in the study file with a point, or as the table writes it.
    let of_text = |text: &String| {
        let [written, point] =
            [text.as_str(), &column.with_point(text)].map(|text| condition.holds(Cell::Text(text)));
        if matches!(condition, Condition::NotIn(_)) { written && point } else { written || point }
    };
    let of_level: Vec<bool> = cells.levels().iter().map(of_text).collect();
    let missing = matches!(condition, Condition::Missing(_)).then(|| condition.holds(Cell::Missing));
    Ok(cells
        .codes()
        .iter()
        .zip(cells.states())
        .map(|(&code, state)| if state.is_measured() { Some(of_level[code as usize]) } else { missing })
        .collect())
}

/// A number for each pair that is met, in the order in which they are.
fn pairs(one: &[u32], other: &[u32]) -> Vec<u32> {
    let mut numbers = HashMap::new();
    let number = |pair| {
        let next = numbers.len() as u32;
        *numbers.entry(pair).or_insert(next)
    };
    one.iter().copied().zip(other.iter().copied()).map(number).collect()
}

fn kinship(frame: &Frame, study: &StudyFile) -> Result<Kinship, StudyError> {
    let columns = &study.columns;
    let patients = match &columns.patient {
        Some(name) => {
            let numbers = frame.column(name)?.as_groups()?.codes;
            let several = study.data.events.is_some().then_some(study.data.file_column.as_ref()).flatten();
            Some(match several {
                // Subjects of another data set are other people, whatever their numbers.
                Some(source) => pairs(&numbers, &frame.column(source)?.as_groups()?.codes),
                None => numbers,
            })
        }
        None => None,
    };
    let sites = match &columns.site {
        Some(name) => {
            let cells = frame.column(name)?.as_categorical(Spelling::Numbers)?;
            if let Some(row) = cells.states().iter().position(|s| !s.is_measured()) {
                return Err(StudyError::Data {
                    place: format!("columns.site `{name}`"),
                    problem: format!("every row needs a site; the first without is at {}", frame.place(row)),
                });
            }
            Some((cells.codes().to_vec(), cells.levels().to_vec()))
        }
        None => None,
    };
    let times = match &columns.time {
        Some(name) => {
            let column = frame.column(name)?;
            let known: Option<Vec<f64>> = if column.looks_numeric() {
                let reading = column.as_numeric(None)?;
                (0..frame.rows()).map(|row| reading.cells.get(row)).collect()
            } else {
                let reading = column.as_times(None)?;
                (0..frame.rows()).map(|row| reading.cells.days(row)).collect()
            };
            Some(known.ok_or_else(|| StudyError::Data {
                place: format!("columns.time `{name}`"),
                problem: "every row needs a time that can be read; exclude rows without one".to_owned(),
            })?)
        }
        None => None,
    };
    Ok(Kinship { patients, sites, times, together: None })
}

fn refuse_repeats(frame: &Frame, name: &str) -> Result<(), StudyError> {
    let ids = frame.column(name)?.as_groups()?;
    let mut seen = HashSet::new();
    match ids.codes.iter().position(|id| !seen.insert(*id)) {
        None => Ok(()),
        Some(row) => Err(StudyError::Data {
            place: format!("columns.row-id `{name}`"),
            problem: format!(
                "row ids must be unique, but that of {} stands there a second time; remove the repeated rows or name \
                 another column",
                frame.place(row)
            ),
        }),
    }
}

fn step(label: &str, removed: usize, kept: &[u32], kin: &Kinship, events: &Outcomes) -> FlowStep {
    let people =
        |patients: &Vec<u32>| kept.iter().map(|&row| patients[row as usize]).collect::<BTreeSet<_>>().len();
    let with_event = kept.iter().filter(|&&row| events.values[row as usize].is_some_and(|v| v > 0.5)).count();
    FlowStep {
        label: label.to_owned(),
        removed,
        rows: kept.len(),
        patients: kin.patients.as_ref().map(people),
        events: (events.kind == OutcomeKind::Binary).then_some(with_event),
    }
}

fn unreadable(unread: &[Unread]) -> Vec<Finding> {
    unread
        .iter()
        .map(|unread| Finding {
            level: "warning".to_owned(),
            text: format!("{unread}."),
            hint:
                "These cells count as not usable, not as extreme values. If they mean missing, name them in \
                   `data.missing`; if the column holds levels, say so in `columns.types`."
                    .to_owned(),
        })
        .collect()
}

/// A subgroup column: a predictor as it is, else the raw column as levels or numbers.
fn subgroup_column(
    frame: &Frame,
    study: &StudyFile,
    predictors: &[Column],
    name: &str,
) -> Result<Column, StudyError> {
    if let Some(column) = predictors.iter().find(|c| c.name == name) {
        return Ok(column.clone());
    }
    let raw = frame.column(name)?;
    if study.report.cut_points.contains_key(name) {
        return Ok(Column::numeric(name, raw.as_numeric(None)?.cells));
    }
    Ok(Column::categorical(name, raw.as_categorical(Spelling::Numbers)?))
}

/// Levels that differ only by case or spaces are probably one.
fn twins_of_names(table: &Table<Whole>) -> Vec<Finding> {
    let alike = |cells: &Categorical| -> Option<(String, String)> {
        let mut seen = std::collections::HashMap::new();
        cells.levels().iter().find_map(|level| {
            let plain = level.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            seen.insert(plain, level.clone()).map(|other| (other, level.clone()))
        })
    };
    table
        .columns()
        .iter()
        .filter_map(|column| match &column.data {
            bedside_table::Data::Categorical(cells) => alike(cells).map(|pair| (column.name.clone(), pair)),
            bedside_table::Data::Numeric(_) => None,
        })
        .map(|(column, (one, other))| Finding {
            level: "note".to_owned(),
            text: format!("`{column}` has levels that differ only by case or spaces: `{one}` and `{other}`."),
            hint: "They count as two levels. Write them alike in the source if they are one.".to_owned(),
        })
        .collect()
}
