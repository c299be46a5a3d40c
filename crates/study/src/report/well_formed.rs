//! A small checker for our own pages: every tag is closed in order, every attribute is quoted.

/// Elements that have no end.
const VOID: [&str; 6] = ["meta", "br", "hr", "img", "input", "wbr"];

/// Checks a page; the error names the place.
pub(super) fn check(page: &str) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = page.strip_prefix("<!DOCTYPE html>").ok_or("no doctype")?;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        if let Some(amp) =
            text.match_indices('&').find(|(i, _)| !text[*i..].split(';').next().is_some_and(entity))
        {
            return Err(format!("bare & in {:?}", excerpt(text, amp.0)));
        }
        rest = &rest[at + 1..];
        let end = tag_end(rest).ok_or_else(|| format!("tag without end: {}", excerpt(rest, 0)))?;
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            match open.pop() {
                Some(last) if last == name => {}
                last => return Err(format!("</{name}> closes {last:?} near {}", excerpt(rest, 0))),
            }
            continue;
        }
        let closed = tag.ends_with('/');
        let name: String = tag.chars().take_while(|c| c.is_alphanumeric()).collect();
        if name.is_empty() {
            return Err(format!("< without a name near {}", excerpt(tag, 0)));
        }
        if tag.matches('"').count() % 2 != 0 || tag.matches('=').count() < tag.matches('"').count() / 2 {
            return Err(format!("attributes of {tag}"));
        }
        if matches!(name.as_str(), "script" | "style") {
            let stop = format!("</{name}>");
            let at = rest.find(&stop).ok_or_else(|| format!("{name} without end"))?;
            rest = &rest[at + stop.len()..];
        } else if !closed && !VOID.contains(&name.as_str()) {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("never closed: {open:?}")) }
}

fn tag_end(rest: &str) -> Option<usize> {
    let mut quoted = false;
    for (i, c) in rest.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return Some(i),
            '<' if !quoted => return None,
            _ => {}
        }
    }
    None
}

fn entity(text: &str) -> bool {
    matches!(text, "&amp" | "&lt" | "&gt" | "&quot" | "&#39")
}

fn excerpt(text: &str, from: usize) -> String {
    text[from..].chars().take(80).collect()
}

#[test]
fn the_checker_sees_what_is_wrong() {
    let wrap = |body: &str| format!("<!DOCTYPE html><p>{body}</p>");
    assert_eq!(check(&wrap("a &amp; <b class=\"x>\">b</b><br><svg/>")), Ok(()));
    for wrong in
        ["<b>", "</b>", "<b></i>", "a & b", "a < b", "<a href=\"x></a>", "<b><i></b></i>", "<script>"]
    {
        assert!(check(&wrap(wrong)).is_err(), "{wrong}");
    }
    assert!(check("<p></p>").is_err());
}
