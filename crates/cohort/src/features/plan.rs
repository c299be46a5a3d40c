//! A recipe on the codes of a data set: which column is what.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use bedside_chart::{Span, Unit, code_and_unit, spelled};

use super::aggregation::Looks;
use super::candidates::{Candidate, candidates};
use super::comorbidity::Comorbidity;
use super::groups::{Groupings, Rule, named_after};
use super::{Aggregation, CodeUse, Column, Kept, Recipe, RollUp, Uses, Window};
use crate::CohortError;

/// A recipe on the codes that were counted: the columns of the matrix, and how to fill them. Columns are in the order of
/// the names of their codes; those of one code stand together.
///
/// It depends on the recipe and on what was counted, not on the order of the data.
///
/// Where a code is spoken of here, a group of codes is meant, too.
#[derive(Debug, Clone)]
pub struct Plan {
    codes: Vec<PlannedCode>,
    places: HashMap<Arc<str>, u32>,
    /// Those of codes whose unit is in another spelling than the one that codes have by now, by that one.
    spelled: HashMap<String, u32>,
    groupings: Arc<Groupings>,
    group_places: HashMap<(usize, Arc<str>), u32>,
    /// The place of what the index time itself says.
    pub(super) index_time: Option<u32>,
    /// The indices whose points are counted.
    pub(super) indices: Vec<Comorbidity>,
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
    /// What makes it a group, if it is one.
    grouping: Option<usize>,
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
    pub(super) conditions: Vec<Group>,
    pub(super) index_time: Vec<Cell>,
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
    /// Whether events of a code can change a feature.
    #[must_use]
    pub fn reads(&self, code: &str) -> bool {
        self.place(code).is_some() || !self.group_places(code).is_empty()
    }

    /// A code that it reads, and that is this one in another unit.
    #[must_use]
    pub fn in_another_unit(&self, code: &str) -> Option<&str> {
        let parted = |code: &str| {
            let (base, unit) = code_and_unit(code)?;
            Unit::new(unit).is_ok_and(|unit| unit.dimension().is_some()).then(|| base.to_owned())
        };
        let base = parted(code)?;
        let same =
            |planned: &&PlannedCode| *planned.name != *code && parted(&planned.name).as_ref() == Some(&base);
        self.codes.iter().find(same).map(|planned| &*planned.name)
    }

    /// For the codes and groups that were counted.
    ///
    /// # Errors
    /// [`CohortError::NoFeature`] when no code is left, [`CohortError::NoBirth`] when an age is asked for and no birth was
    /// counted, [`CohortError::TooManyFeatures`] beyond 2³² columns.
    pub fn new(recipe: &Recipe, uses: &Uses) -> Result<Self, CohortError> {
        let mut plan = Self {
            codes: Vec::new(),
            places: HashMap::new(),
            spelled: HashMap::new(),
            groupings: Arc::clone(&recipe.groupings),
            group_places: HashMap::new(),
            index_time: None,
            indices: Vec::new(),
            layouts: Vec::new(),
            windows: Vec::new(),
            lags: Vec::new(),
            columns: 0,
        };
        let mut shapes: HashMap<Shape, usize> = HashMap::new();
        for Candidate { name, grouping, used, .. } in candidates(recipe, uses)? {
            let takes = |one: &usize| {
                let asked = &recipe.asked[*one];
                asked.grouping == grouping && (grouping.is_some() || asked.codes.takes(&name))
            };
            let asked = (0..recipe.asked.len()).filter(takes).collect();
            let always = grouping.is_some_and(|place| recipe.groupings.list[place].rule.is_always_there());
            let often = |count: u64| count > 0 && (always || count >= recipe.rare.least_events);
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
                plan.find_again(&name, grouping);
                plan.codes.push(PlannedCode {
                    name,
                    words: None,
                    grouping,
                    base: plan.columns,
                    layout,
                    kept,
                });
                plan.columns = u32::try_from(columns)
                    .ok()
                    .and_then(|columns| plan.columns.checked_add(columns))
                    .ok_or(CohortError::TooManyFeatures)?;
            }
        }
        if plan.columns == 0 {
            let reason = format!("none of the {} codes is asked for and used often enough", uses.codes.len());
            return Err(CohortError::NoFeature { reason });
        }
        Ok(plan)
    }

    /// Makes the next planned code findable.
    fn find_again(&mut self, name: &Arc<str>, grouping: Option<usize>) {
        let place = self.codes.len() as u32;
        let Some(grouping) = grouping else {
            self.places.insert(Arc::clone(name), place);
            if let Cow::Owned(spelled) = spelled(name) {
                self.spelled.entry(spelled).or_insert(place);
            }
            return;
        };
        self.group_places.insert((grouping, Arc::clone(name)), place);
        match self.groupings.list[grouping].rule {
            Rule::IndexTime => self.index_time = Some(place),
            Rule::Score(index) => self.indices.push(index),
            _ => {}
        }
    }

    /// With words for its codes, as far as they are known; a group has those of the code that it is named after. Only what
    /// columns are called depends on it.
    #[must_use]
    pub fn in_words(mut self, words: &HashMap<String, String>) -> Self {
        for code in &mut self.codes {
            let known = words.get(&*code.name).or_else(|| {
                code.grouping?;
                named_after(&code.name).iter().find_map(|name| words.get(name))
            });
            code.words = known.map(|words| Arc::from(words.as_str()));
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
                    Looks::Events | Looks::Conditions => shape.events,
                    Looks::Values => shape.values,
                    Looks::IndexTime => true,
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
        let mut layout = Layout {
            untimed: Vec::new(),
            events: Vec::new(),
            values: Vec::new(),
            conditions: Vec::new(),
            index_time: Vec::new(),
            columns: wanted,
        };
        let whole_record = Window::full();
        for (&(window, aggregation), offset) in layout.columns.iter().zip(0..) {
            let cell = Cell { aggregation, offset };
            let groups = match aggregation.looks_at() {
                Looks::Untimed => {
                    layout.untimed.push(cell);
                    continue;
                }
                Looks::IndexTime => {
                    layout.index_time.push(cell);
                    continue;
                }
                Looks::Events => &mut layout.events,
                Looks::Values => &mut layout.values,
                Looks::Conditions => &mut layout.conditions,
            };
            // What looks at events without naming a window looks at all of them.
            let window = window.map_or(&whole_record, |window| &self.windows[window]);
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

    /// The codes and groups that have columns. The same requests on these counts, with nothing too rare, give the same plan.
    pub fn kept(&self) -> impl Iterator<Item = Kept<'_>> {
        self.codes.iter().map(|code| Kept {
            name: &code.name,
            words: code.words.as_ref(),
            group: code.grouping.map(|grouping| self.groupings.list[grouping].rule.name()),
            used: code.kept,
        })
    }

    /// Every code with each code above it whose group has columns: what must be known to find those groups again.
    pub fn ancestry(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        let rolled_up =
            |one: &super::groups::Grouping| matches!(one.rule, Rule::RolledUp(RollUp::Ancestors { .. }));
        let grouping = self.groupings.list.iter().position(rolled_up);
        let kept: HashSet<String> = self
            .group_places
            .keys()
            .filter(|(of, _)| Some(*of) == grouping)
            .flat_map(|(_, name)| named_after(name))
            .collect();
        let asked =
            move |code: &str| grouping.is_some_and(|place| self.groupings.list[place].codes.takes(code));
        self.groupings.ancestry.pairs().filter(move |(code, above)| kept.contains(&***above) && asked(code))
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
        if let Some(place) = self.places.get(name) {
            return Some(*place);
        }
        let spelled = spelled(name);
        self.places.get(&*spelled).or_else(|| self.spelled.get(&*spelled)).copied()
    }

    /// Whether codes are to keep the spelling of their units: this plan is from before they had one, and may tell spellings apart.
    #[must_use]
    pub fn keeps_spellings(&self) -> bool {
        !self.spelled.is_empty()
    }

    /// Whether any group has columns that events fill.
    pub(super) fn has_groups(&self) -> bool {
        !self.group_places.is_empty()
    }

    /// The places of the groups of a code among those that have columns.
    pub(super) fn group_places(&self, name: &str) -> Vec<u32> {
        let mut groups = self.groupings.of(name);
        if let Cow::Owned(spelled) = spelled(name) {
            groups.extend(self.groupings.of(&spelled));
            groups.sort();
            groups.dedup();
        }
        groups.iter().filter_map(|group| self.group_places.get(group).copied()).collect()
    }

    /// The first column of a code, and its layout.
    pub(super) fn code(&self, place: u32) -> (u32, &Layout) {
        let code = &self.codes[place as usize];
        (code.base, &self.layouts[code.layout])
    }
}
