//! Who is in the study: exclusions in order, the outcome, and what rows have in common.

use std::collections::{BTreeSet, HashMap, HashSet};

use bedside_intake::{Frame, RawColumn, Spelling, Unread};
use bedside_table::{Categorical, Column, Outcome, Table, TableError, Whole};

use crate::StudyError;
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
}

impl Cohort {
    /// Applies the study's exclusions and reads its outcome.
    ///
    /// # Errors
    /// [`StudyError::Intake`] when a column is absent or a patient cell is empty, [`StudyError::Data`] when row ids repeat,
    /// an outcome cell means nothing or nobody is left, [`StudyError::Table`] when the outcome has one class.
    pub fn assemble(frame: &Frame, study: &StudyFile, recipe: &Recipe) -> Result<Self, StudyError> {
        let Prepared { columns, unread } = recipe.prepare(frame)?;
        let mut findings = unreadable(&unread);
        let columns_of = &study.columns;
        if let Some(row_id) = &columns_of.row_id {
            refuse_repeats(frame, row_id)?;
        }
        let kin = kinship(frame, study)?;
        let events = OutcomeColumn::read(frame, study)?;
        let mut kept: Vec<u32> = (0..frame.rows() as u32).collect();
        let mut flow = vec![step("rows read", 0, &kept, &kin, &events)];
        for exclusion in study.exclude.as_slice() {
            let column = frame.column(&exclusion.column)?;
            let condition = exclusion.condition();
            let before = kept.len();
            let leaves = holds(column, &condition)?;
            kept.retain(|&row| leaves[row as usize] != Some(true));
            flow.push(step(&exclusion.reason, before - kept.len(), &kept, &kin, &events));
        }
        let before = kept.len();
        kept.retain(|&row| events.values[row as usize].is_some());
        if kept.len() < before {
            flow.push(step("outcome not known", before - kept.len(), &kept, &kin, &events));
        }
        if kept.is_empty() {
            return Err(StudyError::Data {
                place: "[[exclude]]".to_owned(),
                problem: "no row is left after the exclusions".to_owned(),
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
        }
    }
}

/// The outcome of every row of the frame, where it is known.
struct OutcomeColumn {
    kind: OutcomeKind,
    values: Vec<Option<f64>>,
}

impl OutcomeColumn {
    fn read(frame: &Frame, study: &StudyFile) -> Result<Self, StudyError> {
        let definition = &study.outcome;
        let column = frame.column(&definition.column)?;
        if let Some(event) = definition.event_condition() {
            let values = holds(column, &event)?;
            if !values.contains(&Some(true)) {
                let cells = column.as_categorical(Spelling::AsWritten)?;
                return Err(StudyError::Data {
                    place: "[outcome]".to_owned(),
                    problem: format!(
                        "no row has the event, `{}` {event}; the column holds {}",
                        definition.column,
                        crate::bundle::list(cells.levels(), 6)
                    ),
                });
            }
            let values = values.into_iter().map(|held| held.map(|h| f64::from(u8::from(h)))).collect();
            return Ok(Self { kind: OutcomeKind::Binary, values });
        }
        let cells = column.as_categorical(Spelling::AsWritten)?;
        let known: Vec<Option<f64>> = cells
            .levels()
            .iter()
            .map(|text| match text.trim().to_ascii_lowercase().as_str() {
                "true" => Some(1.0),
                "false" => Some(0.0),
                other => bedside_intake::parse_number(other, bedside_intake::Decimal::default()),
            })
            .collect();
        let measured = |row: usize| cells.states()[row].is_measured();
        let values: Vec<Option<f64>> = (0..frame.rows())
            .map(|row| if measured(row) { known[cells.codes()[row] as usize] } else { None })
            .collect();
        let strange = |row: &usize| measured(*row) && values[*row].is_none();
        if let Some(row) = (0..frame.rows()).find(strange) {
            return Err(StudyError::Data {
                place: format!("outcome `{}`", definition.column),
                problem: format!(
                    "{} cells are not numbers, the first at {}; say which value is the event with `outcome.event`",
                    (0..frame.rows()).filter(strange).count(),
                    frame.place(row)
                ),
            });
        }
        let zero_one =
            values.iter().flatten().all(|&v| v.abs() < f64::EPSILON || (v - 1.0).abs() < f64::EPSILON);
        let kind =
            definition.kind().unwrap_or(if zero_one { OutcomeKind::Binary } else { OutcomeKind::Continuous });
        if kind == OutcomeKind::Binary && !zero_one {
            return Err(StudyError::Data {
                place: format!("outcome `{}`", definition.column),
                problem:
                    "it is declared binary but holds other values than 0 and 1; say which value is the event \
                          with `outcome.event`"
                        .to_owned(),
            });
        }
        Ok(Self { kind, values })
    }
}

/// Whether each cell meets a condition; `None` where the cell is missing and the condition asks for a value. A condition is
/// judged once a distinct text, not once a row.
fn holds(column: &RawColumn, condition: &Condition) -> Result<Vec<Option<bool>>, StudyError> {
    let cells = column.as_categorical(Spelling::AsWritten)?;
    let of_level: Vec<bool> = cells.levels().iter().map(|text| condition.holds(Cell::Text(text))).collect();
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

fn step(label: &str, removed: usize, kept: &[u32], kin: &Kinship, events: &OutcomeColumn) -> FlowStep {
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
