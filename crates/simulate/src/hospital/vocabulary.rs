//! The codes of the hospital: real ones in front, made-up ones behind them, used after Zipf's law.

use std::collections::HashSet;

use bedside_chart::{CodeId, Codes, Unit};
use bedside_table::{Seed, Stream};

use super::concept::{Concepts, Kind};
use super::measure::{Measure, Panel};
use super::place::{FROM, TO};
use super::terms;
use crate::SimulateError;
use crate::draw::Chances;

/// How many there are of each.
const CONDITIONS: usize = 1_200;
const DRUGS: usize = 400;
const PROCEDURES: usize = 250;
const RARE: usize = 150;

/// Something with a code, and what an event calls it.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) code: CodeId,
    /// The same thing when it ends.
    pub(super) ended: CodeId,
    /// Its standard concept, if it has one, and that of the bill.
    pub(super) standard: Option<usize>,
    pub(super) source: Option<usize>,
    /// What it adds to the log odds of death.
    pub(super) effect: f64,
}

#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) codes: Codes,
    pub(super) concepts: Concepts,
    pub(super) conditions: (Vec<Term>, Chances),
    pub(super) drugs: (Vec<Term>, Chances),
    pub(super) procedures: (Vec<Term>, Chances),
    pub(super) measures: Vec<Measure<String>>,
    /// The codes of measures, their concepts and those of their units.
    pub(super) measured: Vec<(CodeId, usize, usize)>,
    /// The first of the measures that are seldom, and their chances.
    pub(super) rare: (usize, Chances),
    pub(super) fixed: Fixed,
}

/// Codes that do not depend on a list of terms.
#[derive(Debug)]
pub(super) struct Fixed {
    pub(super) birth: CodeId,
    pub(super) death: CodeId,
    pub(super) sex: [CodeId; 2],
    pub(super) race: [CodeId; 5],
    pub(super) ethnicity: [CodeId; 2],
    /// Begin and end of each kind of visit.
    pub(super) visit: [(CodeId, CodeId); 3],
    pub(super) from: Vec<CodeId>,
    pub(super) to: Vec<CodeId>,
}

/// Zipf's law: the chance of a rank is in proportion to 1 / rank.
fn zipf(count: usize) -> Chances {
    Chances::new(&(1..=count).map(|rank| 1.0 / rank as f64).collect::<Vec<_>>())
}

impl Vocabulary {
    pub(super) fn new() -> Result<Self, SimulateError> {
        let mut draw = Seed::new(0).derive("hospital vocabulary", 0).stream();
        let mut makes = Maker { codes: Codes::default(), concepts: Concepts::new(), taken: taken() };
        let conditions = makes.conditions(&mut draw)?;
        let drugs = makes.simple(Kind::Drug, terms::DRUGS, DRUGS, &mut draw)?;
        let procedures = makes.simple(Kind::Procedure, terms::PROCEDURES, PROCEDURES, &mut draw)?;
        let mut measures: Vec<Measure<String>> = terms::MEASURES.iter().map(Measure::owned).collect();
        let first_rare = measures.len();
        for rank in 1..=RARE {
            let code =
                makes.fresh(&mut draw, |draw| format!("{}-{}", 80_000 + draw.below(19_999), draw.below(10)));
            measures.push(Measure::rare(code, rank, &mut draw));
        }
        let measured = measures.iter().map(|measure| makes.measure(measure)).collect::<Result<_, _>>()?;
        let fixed = makes.fixed()?;
        Ok(Self {
            codes: makes.codes,
            concepts: makes.concepts,
            conditions: (conditions, zipf(CONDITIONS)),
            drugs: (drugs, zipf(DRUGS)),
            procedures: (procedures, zipf(PROCEDURES)),
            measures,
            measured,
            rare: (first_rare, zipf(RARE)),
            fixed,
        })
    }

    /// The places of the measures of a panel.
    pub(super) fn panel(&self, panel: Panel) -> impl Iterator<Item = usize> + '_ {
        self.measures
            .iter()
            .enumerate()
            .filter(move |(_, measure)| measure.panel == panel)
            .map(|(place, _)| place)
    }
}

/// Codes that made-up ones must not be.
fn taken() -> HashSet<String> {
    let conditions =
        terms::CONDITIONS.iter().flat_map(|(snomed, icd, ..)| snomed.iter().copied().chain([*icd]));
    let chapters = terms::CHAPTERS.iter().map(|(_, code, _)| *code).chain([terms::DISEASE.0]);
    let others = terms::DRUGS.iter().chain(terms::PROCEDURES).map(|(code, _)| *code);
    conditions.chain(chapters).chain(others).map(str::to_owned).collect()
}

struct Maker {
    codes: Codes,
    concepts: Concepts,
    taken: HashSet<String>,
}

impl Maker {
    fn fresh(&mut self, draw: &mut Stream, make: impl Fn(&mut Stream) -> String) -> String {
        loop {
            let code = make(draw);
            if self.taken.insert(code.clone()) {
                return code;
            }
        }
    }

    fn term(
        &self,
        standard: Option<usize>,
        source: Option<usize>,
        effect: f64,
    ) -> Result<Term, SimulateError> {
        let name = standard.or(source).map(|place| self.concepts.name(place)).unwrap_or_default();
        let (code, ended) = (self.codes.id(&name)?, self.codes.id(&format!("{name}//END"))?);
        Ok(Term { code, ended, standard, source, effect })
    }

    fn conditions(&mut self, draw: &mut Stream) -> Result<Vec<Term>, SimulateError> {
        let mut made = Vec::with_capacity(CONDITIONS);
        for rank in 0..CONDITIONS {
            let (snomed, icd, name, effect) = match terms::CONDITIONS.get(rank) {
                Some(&(snomed, icd, name, effect)) => {
                    (snomed.map(str::to_owned), icd.to_owned(), name.to_owned(), effect)
                }
                None => {
                    let icd = self.fresh(draw, |draw| {
                        let letter = char::from(b"ABCDEFGHIJKLMNRST"[draw.below(17) as usize]);
                        format!("{letter}{:02}.{}", draw.below(100), draw.below(100))
                    });
                    // A bill sometimes says what no standard concept does.
                    let snomed = (draw.below(20) > 0).then(|| {
                        self.fresh(draw, |draw| (200_000_000 + draw.below(700_000_000)).to_string())
                    });
                    (snomed, icd, format!("made-up condition {rank}"), 0.0)
                }
            };
            let source = self.concepts.add(Kind::Bill, &icd, &name);
            let standard = snomed.map(|snomed| self.concepts.add(Kind::Condition, &snomed, &name));
            if let Some(standard) = standard {
                self.concepts.put_below_chapter(standard, &icd);
            }
            made.push(self.term(standard, Some(source), effect)?);
        }
        Ok(made)
    }

    fn simple(
        &mut self,
        kind: Kind,
        known: &[(&str, &str)],
        count: usize,
        draw: &mut Stream,
    ) -> Result<Vec<Term>, SimulateError> {
        let mut made = Vec::with_capacity(count);
        for rank in 0..count {
            let place = match known.get(rank) {
                Some((code, name)) => self.concepts.add(kind, code, name),
                None => {
                    let from =
                        if kind == Kind::Drug { (1_600_000, 900_000) } else { (200_000_000, 700_000_000) };
                    let code = self.fresh(draw, |draw| (from.0 + draw.below(from.1)).to_string());
                    self.concepts.add(kind, &code, &format!("made-up {} {rank}", kind.word()))
                }
            };
            made.push(self.term(Some(place), None, 0.0)?);
        }
        Ok(made)
    }

    fn measure(&mut self, measure: &Measure<String>) -> Result<(CodeId, usize, usize), SimulateError> {
        let place = self.concepts.add(Kind::Measurement, &measure.code, &measure.name);
        let unit = self.concepts.unit(measure.unit);
        let name = format!("{}//{}", self.concepts.name(place), Unit::new(measure.unit)?.code());
        Ok((self.codes.id(&name)?, place, unit))
    }

    fn fixed(&mut self) -> Result<Fixed, SimulateError> {
        let id = |name: &str| self.codes.id(name);
        let visit = |name: &str| Ok::<_, SimulateError>((id(name)?, id(&format!("{name}//END"))?));
        let places = |what: &str, places: &[super::place::Place]| {
            let ids =
                places.iter().map(|place| id(&format!("{what}//CMS Place of Service/{}", place.service)));
            ids.collect::<Result<Vec<_>, _>>()
        };
        Ok(Fixed {
            birth: id("MEDS_BIRTH")?,
            death: id("MEDS_DEATH")?,
            sex: [id("Gender/F")?, id("Gender/M")?],
            race: [id("Race/5")?, id("Race/3")?, id("Race/2")?, id("Race/1")?, id("Race/4")?],
            ethnicity: [id("Ethnicity/Not Hispanic")?, id("Ethnicity/Hispanic")?],
            visit: [visit("Visit/IP")?, visit("Visit/OP")?, visit("Visit/ER")?],
            from: places("ADMITTED_FROM", FROM)?,
            to: places("DISCHARGED_TO", TO)?,
        })
    }
}
