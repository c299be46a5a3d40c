//! The bundle is the model: one file that carries everything that scoring needs, and proves what it is.

pub mod archive;
mod arrays;
mod arrived;
mod certificate;
mod content;
mod encoder;
mod glm;
mod live;
mod records;
mod remarks;
mod trees;

pub use arrays::Arrays;
pub use arrived::{Arrived, Scored};
pub(crate) use content::list;
pub use content::{Bundle, Ingredients};
pub use live::Live;
pub use remarks::Remark;

/// What can be wrong with a bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Not a bundle, or cut short.
    #[error("this is not a whole bundle: {problem}; copy it again from where it was sealed")]
    Container {
        /// What the container's reader found.
        problem: String,
    },
    /// Written by a later version.
    #[error("the bundle has format {found}, this version reads up to {known}; use a newer bedside")]
    Newer {
        /// The format found.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// A member does not match its hash.
    #[error("`{member}` is not what was sealed: its hash does not match; do not use this bundle")]
    Tampered {
        /// The member.
        member: String,
    },
    /// A member says something impossible.
    #[error("`{member}` in the bundle: {problem}")]
    Member {
        /// The member.
        member: String,
        /// What is wrong.
        problem: String,
    },
}
