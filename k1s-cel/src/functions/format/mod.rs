//! Named formats: `format.dns1123Label().validate(text)`.

mod names;
mod table;
mod time;

pub(super) use table::FUNCTIONS;
pub(super) use table::NAME;
