//! `[[model]]` and `[tune]`.

use super::super::candidates::grid_size;
use super::super::place::{Step::Item, Step::Key, Step::Name, locate};
use super::super::schema::{join, model as schema_of, properties};
use super::super::walk::check_value;
use super::super::{ColumnType, Model, OutcomeKind, TuningMeasure, TuningMethod};
use super::{Across, repeated};
use bedside_table::nearest;

impl Across<'_, '_> {
    pub(super) fn models(&mut self) {
        let models = &self.file.model;
        let names: Vec<&str> = models.iter().map(Model::name).collect();
        for (i, name) in repeated(&names) {
            let problem = format!("two models are called `{name}`");
            self.error(&[Key("model"), Item(i), Key("name")], problem, "give one of them another name");
        }
        let champions = models.iter().enumerate().filter(|(_, model)| model.is_champion());
        for (i, _) in champions.skip(1) {
            let path = [Key("model"), Item(i), Key("champion")];
            self.error(
                &path,
                "a second model is called champion",
                "keep one, or none to let cross-validation decide",
            );
        }
        for (i, model) in models.iter().enumerate() {
            if let Some(linear) = model.linear() {
                if linear.l1_ratios.is_empty() {
                    self.error(&[Key("model"), Item(i), Key("l1-ratio")], "the list of shares is empty", "");
                }
                for (j, column) in linear.unpenalised.iter().enumerate() {
                    self.predictor(i, &[Key("unpenalised"), Item(j)], column);
                }
                for key in ["choose", "penalties"] {
                    if linear.penalty.is_some() && self.is_given(&[Key("model"), Item(i), Key(key)]) {
                        let problem = format!("`{key}` has no effect when `penalty` is fixed");
                        self.error(&[Key("model"), Item(i), Key(key)], problem, "keep one of them");
                    }
                }
            }
            for column in model.trees().into_iter().flat_map(|trees| trees.monotone.keys()) {
                self.predictor(i, &[Key("monotone"), Name(column)], column);
                if self.file.columns.types.get(column) == Some(&ColumnType::Categorical) {
                    let path = [Key("model"), Item(i), Key("monotone"), Name(column)];
                    let problem = format!("column `{column}` is categorical, so its effect has no direction");
                    self.error(&path, problem, "take it out");
                }
            }
        }
    }

    fn predictor(&mut self, model: usize, at: &[super::Step<'_>], column: &str) {
        if !self.file.may_be_predictor(column) {
            let path = [&[Key("model"), Item(model)], at].concat();
            self.error(&path, format!("column `{column}` is not a predictor of this study"), "");
        }
    }

    pub(super) fn tuning(&mut self) {
        let tune = &self.file.tune;
        let split = &self.file.split;
        if tune.nested && split.folds < 3 && !split.leave_one_site_out {
            let problem =
                format!("`nested` tunes on all folds but one, and `split.folds` is {}", split.folds);
            self.error(
                &[Key("tune"), Key("nested")],
                problem,
                "set `folds` to at least 3, or take `nested` out",
            );
        }
        for (name, grid) in &tune.models {
            let path = [Key("tune"), Name(name)];
            let Some(model) = self.file.model.iter().find(|model| model.name() == name) else {
                let names: Vec<&str> = self.file.model.iter().map(Model::name).collect();
                let known: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let hint = nearest(name, names).map_or_else(
                    || format!("models: {}", join(&known, "and")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.error(&path, format!("[tune.{name}]: no model has this name"), &hint);
                continue;
            };
            for (setting, values) in grid {
                self.tuned_setting(model, setting, values);
            }
            let size = grid_size(grid);
            if tune.method == TuningMethod::Grid && size > u64::from(tune.budget) {
                let problem = format!("the grid has {size} settings, and `budget` allows {}", tune.budget);
                let hint = "name fewer values, raise `budget`, or use `method = \"random\"`";
                self.error(&path, problem, hint);
            }
        }
        let misfit = match (tune.measure, self.file.outcome.kind()) {
            (Some(TuningMeasure::Rmse), Some(OutcomeKind::Binary)) => Some("binary"),
            (
                Some(TuningMeasure::LogLoss | TuningMeasure::Brier | TuningMeasure::Auroc),
                Some(OutcomeKind::Continuous),
            ) => Some("continuous"),
            _ => None,
        };
        if let Some(kind) = misfit {
            let problem = format!("this measure does not exist for a {kind} outcome");
            self.error(&[Key("tune"), Key("measure")], problem, "take it out to use the usual one");
        }
    }

    /// The schema of the model's kind says which settings can be tuned, and which values they take.
    fn tuned_setting(&mut self, model: &Model, setting: &str, values: &[f64]) {
        let kind = serde_json::to_value(model).ok();
        let kind = kind.as_ref().and_then(|model| model["kind"].as_str()).unwrap_or_default();
        let Some(known) = schema_of(kind).and_then(properties) else { return };
        let path = [Key("tune"), Key(model.name()), Name(setting)];
        let Some(node) = known.get(setting).filter(|node| node["x-tunable"] == true) else {
            let tunable: Vec<&str> = known
                .iter()
                .filter(|(_, node)| node["x-tunable"] == true)
                .map(|(key, _)| key.as_str())
                .collect();
            let listed: Vec<String> = tunable.iter().map(|key| format!("`{key}`")).collect();
            let hint = nearest(setting, tunable).map_or_else(
                || format!("settings that can be tuned: {}", join(&listed, "and")),
                |near| format!("did you mean `{near}`?"),
            );
            return self.error(
                &path,
                format!("`{setting}` is no setting of kind \"{kind}\" that can be tuned"),
                &hint,
            );
        };
        if values.is_empty() {
            self.error(&path, format!("`{setting}`: the list of values is empty"), "");
        }
        for (i, value) in repeated(values) {
            let path = [Key("tune"), Key(model.name()), Key(setting), Item(i)];
            self.error(&path, format!("`{setting}`: {value} is named twice"), "take one of them out");
        }
        for i in 0..values.len() {
            let path = [Key("tune"), Key(model.name()), Key(setting), Item(i)];
            if let (_, Some(value)) = locate(self.root, &path) {
                self.errors.extend(check_value(self.text, node, &super::path_text(&path), value));
            }
        }
    }
}
