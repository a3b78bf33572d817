//! Versions as text and their order: what `github.com/blang/semver` accepts, and its words for what it does not.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::gofmt::quote;

/// A version without its build metadata, which has no say in anything.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Version {
    pub(super) major: u64,
    pub(super) minor: u64,
    pub(super) patch: u64,
    prerelease: Prerelease,
}

/// `alpha.1`; without one, a version comes after all that have one.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Prerelease(Vec<Identifier>);

/// Numbers come before words.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Identifier {
    Number(u64),
    Word(Box<str>),
}

impl PartialOrd for Prerelease {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Prerelease {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.is_empty().cmp(&other.0.is_empty()).then_with(|| self.0.cmp(&other.0))
    }
}

impl Version {
    /// Reads a version of three numbers.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("Version string empty".into());
        }
        let mut parts = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("No Major.Minor.Patch elements found".into());
        };
        let (major, minor) = (number(major, "Major")?, number(minor, "Minor")?);
        let (rest, build) = split(rest, '+');
        let (patch, prerelease) = split(rest, '-');
        let version = Self {
            major,
            minor,
            patch: number(patch, "Patch")?,
            prerelease: Prerelease(
                prerelease
                    .map(|text| text.split('.').map(identifier).collect())
                    .transpose()?
                    .unwrap_or_default(),
            ),
        };
        for part in build.into_iter().flat_map(|text| text.split('.')) {
            if part.is_empty() {
                return Err("Build meta data is empty".into());
            }
            if !is_word(part) {
                return Err(format!("Invalid character(s) found in build meta data {}", quote(part)));
            }
        }
        Ok(version)
    }

    /// [`Self::parse`] for what people write: `v1.2`, `01.2.3`.
    pub(super) fn parse_normalized(text: &str) -> Result<Self, String> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let mut parts: Vec<Cow<'_, str>> = text.splitn(3, '.').map(without_zeros).collect();
        if parts.len() < 3 {
            if parts.last().is_some_and(|last| last.contains(['+', '-'])) {
                return Err("short version cannot contain PreRelease/Build meta data".into());
            }
            parts.resize(3, Cow::Borrowed("0"));
        }
        Self::parse(&parts.join("."))
    }
}

/// A part of a version without leading zeros; one is left if nothing else is a digit.
fn without_zeros(part: &str) -> Cow<'_, str> {
    if part.len() <= 1 {
        return part.into();
    }
    let rest = part.trim_start_matches('0');
    if rest.starts_with(|c: char| c.is_ascii_digit()) { rest.into() } else { format!("0{rest}").into() }
}

/// What is before the first sign, and what is behind it, if there is one.
fn split(text: &str, sign: char) -> (&str, Option<&str>) {
    text.split_once(sign).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn number(text: &str, name: &str) -> Result<u64, String> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let name = name.to_lowercase();
        return Err(format!("Invalid character(s) found in {name} number {}", quote(text)));
    }
    if has_leading_zero(text) {
        return Err(format!("{name} number must not contain leading zeroes {}", quote(text)));
    }
    parse_digits(text)
}

fn identifier(text: &str) -> Result<Identifier, String> {
    if text.is_empty() {
        return Err("Prerelease is empty".into());
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        if has_leading_zero(text) {
            let quoted = quote(text);
            return Err(format!("Numeric PreRelease version must not contain leading zeroes {quoted}"));
        }
        return parse_digits(text).map(Identifier::Number);
    }
    if !is_word(text) {
        return Err(format!("Invalid character(s) found in prerelease {}", quote(text)));
    }
    Ok(Identifier::Word(text.into()))
}

fn parse_digits(text: &str) -> Result<u64, String> {
    let what = if text.is_empty() { "invalid syntax" } else { "value out of range" };
    text.parse().map_err(|_| format!("strconv.ParseUint: parsing {}: {what}", quote(text)))
}

fn has_leading_zero(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0')
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order() {
        let ascending = [
            "0.0.1",
            "1.0.0-1",
            "1.0.0-9",
            "1.0.0-10",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-beta",
            "1.0.0",
            "1.0.1",
            "1.1.0",
            "2.0.0-rc1",
        ];
        let versions: Vec<Version> = ascending.iter().map(|text| Version::parse(text).unwrap()).collect();
        assert!(versions.is_sorted_by(|a, b| a < b));
        assert_eq!(Version::parse("1.2.3+build5"), Version::parse("1.2.3"));
    }

    #[test]
    fn strict_versions() {
        let fault = |text: &str| Version::parse(text).unwrap_err();
        assert_eq!(fault(""), "Version string empty");
        assert_eq!(fault("x"), "No Major.Minor.Patch elements found");
        assert_eq!(fault("v1.2.3"), r#"Invalid character(s) found in major number "v1""#);
        assert_eq!(fault("01.2.3"), r#"Major number must not contain leading zeroes "01""#);
        assert_eq!(fault("1.2.3.4"), r#"Invalid character(s) found in patch number "3.4""#);
        assert_eq!(fault("1.2.3-01"), r#"Numeric PreRelease version must not contain leading zeroes "01""#);
        assert_eq!(fault("1.2.3-a..b"), "Prerelease is empty");
        assert_eq!(fault("1.2.3+"), "Build meta data is empty");
        assert_eq!(fault("1.2.3+a_b"), r#"Invalid character(s) found in build meta data "a_b""#);
        assert_eq!(fault(".2.3"), r#"strconv.ParseUint: parsing "": invalid syntax"#);
        let large = "99999999999999999999";
        let expected = format!("strconv.ParseUint: parsing \"{large}\": value out of range");
        assert_eq!(fault(&format!("{large}.0.0")), expected);
        assert!(Version::parse("1.2.3-alpha.1+a.b-c").is_ok() && Version::parse("1.2.3--").is_ok());
    }

    #[test]
    fn normalized_versions() {
        let same = |text: &str, normal: &str| {
            assert_eq!(Version::parse_normalized(text), Version::parse(normal), "{text}");
        };
        same("v1", "1.0.0");
        same("1.2", "1.2.0");
        same("01.002.3", "1.2.3");
        same("v00.0.000-a", "0.0.0-a");
        assert!(Version::parse_normalized("1.2-a").unwrap_err().starts_with("short version"));
        assert!(Version::parse_normalized("").is_err() && Version::parse_normalized("1.2.3-01").is_err());
    }
}
