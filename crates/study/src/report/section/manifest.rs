//! The manifest: what is needed to repeat the run.

use super::super::data::ReportData;
use super::super::markup::{Text, put};

/// Versions, seed, hashes and the study file itself.
pub(super) fn manifest(data: &ReportData) -> String {
    let facts = &data.manifest;
    let mut out = String::from(
        "<p>The same study file, data and seed give the same numbers, bit for bit, on any number of threads.</p><dl class=\"manifest\">",
    );
    let mut line = |term: &str, fact: &str| {
        put!(out, "<div><dt>{}</dt><dd><code>{}</code></dd></div>", Text(term), Text(fact));
    };
    line("bedside", &facts.version);
    line("Seed", &facts.seed.to_string());
    line("Bundle", facts.bundle_id.as_deref().unwrap_or("not sealed yet"));
    line("Study file, SHA-256", &facts.study_sha256);
    for (name, hash) in &facts.data_sha256 {
        line(&format!("{name}, SHA-256"), hash);
    }
    line("Report format", &data.format.to_string());
    out.push_str("</dl>");
    if !facts.study_toml.is_empty() {
        put!(
            out,
            "<details open><summary>The study file</summary><pre tabindex=\"0\">{}</pre></details>",
            Text(&facts.study_toml)
        );
    }
    out
}
