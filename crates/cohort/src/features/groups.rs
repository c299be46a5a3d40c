//! Which groups a code belongs to.

use std::sync::Arc;

use super::{AtcLevel, CodeChoice, Comorbidity, RollUp};

mod ancestry;
mod chapter;
mod vocabulary;

pub use ancestry::Ancestry;
pub(super) use vocabulary::{Diagnosis, Revision};

/// What makes codes a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rule {
    RolledUp(RollUp),
    /// One group for each condition.
    Conditions(Comorbidity),
    /// One group of all conditions.
    Score(Comorbidity),
    /// The code of births.
    Birth(Arc<str>),
    /// No code at all: what the index time itself says.
    IndexTime,
}

/// What the features of the index time itself stand under.
pub(super) const INDEX_TIME: &str = "index time";

impl Rule {
    /// Its name, as bundles know it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::RolledUp(roll_up) => roll_up.name(),
            Self::Conditions(index) => index.name(),
            Self::Score(Comorbidity::Charlson) => "charlson-score",
            Self::Score(Comorbidity::Elixhauser) => "elixhauser-score",
            Self::Birth(_) => "birth",
            Self::IndexTime => INDEX_TIME,
        }
    }

    /// What makes its groups, where codes must have a certain form to belong to any.
    pub(super) fn needs(&self) -> Option<&'static str> {
        match self {
            Self::RolledUp(RollUp::Atc(_)) => Some("codes of ATC"),
            Self::RolledUp(RollUp::IcdChapter | RollUp::IcdCategory) | Self::Conditions(_) => {
                Some("diagnoses in ICD-9-CM or ICD-10")
            }
            Self::RolledUp(RollUp::Ancestors { .. }) => Some("codes with ancestors in a vocabulary"),
            // A score has the codes of its conditions.
            Self::Score(_) | Self::Birth(_) | Self::IndexTime => None,
        }
    }

    /// Whether a group is made however rare it is.
    pub(super) fn is_always_there(&self) -> bool {
        matches!(self, Self::Birth(_) | Self::IndexTime)
    }
}

/// A rule, and the codes that it is for.
#[derive(Debug, Clone)]
pub(super) struct Grouping {
    pub(super) rule: Rule,
    pub(super) codes: CodeChoice,
}

/// The groups of all requests of a recipe.
#[derive(Debug, Clone, Default)]
pub(super) struct Groupings {
    pub(super) list: Vec<Grouping>,
    /// What lies above what, as far as the requests ask for it.
    pub(super) ancestry: Ancestry,
}

impl Groupings {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The groups of a code, each once: which grouping, and the group's name.
    pub(super) fn of(&self, code: &str) -> Vec<(usize, Arc<str>)> {
        let mut found = Vec::new();
        for (place, grouping) in self.list.iter().enumerate().filter(|(_, one)| one.codes.takes(code)) {
            let mut add = |name: &str| found.push((place, Arc::from(name)));
            match &grouping.rule {
                Rule::RolledUp(RollUp::Ancestors { .. }) => {
                    self.ancestry.above(code).for_each(|above| add(&below(above)));
                }
                Rule::RolledUp(RollUp::Atc(level)) => {
                    if let Some(class) = class(code, *level) {
                        add(&class);
                    }
                }
                Rule::RolledUp(RollUp::IcdChapter) => {
                    let chapter = Diagnosis::of(code).and_then(|diagnosis| chapter::chapter(&diagnosis));
                    chapter.iter().for_each(|chapter| add(chapter));
                }
                Rule::RolledUp(RollUp::IcdCategory) => {
                    if let Some(diagnosis) = Diagnosis::of(code) {
                        let revision = if diagnosis.revision == Revision::Nine { "ICD-9" } else { "ICD-10" };
                        add(&format!("{revision} {}", diagnosis.category()));
                    }
                }
                Rule::Conditions(index) => {
                    let names: Vec<&str> = index.conditions().collect();
                    for condition in index.told_by(code).each() {
                        add(&format!("{}: {}", index.words(), names[condition]));
                    }
                }
                Rule::Score(index) => {
                    if index.told_by(code).each().next().is_some() {
                        add(&format!("{} comorbidity index", index.words()));
                    }
                }
                Rule::Birth(birth) => {
                    if **birth == *code {
                        add("age");
                    }
                }
                Rule::IndexTime => {}
            }
        }
        found
    }
}

/// The group of a code and all that lies below it.
fn below(code: &str) -> String {
    format!("{code} and below")
}

fn class(code: &str, level: AtcLevel) -> Option<String> {
    let code = vocabulary::atc(code)?;
    code.get(..level.characters()).map(|class| format!("ATC {class}"))
}

/// What the code that a group is named after may be called in a vocabulary.
pub(super) fn named_after(group: &str) -> Vec<String> {
    if let Some(code) = group.strip_suffix(" and below") {
        return vec![code.to_owned()];
    }
    let spelled =
        |code: &str, before: &[&str]| before.iter().map(|before| format!("{before}{code}")).collect();
    if let Some(class) = group.strip_prefix("ATC ") {
        return spelled(class, &["ATC/", "ATC//"]);
    }
    if let Some(category) = group.strip_prefix("ICD-10 ") {
        return spelled(category, &["ICD10CM/", "ICD10/", "ICD10GM/", "DIAGNOSIS//ICD//10//"]);
    }
    group
        .strip_prefix("ICD-9 ")
        .map_or_else(Vec::new, |code| spelled(code, &["ICD9CM/", "DIAGNOSIS//ICD//9//"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rule: Rule, code: &str) -> Vec<String> {
        let grouping = Grouping { rule, codes: CodeChoice::default() };
        let groupings = Groupings { list: vec![grouping], ancestry: Ancestry::default() };
        groupings.of(code).into_iter().map(|(_, name)| name.to_string()).collect()
    }

    #[test]
    fn classes_are_prefixes() {
        let levels = [AtcLevel::One, AtcLevel::Two, AtcLevel::Three, AtcLevel::Four, AtcLevel::Five];
        let found = levels.map(|level| of(Rule::RolledUp(RollUp::Atc(level)), "ATC/C09AA05").concat());
        assert_eq!(found, ["ATC C", "ATC C09", "ATC C09A", "ATC C09AA", "ATC C09AA05"]);
        assert!(
            of(Rule::RolledUp(RollUp::Atc(AtcLevel::Four)), "ATC/C09").is_empty(),
            "a class above the level"
        );
    }

    #[test]
    fn one_code_can_be_in_two_groups_and_in_each_but_once() {
        let conditions = of(Rule::Conditions(Comorbidity::Charlson), "ICD9CM/404.03");
        assert_eq!(conditions, ["Charlson: congestive heart failure", "Charlson: renal disease"]);
        assert_eq!(of(Rule::Score(Comorbidity::Charlson), "ICD9CM/404.03"), ["Charlson comorbidity index"]);
        assert_eq!(of(Rule::RolledUp(RollUp::IcdCategory), "ICD9CM/404.03"), ["ICD-9 404"]);
    }

    #[test]
    fn words_are_looked_for_under_the_code_itself() {
        assert_eq!(named_after("SNOMED/1 and below"), ["SNOMED/1"]);
        assert!(named_after("ATC C09").contains(&"ATC/C09".to_owned()));
        assert!(named_after("ICD-9 401").contains(&"DIAGNOSIS//ICD//9//401".to_owned()));
        assert!(named_after("Charlson: dementia").is_empty());
    }
}
