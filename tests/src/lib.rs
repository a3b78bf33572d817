//! Whole-system tests of k1s.
