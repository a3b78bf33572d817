//! The order in which go-yaml writes the keys of a map: numbers inside keys count as numbers, letters come last.

use std::cmp::Ordering;

/// Sorts keyed entries by go-yaml's order.
///
/// That order is not transitive for every set of keys, and the standard sort may panic then; a merge sort of our own
/// gives some order instead.
pub(super) fn sort_keys<T: Copy>(entries: &mut [(&str, T)]) {
    let mut merged = entries.to_vec();
    let mut width = 1;
    while width < entries.len() {
        for start in (0..entries.len()).step_by(width * 2) {
            let middle = (start + width).min(entries.len());
            let end = (start + width * 2).min(entries.len());
            merge(&entries[start..middle], &entries[middle..end], &mut merged[start..end]);
        }
        entries.copy_from_slice(&merged);
        width *= 2;
    }
}

fn merge<'k, T: Copy>(left: &[(&'k str, T)], right: &[(&'k str, T)], out: &mut [(&'k str, T)]) {
    let (mut l, mut r) = (0, 0);
    for slot in out {
        let take_left = match (left.get(l), right.get(r)) {
            (Some(a), Some(b)) => !less(b.0, a.0),
            (a, _) => a.is_some(),
        };
        let (side, at) = if take_left { (left, &mut l) } else { (right, &mut r) };
        if let Some(entry) = side.get(*at) {
            *slot = *entry;
        }
        *at += 1;
    }
}

/// Whether key `a` is written before key `b`.
fn less(a: &str, b: &str) -> bool {
    let shared = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let shared =
        (0..=shared).rev().find(|at| a.is_char_boundary(*at) && b.is_char_boundary(*at)).unwrap_or(0);
    let (rest_a, rest_b) = (&a[shared..], &b[shared..]);
    let (Some(x), Some(y)) = (rest_a.chars().next(), rest_b.chars().next()) else {
        return a.len() < b.len();
    };
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x < y,
        (false, false) => {}
        (_, letter_in_b) => return letter_in_b,
    }
    // Inside a number that has begun, a zero is a digit like any other and not a leading one.
    let inside = a[..shared].chars().rev().take_while(char::is_ascii_digit).any(|digit| digit != '0');
    let start = i64::from((x == '0' || y == '0') && inside);
    let (number_a, digits_a) = digits(rest_a, start);
    let (number_b, digits_b) = digits(rest_b, start);
    number_a.cmp(&number_b).then(digits_a.cmp(&digits_b)).then(x.cmp(&y)) == Ordering::Less
}

fn digits(text: &str, start: i64) -> (i64, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.fold((start, 0), |(number, count), digit| {
        (number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')), count + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_keys_count_as_numbers() {
        let mut keys = ["b10", "b9", "a", "B", "b", "a-b", "aa", "a.b", "f:x", "."].map(|key| (key, ()));
        sort_keys(&mut keys);
        assert_eq!(keys.map(|key| key.0), [".", "B", "a", "a-b", "a.b", "aa", "b", "b9", "b10", "f:x"]);
    }
}
