//! A recipe on the codes of a data set: which column is what.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use bedside_chart::Span;

use super::aggregation::Looks;
use super::{Aggregation, CodeUse, Recipe, Window};
use crate::CohortError;

/// A recipe on the codes that were counted: the columns of the matrix, and how to fill them. Columns are in the order of
/// the names of their codes; those of one code stand together.
///
/// It depends on the recipe and on what was counted, not on the order of the data.
#[derive(Debug, Clone)]
pub struct Plan {
    codes: Vec<PlannedCode>,
    places: HashMap<Arc<str>, u32>,
    layouts: Vec<Layout>,
    windows: Vec<Window>,
    /// Every distance from the index time at which a window begins, ends or has its middle.
    pub(super) lags: Vec<Span>,
    columns: u32,
}

#[derive(Debug, Clone)]
struct PlannedCode {
    name: Arc<str>,
    words: Option<Arc<str>>,
    base: u32,
    layout: usize,
    /// 1 for what is often enough, else 0.
    kept: CodeUse,
}

/// The columns of a code, counted from its first. Many codes share one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    pub(super) untimed: Vec<Cell>,
    pub(super) events: Vec<Group>,
    pub(super) values: Vec<Group>,
    columns: Vec<(Option<usize>, Aggregation)>,
}

/// A column of a code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell {
    pub(super) aggregation: Aggregation,
    pub(super) offset: u32,
}

/// The columns of a code in one window.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    /// Which lag the window begins at; none when it begins with the record.
    pub(super) from: Option<usize>,
    pub(super) to: usize,
    /// Where its halves meet, when that matters.
    pub(super) middle: Option<usize>,
    pub(super) days: f64,
    pub(super) cells: Vec<Cell>,
}

/// What a column of the matrix is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The code.
    pub code: Arc<str>,
    /// What the code means, if that is known.
    pub words: Option<Arc<str>>,
    /// The window; none for events without a time.
    pub window: Option<Window>,
    /// What is made of the events.
    pub aggregation: Aggregation,
}

impl Column {
    /// For a reader: `LAB//50912//mg/dL, last value, 24h`; with words for the code
    /// `Creatinine, mg/dL (LAB//50912//mg/dL), last value, 24h`.
    #[must_use]
    pub fn describe(&self) -> String {
        let aggregation = self.aggregation.words();
        let code = match &self.words {
            Some(words) => format!("{words} ({})", self.code),
            None => self.code.to_string(),
        };
        match &self.window {
            Some(window) => format!("{code}, {aggregation}, {window}"),
            None => format!("{code}, {aggregation}"),
        }
    }

    /// For a program: `LAB//50912//mg/dL/24h/value/last`.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.window {
            Some(window) => format!("{}/{window}/{}", self.code, self.aggregation),
            None => format!("{}/{}", self.code, self.aggregation),
        }
    }
}

/// What of a code is often enough to be kept, and which requests take it: codes that agree in this share a layout.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Shape {
    asked: Vec<usize>,
    untimed: bool,
    untimed_values: bool,
    events: bool,
    values: bool,
}

impl Plan {
    /// For the codes that were counted.
    ///
    /// # Errors
    /// [`CohortError::NoFeature`] when no code is left, [`CohortError::TooManyFeatures`] beyond 2³² columns.
    pub fn new(recipe: &Recipe, uses: &BTreeMap<Arc<str>, CodeUse>) -> Result<Self, CohortError> {
        let mut plan = Self {
            codes: Vec::new(),
            places: HashMap::new(),
            layouts: Vec::new(),
            windows: Vec::new(),
            lags: Vec::new(),
            columns: 0,
        };
        let mut shapes: HashMap<Shape, usize> = HashMap::new();
        for (name, used) in kept(recipe, uses) {
            let asked = (0..recipe.asked.len()).filter(|&one| recipe.asked[one].codes.takes(name)).collect();
            let often = |count: u64| count > 0 && count >= recipe.rare.least_events;
            let shape = Shape {
                asked,
                untimed: often(used.untimed),
                untimed_values: often(used.untimed_values),
                events: often(used.events),
                values: often(used.values),
            };
            let kept = CodeUse {
                subjects: 1,
                events: u64::from(shape.events),
                values: u64::from(shape.values),
                untimed: u64::from(shape.untimed),
                untimed_values: u64::from(shape.untimed_values),
            };
            let layout = match shapes.get(&shape) {
                Some(&layout) => layout,
                None => {
                    let layout = plan.layout(recipe, &shape);
                    plan.layouts.push(layout);
                    shapes.insert(shape, plan.layouts.len() - 1);
                    plan.layouts.len() - 1
                }
            };
            let columns = plan.layouts[layout].columns.len();
            if columns > 0 {
                plan.places.insert(Arc::clone(name), plan.codes.len() as u32);
                let name = Arc::clone(name);
                plan.codes.push(PlannedCode { name, words: None, base: plan.columns, layout, kept });
                plan.columns = u32::try_from(columns)
                    .ok()
                    .and_then(|columns| plan.columns.checked_add(columns))
                    .ok_or(CohortError::TooManyFeatures)?;
            }
        }
        if plan.columns == 0 {
            let reason = format!("none of the {} codes is asked for and used often enough", uses.len());
            return Err(CohortError::NoFeature { reason });
        }
        Ok(plan)
    }

    /// With words for its codes, as far as they are known. Only what columns are called depends on it.
    #[must_use]
    pub fn in_words(mut self, words: &HashMap<String, String>) -> Self {
        for code in &mut self.codes {
            code.words = words.get(&*code.name).map(|words| Arc::from(words.as_str()));
        }
        self
    }

    fn layout(&mut self, recipe: &Recipe, shape: &Shape) -> Layout {
        let mut wanted: Vec<(Option<usize>, Aggregation)> = Vec::new();
        for asked in shape.asked.iter().map(|&one| &recipe.asked[one]) {
            for &aggregation in &asked.aggregations {
                let there = match aggregation.looks_at() {
                    Looks::Untimed if aggregation == Aggregation::StaticFirst => shape.untimed_values,
                    Looks::Untimed => shape.untimed,
                    Looks::Events => shape.events,
                    Looks::Values => shape.values,
                };
                if there && aggregation.is_static() {
                    wanted.push((None, aggregation));
                } else if there {
                    wanted
                        .extend(asked.windows.iter().map(|window| (Some(self.window(window)), aggregation)));
                }
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        let mut layout =
            Layout { untimed: Vec::new(), events: Vec::new(), values: Vec::new(), columns: wanted };
        for (&(window, aggregation), offset) in layout.columns.iter().zip(0..) {
            let cell = Cell { aggregation, offset };
            let groups = match aggregation.looks_at() {
                Looks::Untimed => {
                    layout.untimed.push(cell);
                    continue;
                }
                Looks::Events => &mut layout.events,
                Looks::Values => &mut layout.values,
            };
            let Some(window) = window.map(|window| &self.windows[window]) else { continue };
            let lags = &mut self.lags;
            let mut lag = |span: Span| {
                lags.iter().position(|known| *known == span).unwrap_or_else(|| {
                    lags.push(span);
                    lags.len() - 1
                })
            };
            let (from, to) = (window.from.map(&mut lag), lag(window.to));
            let place = groups.iter().position(|group| (group.from, group.to) == (from, to));
            let group = match place {
                Some(place) => &mut groups[place],
                None => {
                    let days = window.days().unwrap_or(f64::INFINITY);
                    groups.push(Group { from, to, middle: None, days, cells: Vec::new() });
                    let last = groups.len() - 1;
                    &mut groups[last]
                }
            };
            if aggregation == Aggregation::ValueDelta {
                group.middle = window.middle().map(&mut lag);
            }
            group.cells.push(cell);
        }
        layout
    }

    fn window(&mut self, window: &Window) -> usize {
        // `24h` and `1d` are one window; the first spelling is kept.
        let same = |known: &Window| (known.from, known.to) == (window.from, window.to);
        self.windows.iter().position(same).unwrap_or_else(|| {
            self.windows.push(window.clone());
            self.windows.len() - 1
        })
    }

    /// How many columns there are.
    #[must_use]
    pub fn columns(&self) -> u32 {
        self.columns
    }

    /// Whether any column looks at values.
    #[must_use]
    pub fn reads_values(&self) -> bool {
        let first = |cell: &Cell| cell.aggregation == Aggregation::StaticFirst;
        self.layouts.iter().any(|layout| !layout.values.is_empty() || layout.untimed.iter().any(first))
    }

    /// How many codes have columns.
    #[must_use]
    pub fn codes(&self) -> usize {
        self.codes.len()
    }

    /// The codes that have columns, their words, and what of each is often enough: counts of 1 and 0. The same requests on these counts,
    /// with nothing too rare, give the same plan.
    pub fn kept(&self) -> impl Iterator<Item = (&Arc<str>, Option<&Arc<str>>, CodeUse)> {
        self.codes.iter().map(|code| (&code.name, code.words.as_ref(), code.kept))
    }

    /// The columns of some codes, counted in the order of their names.
    #[must_use]
    pub fn columns_of(&self, codes: Range<usize>) -> Range<u32> {
        let base = |code: usize| self.codes.get(code).map_or(self.columns, |code| code.base);
        base(codes.start)..base(codes.end)
    }

    /// What a column is; none past the last.
    #[must_use]
    pub fn column(&self, column: u32) -> Option<Column> {
        let after = self.codes.partition_point(|code| code.base <= column);
        let code = &self.codes[after.checked_sub(1)?];
        let layout = &self.layouts[code.layout];
        let (window, aggregation) = *layout.columns.get((column - code.base) as usize)?;
        let window = window.map(|window| self.windows[window].clone());
        Some(Column { code: Arc::clone(&code.name), words: code.words.clone(), window, aggregation })
    }

    /// The place of a code among those that have columns.
    pub(super) fn place(&self, name: &str) -> Option<u32> {
        self.places.get(name).copied()
    }

    /// The first column of a code, and its layout.
    pub(super) fn code(&self, place: u32) -> (u32, &Layout) {
        let code = &self.codes[place as usize];
        (code.base, &self.layouts[code.layout])
    }
}

/// The codes that are asked for and not too rare, in the order of their names.
fn kept<'u>(recipe: &Recipe, uses: &'u BTreeMap<Arc<str>, CodeUse>) -> Vec<(&'u Arc<str>, CodeUse)> {
    let rare = recipe.rare;
    let mut kept: Vec<(&Arc<str>, CodeUse)> = uses
        .iter()
        .filter(|(_, used)| used.subjects >= rare.least_subjects)
        .filter(|(_, used)| (used.events + used.untimed) >= rare.least_events)
        .filter(|(name, _)| recipe.asked.iter().any(|asked| asked.codes.takes(name)))
        .map(|(name, used)| (name, *used))
        .collect();
    if let Some(most) = rare.most_codes.filter(|most| *most < kept.len()) {
        kept.sort_by_key(|(_, used)| std::cmp::Reverse(used.events + used.untimed));
        kept.truncate(most);
        kept.sort_by_key(|(name, _)| *name);
    }
    kept
}
