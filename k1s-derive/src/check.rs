//! Whether what was said makes sense.

use crate::model::{ResourceModel, TypeModel};

pub(crate) fn resource(_model: &ResourceModel) -> darling::Result<()> {
    Ok(())
}

pub(crate) fn schema(_model: &TypeModel) -> darling::Result<()> {
    Ok(())
}
