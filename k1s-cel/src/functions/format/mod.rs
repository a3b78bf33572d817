//! Named formats: `format.dns1123Label().validate(text)`.

mod table;

pub(super) use table::FUNCTIONS;
pub(super) use table::NAME;
