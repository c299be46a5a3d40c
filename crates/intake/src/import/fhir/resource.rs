//! A resource of any type, before it is read.

use super::fields::{Blame, Fields, Text};
use super::kinds;
use crate::import::rows::Bad;

/// No type has a longer name.
const LONGEST: usize = 64;

/// A resource.
#[derive(Debug, Clone)]
pub(super) struct Resource<'a> {
    /// Its type: letters, so that it may be shown.
    pub(super) kind: Text<'a>,
    /// The address by which a bundle knows it.
    pub(super) url: Option<Text<'a>>,
    pub(super) fields: Fields<'a>,
}

impl<'a> Resource<'a> {
    pub(super) fn parse(json: &'a str) -> Result<Self, Blame> {
        let mut fields = Fields::parse(json).map_err(Blame::whole)?;
        let kind: Option<Text<'a>> =
            fields.get("resourceType").map_err(|_| Blame::whole(Bad::NotResource))?;
        let is_type = |kind: &Text<'_>| {
            let kind = kind.as_str();
            kind.starts_with(|first: char| first.is_ascii_uppercase())
                && kind.len() <= LONGEST
                && kind.bytes().all(|byte| byte.is_ascii_alphabetic())
        };
        let kind = kind.filter(is_type).ok_or(Blame::whole(Bad::NotResource))?;
        fields.within = kinds::name(kind.as_str());
        Ok(Self { kind, url: None, fields })
    }
}
