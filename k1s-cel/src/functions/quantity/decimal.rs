//! Decimal numbers of many digits: exact, and bounded.
//!
//! Digits are kept as digits: what quantities do with large numbers is shifting them by powers of ten, adding and comparing, and all
//! of it takes time in proportion to their length. Go's quantities have no bound; here a number that would have more than
//! [`MAX_DIGITS`] digits is refused, so that `1e2000000000` cannot be added to anything that needs its digits written out.

use std::cmp::Ordering;

use crate::value::EvalError;

/// The most digits that a number may have.
const MAX_DIGITS: u64 = 4096;

/// `±digits · 10^-scale`. Zero has no digits and is not negative.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Decimal {
    negative: bool,
    /// The least significant digit first, without leading zeros.
    digits: Vec<u8>,
    scale: i64,
}

impl Decimal {
    /// `value · 10^exponent`
    pub(super) fn new(value: i64, exponent: i64) -> Self {
        let digits = value.unsigned_abs().to_string().bytes().rev().map(|digit| digit - b'0').collect();
        Self { negative: value < 0, digits, scale: exponent.saturating_neg() }.trimmed()
    }

    /// A number as it is written: a sign, digits, and a point among them; there must be one digit at least.
    pub(super) fn read(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let mut digits = Vec::with_capacity(whole.len() + fraction.len());
        for byte in fraction.bytes().rev().chain(whole.bytes().rev()) {
            digits.push(byte.is_ascii_digit().then(|| byte - b'0')?);
        }
        if digits.is_empty() {
            return None;
        }
        let scale = i64::try_from(fraction.len()).ok()?;
        Some(Self { negative: text.starts_with('-'), digits, scale }.trimmed())
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// -1, 0 or 1.
    pub(super) fn sign(&self) -> i64 {
        match self.negative {
            _ if self.is_zero() => 0,
            true => -1,
            false => 1,
        }
    }

    pub(super) fn negated(mut self) -> Self {
        self.negative = !self.negative && !self.is_zero();
        self
    }

    /// The number times `10^exponent`.
    pub(super) fn shifted(mut self, exponent: i64) -> Self {
        self.scale = self.scale.saturating_sub(exponent);
        self
    }

    /// The number times `factor`.
    pub(super) fn times(mut self, factor: u64) -> Self {
        let mut carry = 0_u128;
        for digit in &mut self.digits {
            carry += u128::from(*digit) * u128::from(factor);
            *digit = u8::try_from(carry % 10).unwrap_or_default();
            carry /= 10;
        }
        while carry > 0 {
            self.digits.push(u8::try_from(carry % 10).unwrap_or_default());
            carry /= 10;
        }
        self.trimmed()
    }

    /// The number with so many digits behind the point; what does not fit rounds away from zero.
    pub(super) fn rescaled(mut self, scale: i64) -> Result<Self, EvalError> {
        if self.is_zero() || scale == self.scale {
            self.scale = scale;
            return self.bounded();
        }
        if scale > self.scale {
            let zeros = scale.abs_diff(self.scale);
            if zeros > MAX_DIGITS {
                return Err(EvalError::TooLarge);
            }
            self.digits.splice(0..0, (0..zeros).map(|_| 0));
        } else {
            let dropped = usize::try_from(scale.abs_diff(self.scale)).unwrap_or(usize::MAX);
            let inexact = self.digits.drain(..dropped.min(self.digits.len())).any(|digit| digit != 0);
            if inexact {
                self.increment();
            }
        }
        self.scale = scale;
        self.trimmed().bounded()
    }

    /// The sum.
    pub(super) fn plus(self, other: Self) -> Result<Self, EvalError> {
        let scale = self.scale.max(other.scale);
        let (left, right) = (self.rescaled(scale)?, other.rescaled(scale)?);
        if left.negative == right.negative || left.is_zero() || right.is_zero() {
            let negative = left.negative || right.negative;
            return Self { negative, digits: sum(&left.digits, &right.digits), scale }.trimmed().bounded();
        }
        let (large, small) = match left.compare_magnitude(&right) {
            Ordering::Less => (right, left),
            _ => (left, right),
        };
        Ok(Self { negative: large.negative, digits: difference(&large.digits, &small.digits), scale }
            .trimmed())
    }

    /// The order by value.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        self.sign().cmp(&other.sign()).then_with(|| match self.negative {
            true => other.compare_magnitude(self),
            false => self.compare_magnitude(other),
        })
    }

    /// The closest double, as Go computes it: digits first, then the power of ten.
    pub(super) fn to_double(&self) -> f64 {
        let digits = self.digits.iter().rev().map(|digit| char::from(b'0' + digit));
        let text: String = self.negative.then_some('-').into_iter().chain(digits).collect();
        let base = text.parse().unwrap_or(0.0);
        scale_double(base, self.scale.saturating_neg())
    }

    fn compare_magnitude(&self, other: &Self) -> Ordering {
        let top = |number: &Self| i128::from(number.scale) - number.digits.len() as i128;
        match (self.is_zero(), other.is_zero()) {
            (false, false) => {}
            (left, right) => return right.cmp(&left),
        }
        if top(self) != top(other) {
            return top(other).cmp(&top(self));
        }
        let (mut left, mut right) = (self.digits.iter().rev(), other.digits.iter().rev());
        loop {
            match (left.next(), right.next()) {
                (None, None) => return Ordering::Equal,
                (left, right) => {
                    let order = left.unwrap_or(&0).cmp(right.unwrap_or(&0));
                    if order.is_ne() {
                        return order;
                    }
                }
            }
        }
    }

    fn increment(&mut self) {
        for digit in &mut self.digits {
            if *digit < 9 {
                *digit += 1;
                return;
            }
            *digit = 0;
        }
        self.digits.push(1);
    }

    fn trimmed(mut self) -> Self {
        while self.digits.pop_if(|digit| *digit == 0).is_some() {}
        self.negative &= !self.digits.is_empty();
        self
    }

    fn bounded(self) -> Result<Self, EvalError> {
        if self.digits.len() as u64 > MAX_DIGITS { Err(EvalError::TooLarge) } else { Ok(self) }
    }
}

/// `base · 10^exponent` as Go's `math.Pow10` yields the power: from two factors.
pub(super) fn scale_double(base: f64, exponent: i64) -> f64 {
    let power = |exponent: u64| format!("1e{exponent}").parse::<f64>().unwrap_or(f64::INFINITY);
    let (size, rest) = (exponent.unsigned_abs() / 32 * 32, exponent.unsigned_abs() % 32);
    match exponent {
        0 => base,
        1..=308 => base * (power(size) * power(rest)),
        -323..0 => {
            let inverse = format!("1e-{size}").parse::<f64>().unwrap_or(0.0);
            base * (inverse / power(rest))
        }
        309.. => base * f64::INFINITY,
        _ => base * 0.0,
    }
}

fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let mut digits = Vec::with_capacity(a.len().max(b.len()) + 1);
    for index in 0..a.len().max(b.len()) {
        let total = a.get(index).unwrap_or(&0) + b.get(index).unwrap_or(&0) + carry;
        digits.push(total % 10);
        carry = total / 10;
    }
    digits.push(carry);
    digits
}

/// `a - b`, where `a` is not smaller.
fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut digits = Vec::with_capacity(a.len());
    for (index, digit) in a.iter().enumerate() {
        let taken = b.get(index).unwrap_or(&0) + borrow;
        borrow = u8::from(*digit < taken);
        digits.push(digit + 10 * borrow - taken);
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Decimal {
        Decimal::read(text).unwrap()
    }

    #[test]
    fn sums_and_order_are_exact() {
        let sum = |a: &str, b: &str| read(a).plus(read(b)).unwrap();
        assert_eq!(sum("0.1", "0.2"), read("0.3"));
        assert_eq!(sum("-1", "0.25"), read("-0.75"));
        assert_eq!(sum("999", "1"), read("1000"));
        assert_eq!(sum("5", "-5.0").sign(), 0);
        assert_eq!(sum("-5", "0"), read("-5"));
        let order = |a: &str, b: &str| read(a).compare(&read(b));
        assert_eq!(order("1.50", "1.5"), Ordering::Equal);
        assert_eq!(order("-2", "-10"), Ordering::Greater);
        assert_eq!(order("0", "-0.000"), Ordering::Equal);
        assert_eq!(order("0.9", "0.10"), Ordering::Greater);
        assert_eq!(Decimal::new(1, 2_000_000_000).compare(&Decimal::new(9, 0)), Ordering::Greater);
        assert_eq!(Decimal::new(i64::MIN, 0), read("-9223372036854775808"));
        assert!(
            Decimal::read("").is_none() && Decimal::read(".").is_none() && Decimal::read("1.2.3").is_none()
        );
    }

    #[test]
    fn what_does_not_fit_rounds_away_from_zero() {
        let rounded = |text: &str, scale: i64| read(text).rescaled(scale).unwrap();
        assert_eq!(rounded("1.01", 1), read("1.1"));
        assert_eq!(rounded("-9.91", 0), read("-10"));
        assert_eq!(rounded("0.0000000000001", 9), read("0.000000001"));
        assert_eq!(rounded("1.10", 1), read("1.1"));
        assert_eq!(read("15").times(1 << 60), read("17293822569102704640"));
    }

    #[test]
    fn long_numbers_are_refused_before_they_are_written_out() {
        let huge = Decimal::new(1, 2_000_000_000);
        assert_eq!(huge.clone().plus(Decimal::new(1, 0)), Err(EvalError::TooLarge));
        assert_eq!(huge.to_double(), f64::INFINITY);
        assert_eq!(read("1").plus(Decimal::new(1, -9)).unwrap(), read("1.000000001"));
    }

    #[test]
    fn doubles_are_gos() {
        assert_eq!(read("100000000000000000000000.000000000").to_double(), 1.000_000_000_000_000_1e23);
        assert_eq!(read("-0.5").to_double(), -0.5);
        assert_eq!(Decimal::new(5, -400).to_double(), 0.0);
    }
}
