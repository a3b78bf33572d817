//! Text under construction, which cannot grow beyond the limit on what expressions build.

use crate::limits::MAX_BUILT_BYTES;
use crate::value::{EvalError, Value};

/// Text that a function makes.
#[derive(Default, Debug)]
pub(in crate::functions) struct Built(String);

impl Built {
    /// Room for so many bytes, if that many are allowed.
    pub(in crate::functions) fn with_size(bytes: usize) -> Result<Self, EvalError> {
        if bytes > MAX_BUILT_BYTES {
            Err(EvalError::TooLarge)
        } else {
            Ok(Self(String::with_capacity(bytes)))
        }
    }

    /// Appends text.
    pub(in crate::functions) fn push(&mut self, text: &str) -> Result<(), EvalError> {
        if text.len() > MAX_BUILT_BYTES.saturating_sub(self.0.len()) {
            return Err(EvalError::TooLarge);
        }
        self.0.push_str(text);
        Ok(())
    }

    /// Appends a character.
    pub(in crate::functions) fn push_char(&mut self, character: char) -> Result<(), EvalError> {
        self.push(character.encode_utf8(&mut [0; 4]))
    }

    /// The text so far.
    pub(in crate::functions) fn into_string(self) -> String {
        self.0
    }

    /// The text as a value.
    pub(in crate::functions) fn into_value<'a>(self) -> Value<'a> {
        Value::string(self.0)
    }
}
