//! What is asked for.

use std::sync::Arc;

use regex::Regex;

use super::groups::{Grouping, Groupings, Rule};
use super::{Aggregation, Ancestry, Comorbidity, Reading, RollUp, Uses, Window};
use crate::CohortError;

/// Which features are wanted: what is made of which codes in which windows.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub(super) asked: Vec<Asked>,
    pub(super) rare: Rare,
    /// What the requests for groups count codes as; they are numbered by their place here.
    pub(super) groupings: Arc<Groupings>,
}

impl Recipe {
    /// The features of several requests. What two of them ask for is made once.
    ///
    /// # Errors
    /// [`CohortError::NoFeature`] when there is no request; [`CohortError::Groups`] when two requests make groups of the same
    /// names from different codes.
    pub fn new(mut asked: Vec<Asked>, rare: Rare) -> Result<Self, CohortError> {
        if asked.is_empty() {
            return Err(CohortError::NoFeature { reason: "the recipe asks for none".to_owned() });
        }
        let mut groupings = Groupings::default();
        for one in &mut asked {
            let Some(rule) = &one.rule else { continue };
            let same = |known: &Grouping| known.rule.name() == rule.name();
            let place = groupings.list.iter().position(same);
            if let Some(known) = place.map(|place| &groupings.list[place])
                && (known.rule != *rule || known.codes != one.codes)
            {
                return Err(CohortError::Groups { groups: rule.name() });
            }
            one.grouping = Some(place.unwrap_or(groupings.list.len()));
            if place.is_none() {
                groupings.list.push(Grouping { rule: rule.clone(), codes: one.codes.clone() });
            }
        }
        Ok(Self { asked, rare, groupings: Arc::new(groupings) })
    }

    /// What it asks for that no code which was counted belongs to, in words: most often the codes are of another vocabulary, and
    /// all of it would be 0 for everybody.
    #[must_use]
    pub fn without_codes(&self, uses: &Uses) -> Vec<String> {
        let rules = self.groupings.list.iter().map(|grouping| &grouping.rule);
        let empty =
            |rule: &&Rule| uses.groups.get(rule.name()).is_none_or(std::collections::BTreeMap::is_empty);
        let told = |rule: &Rule| {
            let needs = rule.needs()?;
            Some(format!("no code belongs to a group of `{}`, which needs {needs}", rule.name()))
        };
        rules.filter(empty).filter_map(told).collect()
    }

    /// Whether it needs to know which codes lie above which.
    #[must_use]
    pub fn needs_ancestry(&self) -> bool {
        self.levels().is_some()
    }

    /// With what lies above what; of no effect unless [`Recipe::needs_ancestry`].
    #[must_use]
    pub fn with_ancestry(mut self, ancestry: &Ancestry) -> Self {
        if let Some(levels) = self.levels() {
            let groupings =
                Groupings { list: self.groupings.list.clone(), ancestry: ancestry.within(levels) };
            self.groupings = Arc::new(groupings);
        }
        self
    }

    fn levels(&self) -> Option<Option<u32>> {
        self.groupings.list.iter().find_map(|one| match one.rule {
            Rule::RolledUp(RollUp::Ancestors { levels }) => Some(levels),
            _ => None,
        })
    }
}

/// Codes, windows, and what is made of their events: every code with every window and aggregation.
#[derive(Debug, Clone)]
pub struct Asked {
    pub(super) codes: CodeChoice,
    pub(super) windows: Vec<Window>,
    pub(super) aggregations: Vec<Aggregation>,
    /// What makes groups of the codes; none when each stands by itself.
    rule: Option<Rule>,
    /// The place of that rule in the recipe.
    pub(super) grouping: Option<usize>,
}

impl Asked {
    /// A request.
    ///
    /// # Errors
    /// [`CohortError::NoFeature`] when there is no aggregation, or a window is lacking; [`CohortError::Feature`] when an
    /// aggregation needs a window with a beginning and one has none.
    pub fn new(
        codes: CodeChoice,
        windows: Vec<Window>,
        aggregations: Vec<Aggregation>,
    ) -> Result<Self, CohortError> {
        if aggregations.is_empty() {
            return Err(CohortError::NoFeature { reason: "no aggregation is named".to_owned() });
        }
        let timed = aggregations.iter().find(|one| !one.is_static());
        if let Some(one) = timed.filter(|_| windows.is_empty()) {
            return Err(CohortError::NoFeature {
                reason: format!("`{one}` needs a window, and none is named"),
            });
        }
        let endless = windows.iter().find(|window| window.days().is_none());
        let bounded = aggregations.iter().find(|one| one.needs_a_beginning());
        if let (Some(window), Some(aggregation)) = (endless, bounded) {
            return Err(CohortError::Feature { aggregation: aggregation.name(), window: window.to_string() });
        }
        Ok(Self { codes, windows, aggregations, rule: None, grouping: None })
    }

    /// The same of groups of codes instead of codes. The choice of codes is made before they are grouped.
    #[must_use]
    pub fn rolled_up(self, as_what: RollUp) -> Self {
        Self { rule: Some(Rule::RolledUp(as_what)), ..self }
    }

    /// The conditions of an index of comorbidity, each 1 when a diagnosis of it is in the window, and its scores: for the
    /// Charlson index with the weights of 1987 and of 2011. A condition that is too rare has no column but counts in the scores.
    /// Diagnoses without a time count in no window.
    ///
    /// ```
    /// use bedside_cohort::features::{Asked, CodeChoice, Comorbidity, Rare, Recipe};
    /// let windows = vec!["365d".parse()?, "full".parse()?];
    /// let asked = Asked::comorbidity(Comorbidity::Charlson, CodeChoice::default(), windows)?;
    /// assert!(Recipe::new(asked, Rare::default()).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`CohortError::NoFeature`] when there is no window.
    pub fn comorbidity(
        index: Comorbidity,
        codes: CodeChoice,
        windows: Vec<Window>,
    ) -> Result<Vec<Self>, CohortError> {
        let points = match index {
            Comorbidity::Charlson => vec![Aggregation::ScoreCharlson1987, Aggregation::ScoreQuan2011],
            Comorbidity::Elixhauser => vec![Aggregation::ScoreVanWalraven2009],
        };
        let conditions = Self::new(codes.clone(), windows.clone(), vec![Aggregation::CodePresent])?;
        let scores = Self::new(codes, windows, points)?;
        Ok(vec![
            Self { rule: Some(Rule::Conditions(index)), ..conditions },
            Self { rule: Some(Rule::Score(index)), ..scores },
        ])
    }

    /// What the clock says at the index time. `birth` is the code of births; of several births the first counts.
    ///
    /// # Errors
    /// [`CohortError::NoFeature`] when there is no reading.
    pub fn clock(readings: &[Reading], birth: &str) -> Result<Vec<Self>, CohortError> {
        let (age, cycles): (Vec<Reading>, Vec<Reading>) =
            readings.iter().partition(|reading| **reading == Reading::Age);
        if readings.is_empty() {
            return Err(CohortError::NoFeature { reason: "no reading of the clock is named".to_owned() });
        }
        let of = |readings: &[Reading], rule: Rule| {
            let aggregations = readings.iter().flat_map(|reading| reading.aggregations().iter().copied());
            let aggregations: Vec<Aggregation> = aggregations.collect();
            let codes = CodeChoice::default();
            let asked = Self { codes, windows: Vec::new(), aggregations, rule: Some(rule), grouping: None };
            Some(asked).filter(|asked| !asked.aggregations.is_empty())
        };
        Ok(of(&age, Rule::Birth(birth.into())).into_iter().chain(of(&cycles, Rule::IndexTime)).collect())
    }
}

/// What the records themselves know only in hindsight, so that it is a predictor only where a pattern asks for it: the observation of a
/// patient ends, for most sources of OMOP, with whatever happens to be the last record.
const HINDSIGHT: &[&str] = &["OBSERVATION_PERIOD//END"];

/// Which codes: all, or those that a pattern is found in, without those that another is found in.
#[derive(Debug, Clone, Default)]
pub struct CodeChoice {
    only: Vec<Regex>,
    except: Vec<Regex>,
}

impl PartialEq for CodeChoice {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &[Regex], b: &[Regex]| a.iter().map(Regex::as_str).eq(b.iter().map(Regex::as_str));
        same(&self.only, &other.only) && same(&self.except, &other.except)
    }
}

impl CodeChoice {
    /// Codes in which one of `only` is found (all codes but `OBSERVATION_PERIOD//END`, which is known in hindsight only, when there is
    /// none) and none of `except`. The patterns are regular expressions and are found anywhere in the code unless `^` and `$` say
    /// otherwise.
    ///
    /// # Errors
    /// [`CohortError::Pattern`] for a pattern that cannot be compiled.
    pub fn new(only: &[String], except: &[String]) -> Result<Self, CohortError> {
        let compiled = |patterns: &[String]| -> Result<Vec<Regex>, CohortError> {
            let compile = |pattern: &String| {
                Regex::new(pattern).map_err(|e| CohortError::Pattern {
                    pattern: pattern.clone(),
                    reason: e.to_string().lines().last().unwrap_or_default().trim().to_owned(),
                })
            };
            patterns.iter().map(compile).collect()
        };
        Ok(Self { only: compiled(only)?, except: compiled(except)? })
    }

    pub(super) fn takes(&self, code: &str) -> bool {
        (self.only.is_empty() && !HINDSIGHT.contains(&code)
            || self.only.iter().any(|pattern| pattern.is_match(code)))
            && !self.except.iter().any(|pattern| pattern.is_match(code))
    }
}

/// Which codes are too rare to learn from. Whoever counts must count training subjects only: what is rare is learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rare {
    /// A code that fewer subjects have is left out.
    pub least_subjects: u64,
    /// A code with fewer events is left out; its values are, when they are fewer; events without a time are counted apart.
    pub least_events: u64,
    /// Only so many codes are kept: those with most events, the first in order of name among equals.
    pub most_codes: Option<usize>,
}
