//! How comparisons are written down.
