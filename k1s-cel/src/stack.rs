//! Room on the stack for walks over trees whose depth the input decides.
//!
//! The parser bounds the depth of a tree; a walk asks here once for room in proportion to it. Ordinary expressions are a few levels
//! deep and run on the stack that is there; a deep one gets a larger stack, so that a small thread survives every input.

/// What one level of a walk may use of the stack, in bytes: the largest frames of a debug build, with a margin.
const BYTES_A_LEVEL: usize = 8 * 1024;

/// Depths up to this need no look at the stack: what they use is less than the smallest stack that Rust starts threads with leaves.
const SHALLOW: u32 = 16;

/// Runs `walk` with room for `depth` levels.
pub(crate) fn with_room<R>(depth: u32, walk: impl FnOnce() -> R) -> R {
    if depth <= SHALLOW {
        return walk();
    }
    let bytes = BYTES_A_LEVEL * (depth as usize + SHALLOW as usize);
    stacker::maybe_grow(bytes, bytes, walk)
}
