//! docs/validate.md says what is: the rules of the table, and the formats as they are.
