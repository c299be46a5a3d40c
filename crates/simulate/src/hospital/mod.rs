//! A hospital of events: patients, their visits and what was done in them, with the true risk to die in each stay.

mod concept;
mod events;
mod fhir;
mod life;
mod measure;
mod moment;
mod omop;
mod patient;
mod place;
mod stay;
mod terms;
mod vocabulary;
mod ward;

use bedside_chart::{Codes, Events, SubjectNumber};
use bedside_table::Seed;
use rayon::prelude::*;

use crate::SimulateError;
use life::{Groups, Life};
use vocabulary::Vocabulary;

pub use patient::Patient;
pub use stay::Stay;

/// The most patients a hospital has.
const MOST: u64 = 100_000_000;
/// Patients counted at a time.
const COUNTED: u64 = 4_096;

/// A hospital whose patients are drawn one by one, each a function of the seed and its number alone: so it has any size, in
/// any order, on any number of threads, and two sizes of it have the same first patients.
///
/// Over ten years a patient comes to the outpatient clinic (of which only the day is known), the emergency room, or stays
/// in the hospital. There are birth, sex, race and ethnicity, where stays begin and end, conditions (SNOMED; a few have only a code of
/// ICD-10-CM), drugs that are given (RxNorm), procedures (SNOMED; of half of them only the day is known), measurements
/// (LOINC) with units and plausible values, and death in a stay or between visits (of which only the day is known).
/// Conditions, drugs, procedures and rare measurements are drawn after Zipf's law from vocabularies whose first codes are real
/// and whose other ones are made up. All times are on one clock, UTC. No visit overlaps another; nothing happens after death.
///
/// *The truth*: a stay ends in death with the chance [`Stay::risk`], the logistic function of a latent severity, age and chronic
/// conditions. Measurements follow the same severity, so that a model can come close to it; none can beat it. Nothing that is
/// recorded follows from the death but the death itself and the place a stay ends in.
///
/// *Three forms*: [`Hospital::events`] gives events under the names that imports of OMOP and of FHIR give them;
/// [`Hospital::write`] writes tables of OMOP 5.4 and resources of FHIR R4. After their import the three have the same
/// events, but for what the other form has no place for. (Orders of drugs are not simulated: from FHIR they are `…//ORDERED`, from
/// OMOP they cannot be told from what was given. Subjects have numbers as events and in OMOP; in FHIR the number is
/// the text from which the import makes another one.)
///
/// | group | events | from OMOP | from FHIR |
/// |---|---|---|---|
/// | birth, death, sex, race, ethnicity | yes | the same | the same |
/// | visits and their ends (`Visit/IP`, `Visit/IP//END`) | yes | the same | the same |
/// | `ADMITTED_FROM//…`, `DISCHARGED_TO//…` | yes | the same | the same, and `DISCHARGED_TO//exp` of those who died |
/// | conditions, drugs and their ends, procedures, measurements | yes | the same | the same |
/// | the code of the bill (ICD-10-CM) beside a standard one | no | as `source_code`, which features do not read | no |
/// | `OBSERVATION_PERIOD//…` | no | only here | no |
/// | the type of a visit (`SNOMED/32485007`) | no | no | only here |
///
/// ```
/// use bedside_simulate::Hospital;
/// let hospital = Hospital::new(7)?;
/// let patient = hospital.patient(1);
/// let mut events = hospital.events(&patient);
/// let timeline = events.timeline();
/// assert_eq!(timeline.untimed().count(), 3);
/// assert_eq!(&*hospital.codes().names()[timeline.code(0).index()], "MEDS_BIRTH");
/// # Ok::<(), bedside_simulate::SimulateError>(())
/// ```
#[derive(Debug)]
pub struct Hospital {
    seed: Seed,
    vocabulary: Vocabulary,
    groups: Groups,
}

/// A form in which hospitals hand over their records, one file for each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Tables of the OMOP Common Data Model 5.4, as CSV.
    Omop,
    /// Resources of FHIR R4, as a bulk export: a resource a line.
    Fhir,
}

impl Form {
    /// The names of the files that grow with every patient.
    #[must_use]
    pub fn files(self) -> Vec<&'static str> {
        match self {
            Self::Omop => omop::TABLES.iter().map(|(name, _)| *name).collect(),
            Self::Fhir => fhir::FILES.to_vec(),
        }
    }

    /// What each of them begins with.
    #[must_use]
    pub fn heads(self) -> Vec<&'static str> {
        match self {
            Self::Omop => omop::TABLES.iter().map(|(_, head)| *head).collect(),
            Self::Fhir => vec![""; fhir::FILES.len()],
        }
    }
}

/// What a code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The code, as events have it.
    pub code: String,
    /// In words.
    pub words: String,
    /// The codes one level above it.
    pub parents: Vec<String>,
}

impl Hospital {
    /// The hospital of a seed.
    ///
    /// # Errors
    /// None in practice: [`SimulateError::Chart`] would mean that the vocabulary is wrong.
    pub fn new(seed: u64) -> Result<Self, SimulateError> {
        let seed = Seed::new(seed).derive("hospital", 0);
        Ok(Self { seed, vocabulary: Vocabulary::new()?, groups: Groups::new() })
    }

    /// A patient, numbered from 1.
    #[must_use]
    pub fn patient(&self, number: u64) -> Patient {
        Life::of(&self.vocabulary, &self.groups, self.seed, number)
    }

    /// The codes of all events.
    #[must_use]
    pub fn codes(&self) -> &Codes {
        &self.vocabulary.codes
    }

    /// The events of a patient: codes are those of [`Hospital::codes`]; what is known to the day is known at its last second,
    /// but for visits and births, which begin with it.
    #[must_use]
    pub fn events(&self, patient: &Patient) -> Events {
        let mut events = Events::new(SubjectNumber::new(0));
        events::gather(&self.vocabulary, patient, &mut events);
        events
    }

    /// What the codes of concepts mean. A code with a unit means what it does without.
    #[must_use]
    pub fn meanings(&self) -> Vec<Meaning> {
        let described = self.vocabulary.concepts.described();
        described.map(|(code, words, parents)| Meaning { code, words: words.to_owned(), parents }).collect()
    }

    /// Adds what a form has of a patient to its files, of which there are as many as [`Form::files`] says.
    pub fn write(&self, form: Form, patient: &Patient, files: &mut [Vec<u8>]) {
        match form {
            Form::Omop => omop::write(&self.vocabulary, patient, files),
            Form::Fhir => fhir::write(&self.vocabulary, patient, files),
        }
    }

    /// Files of a form that do not grow with the patients, whole: the vocabulary of OMOP.
    #[must_use]
    pub fn vocabulary(&self, form: Form) -> Vec<(&'static str, String)> {
        match form {
            Form::Omop => {
                let (concepts, ancestors) = self.vocabulary.concepts.tables();
                vec![("concept.csv", concepts), ("concept_ancestor.csv", ancestors)]
            }
            Form::Fhir => Vec::new(),
        }
    }

    /// How many patients, counted from the first, have so many events together.
    ///
    /// # Errors
    /// [`SimulateError::Setting`] when it is 0, or more than the most patients have.
    pub fn subjects_with(&self, events: u64) -> Result<u64, SimulateError> {
        let wrong = || SimulateError::Setting {
            setting: "events",
            must_be: "at least 1, and no more than 100,000,000 patients have",
            found: events.to_string(),
        };
        let mut before = 0;
        for first in (1..=MOST).step_by(COUNTED as usize).take_while(|_| events > 0) {
            let counts: Vec<u64> = (first..first + COUNTED)
                .into_par_iter()
                .map(|number| events::count(&self.patient(number)))
                .collect();
            for (number, count) in (first..).zip(counts) {
                before += count;
                if before >= events {
                    return Ok(number);
                }
            }
        }
        Err(wrong())
    }
}
