//! Items and categories.
