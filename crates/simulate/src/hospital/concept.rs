//! The concepts of the hospital's vocabularies, as OMOP lists them.

use std::collections::BTreeMap;

use super::place::{ETHNICITY, FROM, RACE, SEX, TO, VISITS};
use super::terms::{CHAPTERS, DISEASE};

/// From here on a site may number concepts of its own.
const OWN: i64 = 2_000_000_000;

/// What a concept is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Condition,
    /// A condition as a bill has it.
    Bill,
    Drug,
    Procedure,
    Measurement,
    Unit,
    Person,
    Visit,
    Place,
}

impl Kind {
    /// In a word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Condition | Self::Bill => "condition",
            Self::Drug => "drug",
            Self::Procedure => "procedure",
            Self::Measurement => "measurement",
            Self::Unit => "unit",
            Self::Person => "group of people",
            Self::Visit => "visit",
            Self::Place => "place",
        }
    }

    /// OMOP's domain, vocabulary (unless it depends on the concept) and class.
    fn in_omop(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Condition => ("Condition", "SNOMED", "Disorder"),
            Self::Bill => ("Condition", "ICD10CM", "5-char billing code"),
            Self::Drug => ("Drug", "RxNorm", "Ingredient"),
            Self::Procedure => ("Procedure", "SNOMED", "Procedure"),
            Self::Measurement => ("Measurement", "LOINC", "Lab Test"),
            Self::Unit => ("Unit", "UCUM", "Unit"),
            Self::Person => ("Person", "", "Person"),
            Self::Visit => ("Visit", "Visit", "Visit"),
            Self::Place => ("Visit", "CMS Place of Service", "Visit"),
        }
    }
}

#[derive(Debug)]
pub(super) struct Concept {
    pub(super) id: i64,
    pub(super) vocabulary: &'static str,
    pub(super) code: String,
    /// Without commas and quotes.
    pub(super) name: String,
    kind: Kind,
}

/// Units that are known by a number everywhere.
const UNITS: &[(&str, i64, &str)] = &[
    ("/min", 8541, "per minute"),
    ("mm[Hg]", 8876, "millimeter mercury column"),
    ("%", 8554, "percent"),
    ("kg", 9529, "kilogram"),
    ("cm", 8582, "centimeter"),
    ("mmol/L", 8753, "millimole per liter"),
    ("mg/dL", 8840, "milligram per deciliter"),
    ("g/dL", 8713, "gram per deciliter"),
    ("10*3/uL", 8848, "thousand per microliter"),
    ("U/L", 8645, "unit per liter"),
    ("mg/L", 8751, "milligram per liter"),
    ("ng/mL", 8842, "nanogram per milliliter"),
    ("ug/L", 8748, "microgram per liter"),
    ("Cel", 586_323, "degree Celsius"),
];

#[derive(Debug)]
pub(super) struct Concepts {
    list: Vec<Concept>,
    /// Below, above, levels between.
    above: Vec<(i64, i64, u32)>,
    chapters: BTreeMap<&'static str, usize>,
    disease: usize,
}

impl Concepts {
    pub(super) fn new() -> Self {
        let mut concepts =
            Self { list: Vec::new(), above: Vec::new(), chapters: BTreeMap::new(), disease: 0 };
        for (id, vocabulary, code, name, ..) in SEX.iter().chain(&RACE).chain(&ETHNICITY) {
            concepts.push(*id, vocabulary, code, name, Kind::Person);
        }
        for visit in &VISITS {
            concepts.push(visit.concept, "Visit", visit.code, visit.name, Kind::Visit);
        }
        for place in FROM.iter().chain(TO) {
            concepts.push(place.concept, "CMS Place of Service", place.service, place.name, Kind::Place);
        }
        for (code, id, name) in UNITS {
            concepts.push(*id, "UCUM", code, name, Kind::Unit);
        }
        concepts.disease = concepts.add(Kind::Condition, DISEASE.0, DISEASE.1);
        for (_, code, name) in CHAPTERS {
            let chapter = concepts.add(Kind::Condition, code, name);
            concepts.chapters.insert(code, chapter);
            concepts.put_below(chapter, concepts.disease, 1);
        }
        concepts
    }

    fn push(&mut self, id: i64, vocabulary: &'static str, code: &str, name: &str, kind: Kind) -> usize {
        let (code, name) = (code.to_owned(), name.to_owned());
        self.list.push(Concept { id, vocabulary, code, name, kind });
        self.list.len() - 1
    }

    /// Adds a concept of the site's own numbering, and tells its place.
    pub(super) fn add(&mut self, kind: Kind, code: &str, name: &str) -> usize {
        self.push(OWN + self.list.len() as i64, kind.in_omop().1, code, name, kind)
    }

    /// The place of a unit.
    pub(super) fn unit(&mut self, code: &str) -> usize {
        let known = self.list.iter().position(|concept| concept.kind == Kind::Unit && concept.code == code);
        known.unwrap_or_else(|| self.add(Kind::Unit, code, code))
    }

    fn put_below(&mut self, below: usize, above: usize, levels: u32) {
        self.above.push((self.list[below].id, self.list[above].id, levels));
    }

    /// Puts a condition below the chapter that its code of the bill tells, and below all disease.
    pub(super) fn put_below_chapter(&mut self, condition: usize, icd: &str) {
        let chapter = CHAPTERS.iter().find(|(letters, ..)| icd.starts_with(|first| letters.contains(first)));
        let chapter = chapter.and_then(|(_, code, _)| self.chapters.get(code).copied());
        if let Some(chapter) = chapter {
            self.put_below(condition, chapter, 1);
        }
        self.put_below(condition, self.disease, 1 + u32::from(chapter.is_some()));
    }

    pub(super) fn at(&self, place: usize) -> &Concept {
        &self.list[place]
    }

    /// `vocabulary/code`
    pub(super) fn name(&self, place: usize) -> String {
        let Concept { vocabulary, code, .. } = &self.list[place];
        format!("{vocabulary}/{code}")
    }

    /// What concepts are called, and what lies one level above, by `vocabulary/code`.
    pub(super) fn described(&self) -> impl Iterator<Item = (String, &str, Vec<String>)> {
        self.list.iter().enumerate().map(|(place, concept)| {
            let above = self.above.iter().filter(|(below, _, levels)| *below == concept.id && *levels == 1);
            let named = |id: i64| self.list.iter().position(|other| other.id == id);
            let parents = above.filter_map(|(_, above, _)| named(*above)).map(|place| self.name(place));
            (self.name(place), concept.name.as_str(), parents.collect())
        })
    }

    /// The tables `concept` and `concept_ancestor`, each with its header.
    pub(super) fn tables(&self) -> (String, String) {
        let mut concepts = String::from(
            "concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,standard_concept,concept_code,\
             valid_start_date,valid_end_date,invalid_reason\n",
        );
        let mut above = String::from(
            "ancestor_concept_id,descendant_concept_id,min_levels_of_separation,max_levels_of_separation\n",
        );
        for Concept { id, vocabulary, code, name, kind } in &self.list {
            let (domain, _, class) = kind.in_omop();
            let domain = if *kind == Kind::Person { vocabulary } else { domain };
            let standard = if *kind == Kind::Bill { "" } else { "S" };
            concepts += &format!(
                "{id},{name},{domain},{vocabulary},{class},{standard},{code},1970-01-01,2099-12-31,\n"
            );
            if *kind != Kind::Bill {
                above += &format!("{id},{id},0,0\n");
            }
        }
        for (below, ancestor, levels) in &self.above {
            above += &format!("{ancestor},{below},{levels},{levels}\n");
        }
        (concepts, above)
    }
}
