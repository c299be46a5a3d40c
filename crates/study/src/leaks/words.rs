//! Names that speak of what is known only after the fact.

/// Words, with what they speak of. A name is cut into words at marks, digits and capitals; short words stand inside too many
/// others (`closed`, `survey`) to be looked for in parts of them.
const LATER: &[(&str, &[&str])] = &[
    (
        "billing",
        &["charge", "charges", "cost", "costs", "cst", "drg", "drgs", "bill", "bills", "billed", "billing"],
    ),
    ("length of stay", &["los", "lengthofstay", "length of stay"]),
    ("the discharge", &["discharge", "discharged", "discharges"]),
    ("death", &["dead", "death", "deaths", "died", "deceased", "mortality", "expire", "expired", "autopsy"]),
    ("a decision to limit treatment", &["dnr", "dnar"]),
    ("the end of care", &["hospice"]),
    (
        "survival or another model's prediction of it",
        &["surv", "survival", "survive", "survived", "survives", "survivor", "survtime"],
    ),
    ("follow-up", &["futime", "followup", "follow up"]),
    ("a later admission", &["readmission", "readmissions", "readmit", "readmitted", "readmits"]),
    ("an outcome", &["outcome", "outcomes"]),
];

/// What stands before such a word, or after it, without a mark between: `totcst`, `slos`, `hospdead`, `dnrday`.
const BEFORE: &[&str] =
    &["tot", "totm", "total", "s", "hosp", "hospital", "icu", "is", "has", "in", "inhosp", "time"];
const AFTER: &[&str] =
    &["day", "days", "date", "dt", "time", "flag", "cat", "type", "code", "status", "id", "m", "y"];

/// What a name speaks of, if that is known only later.
pub(super) fn later(name: &str) -> Option<&'static str> {
    let words = words(name);
    let is_one = |wanted: &str| {
        let several: Vec<&str> = wanted.split(' ').collect();
        if several.len() > 1 {
            return words.windows(several.len()).any(|own| own == several);
        }
        words.iter().any(|word| is_word(word, wanted))
    };
    LATER.iter().find(|(_, wanted)| wanted.iter().any(|wanted| is_one(wanted))).map(|&(what, _)| what)
}

/// The word itself, or with what is usually stuck to it.
fn is_word(word: &str, wanted: &str) -> bool {
    let Some(place) = word.find(wanted) else { return false };
    let (before, after) = (&word[..place], &word[place + wanted.len()..]);
    (before.is_empty() || BEFORE.contains(&before)) && (after.is_empty() || AFTER.contains(&after))
}

/// The words of a name in lower case: `SurveyYr` is `survey yr`, `surv2m` is `surv m`, `totalCost_USD` is `total cost usd`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last: Option<char> = None;
    for c in name.chars() {
        let joins = c.is_alphabetic()
            && last.is_some_and(|l| l.is_alphabetic() && !(l.is_lowercase() && c.is_uppercase()));
        if c.is_alphabetic() {
            if !joins {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        last = Some(c);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_later_things_are_noticed_and_ordinary_names_are_not() {
        for name in [
            "totcst",
            "totmcst",
            "Total_Charges",
            "charges",
            "slos",
            "LOS",
            "icu_los_days",
            "dnr",
            "dnrday",
            "discharge_disposition_id",
            "dischargeTime",
            "hosp.dead",
            "hospdead",
            "deathdate",
            "expire_flag",
            "surv2m",
            "DaysToDeath",
            "time_to_readmission",
            "length_of_stay",
            "Follow-up days",
        ] {
            assert!(later(name).is_some(), "{name}");
        }
        for name in [
            "closed",
            "glucose",
            "age",
            "Age",
            "crea",
            "number_inpatient",
            "loss_of_weight",
            "cholesterol",
            "SurveyYr",
            "survey_year",
            "surveillance",
            "costal_margin",
            "deadlift",
            "billirubin",
            "surgery",
            "immortal_cells",
            "losartan",
            "HbA1c",
            "stool_loss",
            "accost",
        ] {
            assert_eq!(later(name), None, "{name}");
        }
    }
}
