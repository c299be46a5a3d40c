//! From what people write to the one spelling of a unit.
//!
//! UCUM (<https://ucum.org/ucum>) has two forms of every unit: one in which the case of letters counts (`mg/dL`, `Mg` is a
//! megagram) and one in which it does not (`MG/DL`). A text that can be read by the first is; the second is meant where all letters are
//! capitals, and where the first form has no such unit. What could be either stays as it is written: `Mg`, `MU/L`, `G/L` (grams, and
//! in some countries 10⁹, per litre).

use super::known::{KNOWN, Known};

/// A unit of UCUM that may stand in compounds, and whether it takes prefixes.
struct Atom(&'static str, bool);

static ATOMS: &[Atom] = &[
    Atom("g", true),
    Atom("m", true),
    Atom("L", true),
    Atom("s", true),
    Atom("mol", true),
    Atom("eq", true),
    Atom("osm", true),
    Atom("U", true),
    Atom("[iU]", true),
    Atom("Pa", true),
    Atom("Hz", true),
    Atom("J", true),
    Atom("W", true),
    Atom("cal", true),
    Atom("kat", true),
    Atom("bar", true),
    Atom("Bq", true),
    Atom("m[Hg]", true),
    Atom("m[H2O]", true),
    Atom("Cel", false),
    Atom("K", false),
    Atom("%", false),
    Atom("min", false),
    Atom("h", false),
    Atom("d", false),
    Atom("wk", false),
    Atom("mo", false),
    Atom("a", false),
    Atom("[lb_av]", false),
    Atom("[oz_av]", false),
    Atom("[in_i]", false),
    Atom("[ft_i]", false),
    Atom("[degF]", false),
    Atom("{1.73_m2}", false),
];

/// What people write for them, in lower case.
static WORDS: &[(&str, &[&str])] = &[
    ("g", &["gm", "gms", "gram", "grams"]),
    ("kg", &["kgs", "kilo", "kilos", "kilogram", "kilograms"]),
    ("mg", &["mgs", "mgm", "milligram", "milligrams"]),
    ("ug", &["mcg", "mcgm", "microgram", "micrograms"]),
    ("ng", &["nanogram", "nanograms"]),
    ("m", &["meter", "meters", "metre", "metres"]),
    ("cm", &["cms", "centimeter", "centimeters", "centimetre", "centimetres"]),
    ("mm", &["millimeter", "millimeters", "millimetre", "millimetres"]),
    ("L", &["ltr", "liter", "liters", "litre", "litres"]),
    ("dL", &["deciliter", "decilitre"]),
    ("mL", &["cc", "mls", "milliliter", "milliliters", "millilitre", "millilitres"]),
    ("uL", &["mcl", "microl", "microliter", "microlitre"]),
    ("s", &["sec", "secs", "second", "seconds"]),
    ("min", &["min", "mins", "minute", "minutes"]),
    ("h", &["hr", "hrs", "hour", "hours"]),
    ("d", &["day", "days"]),
    ("wk", &["week", "weeks"]),
    ("mo", &["month", "months"]),
    ("a", &["ann", "yr", "yrs", "year", "years"]),
    ("mol", &["mole", "moles"]),
    ("mmol", &["mmols", "mmole", "mmoles", "millimol", "millimole", "millimoles"]),
    ("umol", &["mcmol", "umole", "umoles", "micromol", "micromole", "micromoles"]),
    ("meq", &["meqs", "mval", "milliequivalent", "milliequivalents"]),
    ("mosm", &["mosmol", "mosmole"]),
    ("U", &["unit", "units"]),
    ("[iU]", &["iu"]),
    ("m[iU]", &["miu"]),
    ("u[iU]", &["uiu", "mciu"]),
    ("Pa", &["pal"]),
    ("%", &["percent", "pct"]),
    ("[lb_av]", &["lb", "lbs", "pound", "pounds"]),
    ("[oz_av]", &["oz", "ounce", "ounces"]),
    ("[in_i]", &["in", "inch", "inches"]),
    ("[ft_i]", &["ft", "foot", "feet"]),
    // Of the body surface that clearances are related to.
    ("{1.73_m2}", &["1.73m2", "1.73m^2", "1.73m*2", "1.73sqm", "1.73", "{1.73m2}", "{1.73}"]),
];

/// Of UCUM, as the two forms have them; the rarer ones are left out.
const PREFIXES: &[(&str, &str)] = &[
    ("k", "k"),
    ("h", "h"),
    ("d", "d"),
    ("c", "c"),
    ("m", "m"),
    ("u", "u"),
    ("n", "n"),
    ("p", "p"),
    ("f", "f"),
    ("M", "ma"),
];

/// What people write for whole units, in lower case, and the UCUM code: symbols for print, and counts, which UCUM has no words for.
static WHOLE: &[(&str, &str)] = &[
    ("mmhg", "mm[Hg]"),
    ("mmofhg", "mm[Hg]"),
    ("torr", "mm[Hg]"),
    ("cmh2o", "cm[H2O]"),
    ("cmofh2o", "cm[H2O]"),
    ("°c", "Cel"),
    ("oc", "Cel"),
    ("degc", "Cel"),
    ("deg.c", "Cel"),
    ("degreec", "Cel"),
    ("degreesc", "Cel"),
    ("celsius", "Cel"),
    ("centigrade", "Cel"),
    ("degreecelsius", "Cel"),
    ("degreescelsius", "Cel"),
    ("°f", "[degF]"),
    ("of", "[degF]"),
    ("degf", "[degF]"),
    ("deg.f", "[degF]"),
    ("degreef", "[degF]"),
    ("degreesf", "[degF]"),
    ("fahrenheit", "[degF]"),
    ("degreefahrenheit", "[degF]"),
    ("degreesfahrenheit", "[degF]"),
    ("g%", "g/dL"),
    ("gm%", "g/dL"),
    ("mg%", "mg/dL"),
    ("iu/l", "U/L"),
    ("u/l", "U/L"),
    ("[iu]/l", "U/L"),
    ("unit/l", "U/L"),
    ("units/l", "U/L"),
    ("iu/ml", "U/mL"),
    ("k/ul", "10*3/uL"),
    ("k/mcl", "10*3/uL"),
    ("k/mm3", "10*3/uL"),
    ("k/cumm", "10*3/uL"),
    ("k/cmm", "10*3/uL"),
    ("th/ul", "10*3/uL"),
    ("th/mm3", "10*3/uL"),
    ("th/cumm", "10*3/uL"),
    ("thou/ul", "10*3/uL"),
    ("thou/mcl", "10*3/uL"),
    ("thou/mm3", "10*3/uL"),
    ("thou/cumm", "10*3/uL"),
    ("thousand/ul", "10*3/uL"),
    ("thousands/ul", "10*3/uL"),
    ("tsd/ul", "10*3/uL"),
    ("1000/ul", "10*3/uL"),
    ("x1000/ul", "10*3/uL"),
    ("10*3/mcl", "10*3/uL"),
    ("10*3/mm3", "10*3/uL"),
    ("10*3/cumm", "10*3/uL"),
    ("10*3/cmm", "10*3/uL"),
    ("gpt/l", "10*9/L"),
    ("/nl", "10*9/L"),
    ("10*6/ml", "10*9/L"),
    ("10*3/ml", "10*6/L"),
    ("tpt/l", "10*12/L"),
    ("/pl", "10*12/L"),
    ("10*6/mcl", "10*12/L"),
    ("10*6/mm3", "10*12/L"),
    ("10*6/cumm", "10*12/L"),
    ("mil/ul", "10*12/L"),
    ("mil/mm3", "10*12/L"),
    ("mil/cumm", "10*12/L"),
    ("mill/ul", "10*12/L"),
    ("mill/mm3", "10*12/L"),
    ("mill/cumm", "10*12/L"),
    ("million/ul", "10*12/L"),
    ("mio/ul", "10*12/L"),
    ("#/ul", "/uL"),
    ("cell/ul", "/uL"),
    ("cells/ul", "/uL"),
    ("/mcl", "/uL"),
    ("cells/mcl", "/uL"),
    ("/mm^3", "/uL"),
    ("/cumm", "/uL"),
    ("/cmm", "/uL"),
    ("#/mm3", "/uL"),
    ("cells/cumm", "/uL"),
    ("cells/cmm", "/uL"),
    ("bpm", "/min"),
    ("1/min", "/min"),
    ("beats/min", "/min"),
    ("breaths/min", "/min"),
    ("beat/min", "/min"),
    ("beats/minute", "/min"),
    ("breath/min", "/min"),
    ("breaths/minute", "/min"),
    ("resp/min", "/min"),
    ("insp/min", "/min"),
    ("/minute", "/min"),
];

/// Annotations that say only what is counted. Others (`{1.73_m2}`) tell units apart.
const COUNTED: &[&str] =
    &["{cells}", "{cell}", "{count}", "{counts}", "{#}", "{rbc}", "{wbc}", "{beats}", "{breaths}"];

/// What two readings are in use of: a mega- or a milli-unit, a gram or 10⁹.
const EITHER: &[&str] =
    &["MU", "MU/L", "MU/ML", "MIU", "MIU/L", "MIU/ML", "M[IU]", "M[IU]/L", "M[IU]/ML", "G/L"];

/// Without white space and with plain letters and digits: `10³ / µL` is `10*3/uL`.
pub(super) fn cleaned(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let spoken = text.to_ascii_lowercase();
    let parts = if spoken.contains(" per ") {
        text.replace(" per ", "/").replace(" PER ", "/")
    } else {
        text.to_owned()
    };
    let mut raised = false;
    for letter in parts.chars().filter(|letter| !letter.is_whitespace()) {
        let digit = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|raised| raised == letter);
        if let Some(digit) = digit {
            if !raised && clean.ends_with("10") {
                clean.push('*');
            }
            clean.extend(char::from_digit(digit as u32, 10));
        } else {
            clean.push(match letter {
                'µ' | 'μ' => 'u',
                '⁻' | '−' => '-',
                '×' => 'x',
                '·' | '⋅' => '.',
                'º' | '˚' => '°',
                '⁄' | '∕' => '/',
                other => other,
            });
        }
        raised = digit.is_some();
    }
    clean
}

/// The unit that a cleaned text names, and its one spelling; the text as it is where it names none.
pub(super) fn named(text: &str) -> (String, Option<&'static Known>) {
    let of = |code: &str| KNOWN.iter().find(|unit| unit.code == code);
    let exactly = |text: &str| KNOWN.iter().find(|unit| unit.is_written(text));
    if let Some(unit) = exactly(text) {
        return (unit.code.to_owned(), Some(unit));
    }
    if EITHER.contains(&text) {
        return (text.to_owned(), None);
    }
    let rewritten = rewritten(text);
    let folded = rewritten.to_ascii_lowercase();
    let whole = WHOLE.iter().find(|(written, _)| *written == folded).and_then(|(_, code)| of(code));
    if let Some(unit) = exactly(&rewritten).or(whole) {
        return (unit.code.to_owned(), Some(unit));
    }
    match compound(&rewritten) {
        Some(compound) => match exactly(&compound) {
            Some(unit) => (unit.code.to_owned(), Some(unit)),
            None => (compound, None),
        },
        None => (text.to_owned(), None),
    }
}

/// Without brackets around the whole, annotations of what is counted, powers below nought, and other forms of powers of ten.
fn rewritten(text: &str) -> String {
    let inside = |open: char, close: char| {
        let inside = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inside.contains(['[', ']', '(', ')'])).then_some(inside)
    };
    let round = inside('(', ')');
    // `[degF]` is a unit and `[mg/dL]` a text in brackets.
    let square = inside('[', ']').filter(|inside| inside.contains(['/', '%']));
    let mut text = round.or(square).unwrap_or(text).to_owned();
    for counted in COUNTED {
        while let Some(at) = text.to_ascii_lowercase().find(counted) {
            text.replace_range(at..at + counted.len(), "");
        }
    }
    powers_below_nought(&power_of_ten(&text))
}

/// `x10E9/L`, `10^9/L`, `10**9/L`, `10(9)/L` are `10*9/L`.
fn power_of_ten(text: &str) -> String {
    let Some(rest) = text.trim_start_matches(['x', 'X', '*']).strip_prefix("10") else {
        return text.to_owned();
    };
    let signs = ["**", "*", "^", "e", "E", "exp", "EXP", "("];
    let found =
        signs.iter().filter_map(|sign| Some((*sign, rest.strip_prefix(*sign)?))).find_map(|(sign, after)| {
            let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            let (power, rest) = after.split_at(digits);
            let rest = if sign == "(" { rest.strip_prefix(')')? } else { rest };
            (!power.is_empty() && !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
                .then(|| format!("10*{power}{rest}"))
        });
    found.unwrap_or_else(|| text.to_owned())
}

/// `mg.dL-1` is `mg/dL`.
fn powers_below_nought(text: &str) -> String {
    if text.contains('/') || !text.contains("-1") {
        return text.to_owned();
    }
    let (mut above, mut below) = (Vec::new(), Vec::new());
    for part in text.split('.') {
        match part.strip_suffix("-1").map(|part| part.trim_end_matches(['^', '*'])) {
            Some(part) if !part.is_empty() => below.push(part),
            _ => above.push(part),
        }
    }
    let below: String = below.iter().map(|part| format!("/{part}")).collect();
    format!("{}{below}", above.join("."))
}

/// The same of a compound, if every part of it is known.
fn compound(text: &str) -> Option<String> {
    let letters = || text.chars().filter(char::is_ascii_alphabetic);
    let capitals = letters().all(|letter| letter.is_ascii_uppercase());
    let mut parts = text.split('/').peekable();
    let mut whole = String::with_capacity(text.len());
    let first = parts.next()?;
    if !first.is_empty() {
        whole.push_str(&factor(first, capitals)?);
    }
    if text.is_empty() || first.is_empty() && parts.peek().is_none() {
        return None;
    }
    for part in parts {
        whole.push('/');
        whole.push_str(&factor(part, capitals)?);
    }
    Some(whole)
}

/// A part of a compound, perhaps with a number before it or a power after it.
fn factor(text: &str, capitals: bool) -> Option<String> {
    if let Some(power) = text.strip_prefix("10*") {
        return (!power.is_empty() && power.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.to_owned());
    }
    if let Some(atom) = atom(text, capitals) {
        return Some(atom);
    }
    let start = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, rest) = text.split_at(start);
    let end = rest.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (base, power) = rest.split_at(end);
    let base = base.trim_end_matches(if power.is_empty() { &[][..] } else { &['^', '*'][..] });
    if number.is_empty() && power.is_empty() || !matches!(power, "" | "2" | "3") {
        return None;
    }
    // A power is of a length.
    let base = if capitals && base == "M" && !power.is_empty() { "m" } else { base };
    Some(format!("{number}{}{power}", atom(base, capitals)?))
}

/// A single unit, perhaps with a prefix.
fn atom(text: &str, capitals: bool) -> Option<String> {
    let same = |code: &str, text: &str| code == text || code == "L" && text == "l";
    let metric = || ATOMS.iter().filter(|Atom(_, metric)| *metric).map(|Atom(code, _)| *code);
    // Where case counts.
    if let Some(Atom(code, _)) = ATOMS.iter().find(|Atom(code, _)| same(code, text)) {
        return Some((*code).to_owned());
    }
    for (prefix, _) in PREFIXES {
        let Some(rest) = text.strip_prefix(prefix) else { continue };
        let Some(code) = metric().find(|code| same(code, rest)) else { continue };
        if *prefix != "M" {
            return Some(format!("{prefix}{code}"));
        }
        // Among capitals a millilitre is meant. Else a megalitre may be, though it seldom is.
        if !capitals {
            return Some(text.to_owned());
        }
    }
    let folded = text.to_ascii_lowercase();
    // A million units is no thousandth of one.
    let word = WORDS.iter().find(|(_, written)| written.contains(&folded.as_str()));
    if let Some((code, _)) = word.filter(|_| !(folded == "miu" && text.starts_with('M'))) {
        return Some((*code).to_owned());
    }
    // Where case does not count. A letter alone may be a sign of something else: `M` is a mole in a litre, `S` a siemens.
    let alone = ATOMS.iter().map(|Atom(code, _)| *code).find(|code| code.to_ascii_lowercase() == folded);
    let sure = if text.len() == 1 {
        capitals && matches!(text, "G" | "H" | "D")
    } else {
        capitals || !text.starts_with('M')
    };
    if let Some(code) = alone.filter(|_| sure) {
        return Some(code.to_owned());
    }
    let mixed = text.chars().any(|letter| letter.is_ascii_uppercase());
    for (prefix, small) in PREFIXES {
        let Some(rest) = folded.strip_prefix(small) else { continue };
        let Some(code) = metric().find(|code| code.to_ascii_lowercase() == rest) else { continue };
        // `mM` and `mG` are something else, `Mmol` is a megamole; `Kg` and `uMol` can be one thing only.
        let title = text.starts_with(|c: char| c.is_ascii_uppercase()) && text[1..] == folded[1..];
        let sure = capitals || !mixed || !text.starts_with('M') && (rest.len() > 1 || rest == "l" || title);
        return sure.then(|| format!("{prefix}{code}"));
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::Unit;

    #[test]
    fn spellings_of_one_unit_are_one() {
        let same: &[(&str, &[&str])] = &[
            (
                "mg/dL",
                &[
                    "mg/dl",
                    "MG/DL",
                    "mg / dL",
                    "mg/dL ",
                    "mg%",
                    "[mg/dL]",
                    "(mg/dl)",
                    "mg.dL-1",
                    "mg·dL⁻¹",
                    "mg per dL",
                    "mgs/dl",
                ],
            ),
            ("umol/L", &["µmol/L", "μmol/l", "mcmol/L", "UMOL/L", "micromol/L", "uMol/L", "umole/L"]),
            ("U/L", &["IU/L", "[iU]/L", "[IU]/L", "iu/l", "u/l", "Units/L"]),
            ("meq/L", &["mEq/L", "MEQ/L", "meq/l"]),
            ("mm[Hg]", &["mmHg", "mm Hg", "MMHG", "mmhg", "MM[HG]", "torr"]),
            (
                "10*3/uL",
                &[
                    "K/uL",
                    "k/ul",
                    "K/UL",
                    "10^3/uL",
                    "10^3/µL",
                    "10³/µL",
                    "x10E3/uL",
                    "X10^3/UL",
                    "10E3/uL",
                    "x10*3/uL",
                    "10**3/uL",
                    "10(3)/mcL",
                    "thou/uL",
                    "1000/uL",
                    "th/mm3",
                    "K/cumm",
                    "10*3/mm3",
                    "10*3{cells}/uL",
                ],
            ),
            ("10*9/L", &["10^9/L", "x10E9/L", "10⁹/L", "/nL", "10*6/mL", "Gpt/L", "10e9/l"]),
            ("/uL", &["#/uL", "/mm^3", "cells/uL", "{cells}/uL", "/cumm"]),
            ("Cel", &["°C", "ºC", "degC", "Deg. C", "oC", "CEL", "C", "deg C", "Celsius"]),
            ("[degF]", &["°F", "F", "degF", "Deg. F", "DEG F", "[DEGF]", "degrees Fahrenheit"]),
            ("ug/kg/min", &["mcg/kg/min", "MCG/KG/MIN", "µg/kg/min", "UG/KG/MIN", "ug/Kg/min"]),
            ("mL/min/{1.73_m2}", &["mL/min/1.73m2", "ml/min/1.73 m²", "ML/MIN/1.73M2", "mL/min/1.73m^2"]),
            ("mL/h", &["ml/hr", "cc/hr", "ML/HR", "ML/H"]),
            ("kg", &["KG", "Kg", "kgs", "kilograms"]),
            ("mL", &["ml", "ML", "cc"]),
            ("/min", &["bpm", "BPM", "beats/min", "{beats}/min", "1/min", "min-1", "breaths/min"]),
            ("mosm/kg", &["mOsm/kg", "mosmol/kg", "MOSM/KG"]),
            ("kg/m2", &["kg/m²", "kg/m^2", "KG/M2"]),
            ("%", &["percent", "PERCENT"]),
        ];
        for (code, written) in same {
            for text in *written {
                assert_eq!(Unit::new(text).unwrap().code(), *code, "{text}");
            }
            assert_eq!(Unit::new(code).unwrap().code(), *code);
        }
    }

    #[test]
    fn what_may_be_two_things_stays_as_it_is() {
        for text in [
            "Mg/dL", "Mm", "Mg", "Ml", "Mmol/L", "MU/L", "MIU/mL", "G/L", "mM/L", "mG", "A1", "I509", "D50",
            "D50/X", "/", "10*", "x", "points", "Meq/L",
        ] {
            assert_eq!(Unit::new(text).unwrap().code(), text);
        }
        let distinct = [
            ("mm", "Mm"),
            ("mg", "Mg"),
            ("m", "M"),
            ("mmol/L", "Mmol/L"),
            ("mU/L", "MU/L"),
            ("g/L", "G/L"),
            ("ms", "Ms"),
        ];
        for (one, other) in distinct {
            assert_ne!(Unit::new(one).unwrap(), Unit::new(other).unwrap());
        }
    }

    #[test]
    fn one_spelling_is_its_own_spelling() {
        for text in [
            "mcg/kg/min",
            "UG/ML",
            "10E3/uL",
            "ml/min/1.73m2",
            "Ml",
            "24hr",
            "mg/24hr",
            "mmol/mmol",
            "g.m/L",
            "ML",
            "IU/kg",
        ] {
            let once = Unit::new(text).unwrap();
            assert_eq!(Unit::new(once.code()).unwrap(), once, "{text}");
        }
    }

    #[test]
    fn any_text_has_one_spelling() {
        let marks = [
            "m", "M", "g", "G", "L", "l", "/", "10", "*", "3", "u", "µ", "IU", "eq", " ", "[", "]", "-1",
            ".", "min", "d", "K", "(", "{#}", "³", "°",
        ];
        let marks = &marks[..];
        let pairs = marks.iter().flat_map(|a| marks.iter().map(move |b| format!("{a}{b}")));
        for text in pairs.flat_map(|pair| marks.iter().map(move |c| format!("{pair}{c}"))) {
            if let Ok(once) = Unit::new(&text) {
                assert_eq!(Unit::new(once.code()).unwrap(), once, "{text}");
            }
        }
    }
}
