//! The generator of k1s.
