//! Which plain scalars YAML 1.1 takes for a timestamp. They stay strings in JSON, but have to be quoted on the way out.

/// Whether go-yaml takes the text for a timestamp: a date, a date and time with a zone after `T` or `t`, or one
/// without a zone after a space.
pub(super) fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let year = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if year != 4 || bytes.get(4) != Some(&b'-') {
        return false;
    }
    let mut cursor = Cursor(&bytes[5..]);
    let year = text[..4].parse().unwrap_or(0);
    let Some(month) = cursor.number().filter(|month| (1..=12).contains(month)) else { return false };
    if !cursor.eat(b'-') {
        return false;
    }
    let Some(day) = cursor.number() else { return false };
    if day < 1 || day > days_in(year, month) {
        return false;
    }
    match cursor.next() {
        None => true,
        Some(b'T' | b't') => cursor.time() && cursor.zone(),
        Some(b' ') => cursor.time() && cursor.0.is_empty(),
        Some(_) => false,
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

struct Cursor<'t>(&'t [u8]);

impl Cursor<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.0.first() == Some(&byte);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    /// One or two digits.
    fn number(&mut self) -> Option<u32> {
        let digits = self.0.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at(digits);
        self.0 = rest;
        (digits > 0).then(|| number.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
    }

    fn below(&mut self, bound: u32) -> bool {
        self.number().is_some_and(|number| number < bound)
    }

    fn time(&mut self) -> bool {
        let whole = self.below(24) && self.eat(b':') && self.below(60) && self.eat(b':') && self.below(60);
        if !whole {
            return false;
        }
        let fraction =
            self.0.get(1..).map_or(0, |rest| rest.iter().take_while(|b| b.is_ascii_digit()).count());
        if matches!(self.0.first(), Some(b'.' | b',')) && fraction > 0 {
            self.0 = &self.0[1 + fraction..];
        }
        true
    }

    fn zone(&mut self) -> bool {
        match self.next() {
            Some(b'Z') => self.0.is_empty(),
            Some(b'+' | b'-') => {
                matches!(self.0, [h1, h2, b':', m1, m2]
                    if [h1, h2, m1, m2].iter().all(|byte| byte.is_ascii_digit())
                        && (h1 - b'0') * 10 + (h2 - b'0') <= 24
                        && (m1 - b'0') * 10 + (m2 - b'0') <= 60)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_timestamp;

    #[test]
    fn timestamps_are_told_from_text() {
        for text in [
            "2001-01-01",
            "2001-1-2",
            "2001-12-14t21:59:43.10-05:00",
            "2024-05-01T10:00:00Z",
            "2024-02-29 1:2:3",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in [
            "2001-13-01",
            "2023-02-29",
            "2001-01",
            "20010-1-1",
            "2001-01-01T10:00:00",
            "2001-01-01 1:2:3Z",
            "2001-01-01x",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
