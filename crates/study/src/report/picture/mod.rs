//! Drawing: pictures as SVG whose every colour is a CSS class, so that they follow dark, light and print.
//!
//! Every picture is [`WIDTH`] units wide: at 360 pixels, the narrowest telephone, one unit is one pixel and the smallest
//! text is still 11 pixels high; wider screens scale it up or put pictures side by side.

mod canvas;
mod frame;
mod lettering;
mod rows;
mod scale;

pub(super) use canvas::{Anchor, Picture};
pub(super) use frame::{Frame, legend};
pub(super) use lettering::{fit, width_of, wrap};
pub(super) use rows::{IntervalRow, interval_rows};
pub(super) use scale::{Scale, span};

/// Width of every picture, in its own units.
pub(super) const WIDTH: f64 = 360.0;
