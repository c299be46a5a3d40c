//! The sections of the page, in the order in which a reader needs them.

mod checklist;
mod comparison;
mod explanations;
mod findings;
mod fitting;
mod headline;
mod manifest;
mod measures;
mod model_card;
mod participants;
mod performance;
mod subgroups;
mod table_one;

use super::data::ReportData;
pub(super) use measures::measures;

/// One section: where links lead, its heading, and its content (markup).
#[derive(Debug)]
pub(super) struct Section {
    /// Anchor.
    pub(super) id: &'static str,
    /// Heading, plain text.
    pub(super) heading: &'static str,
    /// Content.
    pub(super) body: String,
}

/// The head of the page, above all sections.
pub(super) fn headline(data: &ReportData) -> String {
    headline::headline(data)
}

/// All sections that have something to say, in order.
pub(super) fn sections(data: &ReportData) -> Vec<Section> {
    [
        ("findings", "What a reader must know first", findings::findings(data)),
        ("participants", "Participants", participants::participants(data)),
        ("data", "Data", table_one::table_one(data)),
        ("performance", "Performance", performance::performance(data)),
        ("comparison", "Comparison of models", comparison::comparison(data)),
        ("subgroups", "Subgroups", subgroups::subgroups(data)),
        ("explanations", "What the models use", explanations::explanations(data)),
        ("fitting", "Tuning and certificates", fitting::fitting(data)),
        ("tripod", "TRIPOD+AI checklist", checklist::checklist(data)),
        ("card", "Model card", model_card::model_card(data)),
        ("manifest", "Manifest", manifest::manifest(data)),
    ]
    .into_iter()
    .filter(|(_, _, body)| !body.is_empty())
    .map(|(id, heading, body)| Section { id, heading, body })
    .collect()
}
