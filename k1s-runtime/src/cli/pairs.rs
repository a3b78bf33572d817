//! Arguments of `label` and `annotate`: resources first, then `key=value` and `key-`.

use std::collections::BTreeMap;

use super::error::{Error, quoted};
use crate::api::names;

/// What `label` or `annotate` is to do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Pairs {
    /// Keys to set.
    pub set: BTreeMap<String, String>,
    /// Keys to remove, in the order given.
    pub remove: Vec<String>,
}

impl Pairs {
    /// Whether nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }

    /// The keys that are to be both set and removed.
    pub(crate) fn contradictions(&self) -> Vec<&str> {
        self.remove.iter().filter(|key| self.set.contains_key(*key)).map(String::as_str).collect()
    }
}

/// Splits the words after the verb into resources and pairs. `what` is `label` or `annotation`.
///
/// # Errors
/// When a resource follows a pair.
pub(crate) fn split(words: &[String], what: &str) -> Result<(Vec<String>, Vec<String>), Error> {
    let is_pair =
        |word: &String| word.find('=').is_some_and(|at| at > 0) || (word.ends_with('-') && word != "-");
    let first = words.iter().position(is_pair).unwrap_or(words.len());
    let (resources, pairs) = words.split_at(first);
    match pairs.iter().find(|word| !is_pair(word)) {
        Some(word) => {
            Err(Error::message(format!("all resources must be specified before {what} changes: {word}")))
        }
        None => Ok((resources.to_vec(), pairs.to_vec())),
    }
}

/// Reads `label`'s pairs. A value has no `=` in it and must be a label value; keys are left to the API.
///
/// # Errors
/// In kubectl's words.
pub(crate) fn labels(words: &[String]) -> Result<Pairs, Error> {
    let mut pairs = Pairs::default();
    for word in words {
        match word.split_once('=') {
            Some((_, value)) if value.contains('=') => {
                return Err(Error::message(format!("invalid label spec: {word}")));
            }
            Some((key, value)) => {
                check_label_value(word, value)?;
                pairs.set.insert(key.to_owned(), value.to_owned());
            }
            None => match word.strip_suffix('-') {
                Some(key) => pairs.remove.push(key.to_owned()),
                None => return Err(Error::message(format!("unknown label spec: {word}"))),
            },
        }
    }
    if pairs.contradictions().is_empty() {
        return Ok(pairs);
    }
    Err(Error::message("can not both modify and remove a label in the same command"))
}

/// Reads `annotate`'s pairs. Contradictions are left for [`Pairs::contradictions`], which kubectl reports later.
pub(crate) fn annotations(words: &[String]) -> Pairs {
    let mut pairs = Pairs::default();
    for word in words {
        match word.split_once('=') {
            Some((key, value)) => {
                pairs.set.insert(key.to_owned(), value.to_owned());
            }
            None => pairs.remove.push(word.strip_suffix('-').unwrap_or(word).to_owned()),
        }
    }
    pairs
}

fn check_label_value(word: &str, value: &str) -> Result<(), Error> {
    let faults = names::label_value(value);
    if faults.is_empty() {
        return Ok(());
    }
    // The server has gone over to bytes; kubectl says characters and counts bytes.
    let faults = faults.join(";").replace(" bytes", " characters");
    Err(Error::message(format!("invalid label value: {}: {faults}", quoted(word))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn resources_come_before_pairs() {
        let (resources, pairs) = split(&words("item bolt a=1 b-"), "label").unwrap();
        assert_eq!((resources, pairs), (words("item bolt"), words("a=1 b-")));
        let error = split(&words("item bolt bad=1 =x"), "annotation").unwrap_err();
        assert_eq!(error.to_string(), "all resources must be specified before annotation changes: =x");
    }

    #[test]
    fn labels_are_checked() {
        let pairs = labels(&words("a=1 b= c-")).unwrap();
        assert_eq!((pairs.set["a"].as_str(), pairs.set["b"].as_str(), &pairs.remove), ("1", "", &words("c")));
        assert_eq!(
            labels(&words("a=1 a-")).unwrap_err().to_string(),
            "can not both modify and remove a label in the same command"
        );
        assert_eq!(labels(&words("a=1=2")).unwrap_err().to_string(), "invalid label spec: a=1=2");
        let long = format!("k={}/", "x".repeat(63));
        let error = labels(&[long]).unwrap_err().to_string();
        assert!(error.contains("must be no more than 63 characters;a valid label must be"), "{error}");
        for value in ["", "a", "a-b_c.d", "0"] {
            assert!(labels(&[format!("k={value}")]).is_ok(), "{value}");
        }
        for value in ["-a", "a.", "a/b", "é"] {
            assert!(labels(&[format!("k={value}")]).is_err(), "{value}");
        }
    }

    #[test]
    fn annotations_may_hold_anything() {
        let pairs = annotations(&words("note=a=b note- other-"));
        assert_eq!(pairs.set["note"], "a=b");
        assert_eq!(pairs.contradictions(), ["note"]);
    }
}
