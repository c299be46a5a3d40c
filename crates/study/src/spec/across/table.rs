//! `[data]`, `[columns]`, `[[exclude]]`, `[outcome]` and `[split]`.

use super::super::place::Step::{Item, Key, Name};
use super::super::requests::check_requests;
use super::super::{
    Cell, ColumnType, Condition, EventSets, Header, OneOrMany, OutcomeKind, RecordKind, SplitBy, Value,
};
use super::{Across, repeated};

const EVENTS: &str = "name the data set: `events = \"data\"`";

impl Across<'_, '_> {
    /// Events, task and features go together.
    pub(super) fn events(&mut self) {
        let file = self.file;
        self.import();
        self.code_names();
        if file.data.events.is_none() {
            if file.task.is_some() {
                self.error(&[Key("task")], "[task] is for events, and [data] names none", EVENTS);
            }
            for (key, given) in [
                ("feature", !file.feature.is_empty()),
                ("comorbidity", !file.comorbidity.is_empty()),
                ("clock", !file.clock.is_empty()),
            ] {
                if given {
                    let problem = format!("[[{key}]] is for events, and [data] names none");
                    self.error(&[Key(key)], problem, EVENTS);
                }
            }
            return;
        }
        if file.data.path.is_some() || file.data.simulate.is_some() {
            let problem = "`events` is given next to `path` or `simulate`";
            self.error(&[Key("data"), Key("events")], problem, "keep one of them: records or a table");
        }
        if let Some(task) = &file.task
            && task.file.is_some() == task.labels.is_some()
        {
            let problem =
                "[task] needs a `file` that says who counts, from when, or a table of `labels`, and not both";
            self.error(&[Key("task")], problem, "write, for example: `file = \"mortality.yaml\"`");
        }
        if file.task.as_ref().is_some_and(|task| task.predicates.is_some() && task.file.is_none()) {
            let problem = "`predicates` are laid over those of a task `file`, and there is none";
            self.error(&[Key("task"), Key("predicates")], problem, "take them out");
        }
        let several = file.data.events.as_ref().is_some_and(|sets| matches!(sets, EventSets::Named(_)));
        if several != file.data.file_column.is_some() {
            let problem =
                "`events` with names and `file-column` go together: it is the column that shows the name";
            self.error(&[Key("data"), Key("events")], problem, "add: `file-column = \"site\"`");
        }
        if several && file.task.as_ref().is_some_and(|task| task.labels.is_some()) {
            let problem = "one table of `labels` cannot say which data set its subjects are from";
            let hint = "leave [task] out: each data set's own `labels.parquet` is taken";
            self.error(&[Key("task"), Key("labels")], problem, hint);
        }
        if file.feature.is_empty() && file.comorbidity.is_empty() && file.clock.is_empty() {
            let hint = "add: `[[feature]]` `windows = \"24h\"` `aggregations = \"value/last\"`";
            self.error(&[Key("data"), Key("events")], "events need at least one [[feature]]", hint);
        }
        for (key, given) in [
            ("types", !file.columns.types.is_empty()),
            ("units", !file.columns.units.is_empty()),
            ("ranges", !file.columns.ranges.is_empty()),
            ("only", !file.columns.only.is_empty()),
        ] {
            if given {
                let problem = format!(
                    "`{key}` is for the columns of a table; the predictors of this study are features"
                );
                self.error(&[Key("columns"), Key(key)], problem, "choose codes and windows in [[feature]]");
            }
        }
        let requests = check_requests(self.text, self.root, &file.requests());
        self.errors.extend(requests);
    }

    fn code_names(&mut self) {
        if self.file.data.code_names.is_some() && self.file.data.events.is_none() {
            let place = [Key("data"), Key("code-names")];
            self.error(&place, "`code-names` is for codes of events, and [data] names none", EVENTS);
        }
    }

    fn import(&mut self) {
        let Some(import) = &self.file.data.import else { return };
        let place = [Key("data"), Key("import")];
        if self.file.data.events.is_none() {
            self.error(&place, "`import` is for records, and [data] names none", EVENTS);
        }
        let long = import.kind == RecordKind::Long;
        if long && import.mapping.is_none() {
            let hint = "add: `mapping = \"tables.toml\"`";
            self.error(&place, "`long` tables need a `mapping` that says what they mean", hint);
        }
        if import.source_codes && import.kind != RecordKind::Omop {
            let problem = "`source-codes` are for `omop` only: other records have one code for an event";
            self.error(&place, problem, "take it away");
        }
        if !long && import.mapping.is_some() {
            self.error(
                &place,
                "`mapping` is for `long` tables only",
                "take it away, or say `kind = \"long\"`",
            );
        }
    }

    pub(super) fn data(&mut self) {
        let data = &self.file.data;
        if data.events.is_some() {
            return;
        }
        match (&data.simulate, data.dataset.is_some() || data.path.is_some()) {
            (Some(_), true) => self.error(
                &[Key("data"), Key("simulate")],
                "`simulate` is given next to `path` or `dataset`",
                "keep one of them: the table is either simulated or read",
            ),
            (None, false) => self.error(
                &[Key("data")],
                "[data] does not say where the table is",
                "add `path = \"table.csv\"`, `dataset = \"diabetes130\"`, `simulate = { kind = \"readmission\" }` or \
                 `events = \"data\"`",
            ),
            (Some(_), false) if data.file_column.is_some() => self.error(
                &[Key("data"), Key("file-column")],
                "a simulated table comes from no file, so `file-column` says nothing",
                "take it out",
            ),
            _ => {}
        }
        if data.delimiter.is_some_and(|c| !c.is_ascii() || ['"', '\n', '\r'].contains(&c)) {
            let problem = "`delimiter`: expected an ASCII character other than a quote or a line end";
            self.error(&[Key("data"), Key("delimiter")], problem, "use `,`, `;`, `|` or `\\t`");
        }
        if let Header::Names(names) = &data.header {
            for (i, name) in repeated(names) {
                let problem = format!("column `{name}` is named twice");
                self.error(&[Key("data"), Key("header"), Item(i)], problem, "give one of them another name");
            }
        }
        if data.file_column.is_some() {
            let labels: Vec<String> = data.files().into_iter().map(|file| file.label).collect();
            if let Some((_, label)) = repeated(&labels).first() {
                let problem = format!("two files would both be called `{label}` in the file column");
                let hint = "name the files: `path = { first = \"a/table.csv\", second = \"b/table.csv\" }`";
                self.error(&[Key("data"), Key("path")], problem, hint);
            }
        }
    }

    pub(super) fn columns(&mut self) {
        let (columns, outcome) = (&self.file.columns, &self.file.outcome.column);
        let roles = [
            ("patient", &columns.patient),
            ("row-id", &columns.row_id),
            ("site", &columns.site),
            ("time", &columns.time),
        ];
        for (i, (role, column)) in roles.iter().enumerate() {
            let Some(column) = column else { continue };
            let path = [Key("columns"), Key(role)];
            if let Some((other, _)) = roles[..i].iter().find(|(_, other)| other.as_ref() == Some(column)) {
                let problem = format!("column `{column}` is both `{other}` and `{role}`");
                self.error(&path, problem, "give each of them a column of its own");
            }
            if column == outcome {
                self.error(&path, format!("column `{column}` is both `{role}` and the outcome"), "");
            }
        }
        for (column, _) in columns.drop.iter() {
            let path = [Key("columns"), Key("drop"), Name(column)];
            if column == outcome {
                self.error(&path, format!("the outcome `{column}` is dropped"), "take it out of `drop`");
            }
            if columns.only.iter().any(|only| only == column) {
                let problem = format!("column `{column}` is in `drop` and in `only`");
                self.error(&path, problem, "keep one of them");
            }
            if columns.allow.contains(column) {
                let problem = format!("column `{column}` is in `drop` and in `allow`");
                self.error(&path, problem, "keep one of them");
            }
        }
        for (i, column) in columns.only.iter().enumerate() {
            if !columns.drop.contains(column) && !self.file.may_be_predictor(column) {
                let problem = format!("column `{column}` has another role and cannot be a predictor");
                self.error(&[Key("columns"), Key("only"), Item(i)], problem, "take it out of `only`");
            }
        }
        for (column, range) in &columns.ranges {
            if range.low >= range.high {
                let problem = format!("range of `{column}`: {} is not below {}", range.low, range.high);
                self.error(&[Key("columns"), Key("ranges"), Key(column)], problem, "write `[low, high]`");
            }
        }
        let measured = columns.units.keys().map(|column| ("units", column));
        for (table, column) in measured.chain(columns.ranges.keys().map(|column| ("ranges", column))) {
            if columns.types.get(column) == Some(&ColumnType::Categorical) {
                let problem = format!("column `{column}` is categorical, so it has no {table}");
                self.error(&[Key("columns"), Key(table), Name(column)], problem, "");
            }
        }
    }

    pub(super) fn rows_and_outcome(&mut self) {
        for (i, exclusion) in self.file.exclude.as_slice().iter().enumerate() {
            let path = [Key("exclude"), Item(i)];
            let conditions = exclusion.conditions();
            let one_of = "`is`, `in`, `not-in`, `below`, `above`, `at-least`, `at-most` or `missing`";
            if conditions.is_empty() {
                let problem = format!("this exclusion has no condition: expected one of {one_of}");
                self.error(&path, problem, "add, for example: `below = 18`");
            } else if conditions.len() > 1 {
                let problem =
                    format!("this exclusion has {} conditions: expected one of {one_of}", conditions.len());
                self.error(&path, problem, "write one [[exclude]] for each condition");
            }
            for (key, values) in [("in", &exclusion.one_of), ("not-in", &exclusion.not_in)] {
                if values.as_ref().is_some_and(OneOrMany::is_empty) {
                    self.error(&[Key("exclude"), Item(i), Key(key)], "the list of values is empty", "");
                }
            }
        }
        let outcome = &self.file.outcome;
        let events = outcome.conditions();
        let path = [Key("outcome")];
        if events.len() > 1 {
            let problem = format!("[outcome] says in {} ways what an event is", events.len());
            self.error(&path, problem, "keep one of `event`, `above`, `below`, `at-least` and `at-most`");
        }
        if events.iter().any(|event| matches!(event, Condition::In(values) if values.is_empty())) {
            self.error(&[Key("outcome"), Key("event")], "the list of values is empty", "");
        }
        if outcome.no_event.is_some() && outcome.event.is_none() {
            let problem = "`no-event` says nothing without `event`";
            self.error(&[Key("outcome"), Key("no-event")], problem, "add: `event = …`, or take it out");
        }
        let lists =
            [("event", &outcome.event), ("no-event", &outcome.no_event), ("unknown", &outcome.unknown)];
        for (i, (key, values)) in lists.iter().enumerate() {
            let Some(values) = values else { continue };
            if values.is_empty() && *key != "event" {
                self.error(&[Key("outcome"), Key(key)], "the list of values is empty", "");
            }
            for (other, others) in &lists[..i] {
                let both = |value: &&Value| {
                    let text = value.text();
                    others
                        .iter()
                        .flat_map(OneOrMany::as_slice)
                        .any(|other| other.is_in(Cell::Text(&text)) || value.is_in(Cell::Text(&other.text())))
                };
                if let Some(value) = values.as_slice().iter().find(both) {
                    let problem = format!("`{value}` is in `{other}` and in `{key}`");
                    self.error(
                        &[Key("outcome"), Key(key)],
                        problem,
                        "a value means one thing: keep one of them",
                    );
                }
            }
        }
        if outcome.kind == Some(OutcomeKind::Continuous) && !events.is_empty() {
            let problem = "a continuous outcome has no event";
            self.error(
                &[Key("outcome"), Key("kind")],
                problem,
                "take out `kind`, or what says what an event is",
            );
        }
    }

    pub(super) fn split(&mut self) {
        let (split, columns) = (&self.file.split, &self.file.columns);
        let by = self.file.split_by();
        let by_path = [Key("split"), Key("by")];
        let needs = |column: &str| format!("`by = \"{column}\"` needs a {column} column");
        match by {
            SplitBy::Patient if columns.patient.is_none() => {
                self.error(&by_path, needs("patient"), "name it in [columns]: `patient = \"…\"`");
            }
            SplitBy::Time if columns.time.is_none() => {
                self.error(&by_path, needs("time"), "name it in [columns]: `time = \"…\"`");
            }
            SplitBy::Site if columns.site.is_none() => {
                let hint =
                    "name it in [columns]: `site = \"…\"` (`file-column` in [data] makes one of the files)";
                self.error(&by_path, needs("site"), hint);
            }
            SplitBy::Row if columns.patient.is_some() && !split.allow_repeated_patients => self.error(
                &by_path,
                "`by = \"row\"` would put rows of one patient on both sides of the split",
                "use `by = \"patient\"`; if that is truly wanted, add `allow-repeated-patients = true`",
            ),
            _ => {}
        }
        let sites = !split.held_out_sites.is_empty();
        if by == SplitBy::Site {
            if sites == split.leave_one_site_out {
                let problem =
                    "`by = \"site\"` needs `held-out-sites` or `leave-one-site-out = true`, and not both";
                self.error(&by_path, problem, "add, for example: `held-out-sites = [\"va\"]`");
            }
            if self.is_given(&[Key("split"), Key("held-out")]) {
                let problem = "`held-out` has no effect when sites are held out";
                self.error(&[Key("split"), Key("held-out")], problem, "take it out");
            }
        }
        let only_by = [
            ("held-out-sites", sites && by != SplitBy::Site, "site"),
            ("leave-one-site-out", split.leave_one_site_out && by != SplitBy::Site, "site"),
            ("cut", split.cut.is_some() && by != SplitBy::Time, "time"),
            ("allow-repeated-patients", split.allow_repeated_patients && by != SplitBy::Row, "row"),
        ];
        for (key, misplaced, needed) in only_by {
            if misplaced {
                let problem = format!("`{key}` has no effect unless the split is by {needed}");
                self.error(
                    &[Key("split"), Key(key)],
                    problem,
                    &format!("add `by = \"{needed}\"` or take it out"),
                );
            }
        }
        if split.cut.is_some() && by == SplitBy::Time && self.is_given(&[Key("split"), Key("held-out")]) {
            let problem = "`held-out` and `cut` both say where training ends";
            self.error(&[Key("split"), Key("held-out")], problem, "keep one of them");
        }
        for (i, site) in repeated(split.held_out_sites.as_slice()) {
            let problem = format!("site `{site}` is named twice");
            self.error(&[Key("split"), Key("held-out-sites"), Item(i)], problem, "take one of them out");
        }
    }
}
