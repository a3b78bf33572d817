//! Derive macros of k1s.
