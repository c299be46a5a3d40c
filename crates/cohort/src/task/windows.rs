//! The windows of a task file, and the points in time that they hang on.

use bedside_chart::Span;
use bedside_table::nearest;

use super::boundary::{Boundary, From, Written};
use super::{Counted, Limits, Point, RECORD_END, RECORD_START, Way, Window};
use crate::CohortError;
use crate::predicates::{Reference, is_name};
use crate::yaml::{Node, Value, entry};

/// The windows as written.
#[derive(Debug, Clone, Default)]
pub(super) struct Windows<'n>(Vec<AsWritten<'n>>);

/// A window as written: one end, its root, hangs on something outside; the other hangs on the root.
#[derive(Debug, Clone)]
struct AsWritten<'n> {
    name: &'n str,
    line: usize,
    root: Boundary<'n>,
    other: Boundary<'n>,
    /// Whether the root is the start.
    from_start: bool,
    start_inclusive: bool,
    end_inclusive: bool,
    has: Vec<(Reference<'n>, u64, u64)>,
    label: Option<Reference<'n>>,
    /// Which end is the index time: the start, or else the end.
    index: Option<bool>,
}

/// The windows with their points.
pub(super) struct Placed {
    pub(super) points: Vec<Point>,
    pub(super) windows: Vec<Window>,
    pub(super) label: Option<(usize, Counted)>,
    /// The window that names the index time, and the point that it is.
    pub(super) index: Option<(usize, usize)>,
}

const KEYS: &[&str] =
    &["start", "end", "start_inclusive", "end_inclusive", "has", "label", "index_timestamp"];

impl<'n> Windows<'n> {
    /// Reads the section.
    ///
    /// # Errors
    /// [`CohortError`].
    pub(super) fn read(section: &'n Node) -> Result<Self, CohortError> {
        let entries = section.block("windows")?;
        let windows =
            entries.iter().map(|(name, node)| AsWritten::read(name, node)).collect::<Result<_, _>>()?;
        Ok(Self(windows))
    }

    /// All predicates that are used.
    pub(super) fn references(&self) -> Vec<Reference<'n>> {
        let mut references = Vec::new();
        for window in &self.0 {
            for (boundary, end) in [(&window.root, window.from_start), (&window.other, !window.from_start)] {
                let end = if end { "start" } else { "end" };
                references.extend(window.bound(boundary, end));
            }
            references.extend(window.has.iter().map(|(reference, ..)| reference.clone()));
            references.extend(window.label.clone());
        }
        references
    }

    /// Puts every window at its points, each after those it hangs on.
    ///
    /// # Errors
    /// [`CohortError`] for references to what is not there and for windows that hang on themselves.
    pub(super) fn place(
        &self,
        counted: &impl Fn(&Reference<'_>) -> Result<Counted, CohortError>,
    ) -> Result<Placed, CohortError> {
        let trigger = Point { from: 0, way: Way::Distance(Span::ZERO), window: None, closes: false };
        let mut placed = Placed { points: vec![trigger], windows: Vec::new(), label: None, index: None };
        for window in &self.0 {
            if let From::Window { name, .. } = window.root.from
                && !self.0.iter().any(|other| other.name == name)
            {
                return Err(CohortError::UnknownWindow {
                    line: window.root.line,
                    place: window.place(if window.from_start { "start" } else { "end" }),
                    name: name.to_owned(),
                    nearest: nearest(name, self.0.iter().map(|other| other.name)).map(str::to_owned),
                });
            }
        }
        let mut waiting: Vec<&AsWritten<'n>> = self.0.iter().collect();
        while !waiting.is_empty() {
            let ready = waiting.iter().position(|window| placed.base(window).is_some());
            let Some(ready) = ready else { return Err(self.loop_of(waiting[0])) };
            let window = waiting.remove(ready);
            if let Some(base) = placed.base(window) {
                placed.add(window, base, counted)?;
            }
        }
        Ok(placed)
    }

    fn loop_of(&self, window: &AsWritten<'n>) -> CohortError {
        let mut path = vec![window.name];
        let mut at = window;
        while let From::Window { name, .. } = at.root.from {
            let seen = path.contains(&name);
            path.push(name);
            match self.0.iter().find(|other| other.name == name) {
                Some(next) if !seen => at = next,
                _ => break,
            }
        }
        CohortError::WindowLoop { line: window.line, name: window.name.to_owned(), path: path.join(" -> ") }
    }
}

impl<'n> AsWritten<'n> {
    fn place(&self, key: &str) -> String {
        format!("windows.{}.{key}", self.name)
    }

    /// The predicate that an end of the window goes to.
    fn bound(&self, boundary: &Boundary<'n>, end: &str) -> Option<Reference<'n>> {
        match boundary.way {
            Written::Distance(_) => None,
            Written::Next(name) | Written::Previous(name) => {
                Some(Reference { name, line: boundary.line, place: self.place(end) })
            }
        }
    }

    fn read(name: &'n str, node: &'n Node) -> Result<Self, CohortError> {
        let place = format!("windows.{name}");
        if !is_name(name) || matches!(name, "trigger" | "start" | "end") {
            return Err(window_error(
                node.line,
                name,
                "its name must be letters, digits and `_`, and not `trigger`, `start` or `end`",
            ));
        }
        let entries = node.keys(&place, KEYS)?;
        let boundary = |key: &str| match entry(entries, key) {
            Some(node) => Boundary::read(node, &format!("{place}.{key}")).map(Some),
            None => Ok(None),
        };
        let (root, other, from_start) = ends(name, node.line, boundary("start")?, boundary("end")?)?;
        let switch = |key: &'static str, meaning: &'static str| match entry(entries, key) {
            Some(node) => node.switch(&format!("{place}.{key}")),
            None => Err(CohortError::MissingKey { line: node.line, place: place.clone(), key, meaning }),
        };
        let has = match entry(entries, "has") {
            Some(node) => limits(node, &format!("{place}.has"))?,
            None => Vec::new(),
        };
        let label = match entry(entries, "label") {
            Some(node) => {
                let place = format!("{place}.label");
                Some(Reference { name: node.text(&place)?, line: node.line, place })
            }
            None => None,
        };
        let index = match entry(entries, "index_timestamp") {
            Some(node) => match node.text(&place)? {
                "start" => Some(true),
                "end" => Some(false),
                _ => return Err(node.expected(&format!("{place}.index_timestamp"), "`start` or `end`")),
            },
            None => None,
        };
        Ok(Self {
            name,
            line: node.line,
            root,
            other,
            from_start,
            start_inclusive: switch("start_inclusive", "whether events at the start belong to the window")?,
            end_inclusive: switch("end_inclusive", "whether events at the end belong to the window")?,
            has,
            label,
            index,
        })
    }
}

fn window_error(line: usize, name: &str, reason: &str) -> CohortError {
    CohortError::Window { line, name: name.to_owned(), reason: reason.to_owned() }
}

/// Which end is the root, and both.
fn ends<'n>(
    name: &str,
    line: usize,
    start: Option<Boundary<'n>>,
    end: Option<Boundary<'n>>,
) -> Result<(Boundary<'n>, Boundary<'n>, bool), CohortError> {
    let wrong = |reason: &str| Err(window_error(line, name, reason));
    let start = match (start, &end) {
        (Some(start), _) => start,
        (None, None) => {
            return wrong(
                "it has neither start nor end; let one of them refer to the trigger or to another window",
            );
        }
        (None, Some(_)) => Boundary { from: From::End, way: Written::Previous(RECORD_START), line },
    };
    let end = end.unwrap_or(Boundary { from: From::Start, way: Written::Next(RECORD_END), line });
    match (start.from, end.from) {
        (From::Start, _) | (_, From::End) => wrong("an end of it refers to itself"),
        (From::End, From::Start) => wrong(
            "start and end refer to each other; let one of them refer to the trigger or to another window",
        ),
        (From::End, _) => match start.way {
            Written::Next(_) => wrong("its start comes after its end (`end -> ...`); write `end <- ...`"),
            Written::Distance(span) if span > Span::ZERO => {
                wrong("its start comes after its end (`end + ...`); write `end - ...`")
            }
            Written::Distance(_) | Written::Previous(_) => Ok((end, start, false)),
        },
        (_, From::Start) => match end.way {
            Written::Previous(_) => {
                wrong("its end comes before its start (`start <- ...`); write `start -> ...`")
            }
            Written::Distance(span) if span < Span::ZERO => {
                wrong("its end comes before its start (`start - ...`); write `start + ...`")
            }
            Written::Distance(_) | Written::Next(_) => Ok((start, end, true)),
        },
        _ => wrong("one of start and end must refer to the other (`start + 24h`, `end <- admission`)"),
    }
}

/// `has`: by predicate, `(min, max)` or `[min, max]`, with nothing for no limit.
fn limits<'n>(node: &'n Node, place: &str) -> Result<Vec<(Reference<'n>, u64, u64)>, CohortError> {
    let mut limits = Vec::new();
    for (name, node) in node.block(place)? {
        let place = format!("{place}.{name}");
        let wrong =
            || node.expected(&place, "`(min, max)`, whole numbers or `None` for no limit, not both `None`");
        let parts: Vec<&str> = match &node.value {
            Value::Scalar(text) => text.trim().trim_matches(['(', ')']).split(',').map(str::trim).collect(),
            Value::List(items) => items
                .iter()
                .map(|item| if item.value == Value::Null { Ok("None") } else { item.text(&place) })
                .collect::<Result<_, _>>()?,
            Value::Null | Value::Block(_) => return Err(wrong()),
        };
        let limit = |text: &str| match text {
            "" | "None" | "null" => Ok(None),
            text => text.parse::<u64>().map(Some).map_err(|_| wrong()),
        };
        let [min, max] = parts[..] else { return Err(wrong()) };
        let (min, max) = (limit(min)?, limit(max)?);
        if min.is_none() && max.is_none() || min.zip(max).is_some_and(|(min, max)| max < min) {
            return Err(wrong());
        }
        limits.push((Reference { name, line: node.line, place }, min.unwrap_or(0), max.unwrap_or(u64::MAX)));
    }
    Ok(limits)
}

impl Placed {
    /// The point that a window's root is found from, once it is there.
    fn base(&self, window: &AsWritten<'_>) -> Option<usize> {
        match window.root.from {
            From::Trigger => Some(0),
            From::Window { name, start } => {
                let other = self.windows.iter().find(|other| other.name == name)?;
                Some(if start { other.start } else { other.end })
            }
            From::Start | From::End => None,
        }
    }

    fn add(
        &mut self,
        window: &AsWritten<'_>,
        base: usize,
        counted: &impl Fn(&Reference<'_>) -> Result<Counted, CohortError>,
    ) -> Result<(), CohortError> {
        let way = |boundary: &Boundary<'_>, end: &str, at: bool| -> Result<Way, CohortError> {
            Ok(match boundary.way {
                Written::Distance(span) => Way::Distance(span),
                Written::Next(name) => {
                    let reference = Reference { name, line: boundary.line, place: window.place(end) };
                    Way::Next { what: counted(&reference)?, at }
                }
                Written::Previous(name) => {
                    let reference = Reference { name, line: boundary.line, place: window.place(end) };
                    Way::Previous { what: counted(&reference)?, at }
                }
            })
        };
        let (root_end, other_end, at) = if window.from_start {
            ("start", "end", window.end_inclusive)
        } else {
            ("end", "start", window.start_inclusive)
        };
        // An event that a window's root goes to lies strictly before or after what it is found from; one that the other
        // end goes to may lie at the root if the window includes that end.
        let root = self.point(base, way(&window.root, root_end, false)?, false);
        let other = self.point(root, way(&window.other, other_end, at)?, true);
        let (start, end) = if window.from_start { (root, other) } else { (other, root) };
        let has = window.has.iter().map(|(reference, min, max)| {
            Ok(Limits { name: reference.name.to_owned(), what: counted(reference)?, min: *min, max: *max })
        });
        self.windows.push(Window {
            name: window.name.to_owned(),
            start,
            end,
            start_inclusive: window.start_inclusive,
            end_inclusive: window.end_inclusive,
            has: has.collect::<Result<_, CohortError>>()?,
        });
        let place = self.windows.len() - 1;
        if let Some(reference) = &window.label {
            if let Some((first, _)) = self.label {
                return Err(self.two(first, window, "label"));
            }
            self.label = Some((place, counted(reference)?));
        }
        if let Some(at_start) = window.index {
            if let Some((first, _)) = self.index {
                return Err(self.two(first, window, "index_timestamp"));
            }
            self.index = Some((place, if at_start { start } else { end }));
        }
        Ok(())
    }

    fn two(&self, first: usize, window: &AsWritten<'_>, key: &'static str) -> CohortError {
        CohortError::Two {
            line: window.line,
            first: self.windows[first].name.clone(),
            second: window.name.to_owned(),
            key,
        }
    }

    /// A point of the window that comes next; the root of a window is often a point that is there already.
    fn point(&mut self, from: usize, way: Way, closes: bool) -> usize {
        if way == Way::Distance(Span::ZERO) && !closes {
            return from;
        }
        self.points.push(Point { from, way, window: Some(self.windows.len()), closes });
        self.points.len() - 1
    }
}
