//! `-o custom-columns=NAME:.metadata.name,…`: columns of the user's own.

use serde_json::Value;

use super::layout::escape;
use crate::api::jsonpath::{JsonPath, go_text};
use crate::cli::error::Error;

/// Headers and paths.
#[derive(Debug)]
pub(crate) struct CustomColumns {
    columns: Vec<(String, JsonPath)>,
}

impl CustomColumns {
    /// Parses `HEADER:PATH[,HEADER:PATH…]`.
    ///
    /// # Errors
    /// When a column lacks its header, or its path is malformed.
    pub(crate) fn parse(spec: &str) -> Result<Self, Error> {
        if spec.is_empty() {
            return Err(Error::message("custom-columns format specified but no custom columns given"));
        }
        let columns = spec.split(',').map(|part| {
            let (header, path) = part.split_once(':').ok_or_else(|| {
                Error::message(format!(
                    "unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"
                ))
            })?;
            Self::column(header, path)
        });
        Ok(Self { columns: columns.collect::<Result<_, _>>()? })
    }

    /// Parses a file with a line of headers and a line of paths.
    ///
    /// # Errors
    /// When there are not as many paths as headers, or a path is malformed.
    pub(crate) fn parse_file(text: &str) -> Result<Self, Error> {
        let mut lines = text.lines().map(str::split_whitespace);
        let (Some(headers), Some(paths)) = (lines.next(), lines.next()) else {
            return Err(Error::message("invalid template, missing header or spec line."));
        };
        let (headers, paths): (Vec<_>, Vec<_>) = (headers.collect(), paths.collect());
        if headers.len() != paths.len() {
            return Err(Error::message(format!(
                "number of headers ({}) and field specifications ({}) don't match",
                headers.len(),
                paths.len()
            )));
        }
        let columns = headers.iter().zip(paths).map(|(header, path)| Self::column(header, path));
        Ok(Self { columns: columns.collect::<Result<_, _>>()? })
    }

    fn column(header: &str, path: &str) -> Result<(String, JsonPath), Error> {
        let path = JsonPath::relaxed(path).map_err(|error| Error::message(error.to_string()))?;
        Ok((header.to_owned(), path))
    }

    /// The cells of the first row.
    pub(crate) fn headers(&self) -> Vec<String> {
        self.columns.iter().map(|(header, _)| header.clone()).collect()
    }

    /// The cells of an object: what is at each path, or `<none>`.
    ///
    /// # Errors
    /// When a path does not fit the object.
    pub(crate) fn row(&self, object: &Value) -> Result<Vec<String>, Error> {
        let cells = self.columns.iter().map(|(_, path)| {
            let found = path.find(object).map_err(|error| Error::message(error.to_string()))?;
            let texts: Vec<_> = found.iter().map(|value| escape(&go_text(value))).collect();
            Ok(if texts.is_empty() { "<none>".to_owned() } else { texts.join(",") })
        });
        cells.collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_show_what_is_at_their_paths() {
        let columns = CustomColumns::parse("N:.metadata.name,D:data,T:.t[*],X:{.x}").unwrap();
        assert_eq!(columns.headers(), ["N", "D", "T", "X"]);
        let object = json!({"metadata": {"name": "a"}, "data": {"a": "1", "b": "2"}, "t": [1, "y"]});
        assert_eq!(columns.row(&object).unwrap(), ["a", "map[a:1 b:2]", "1,y", "<none>"]);
    }

    #[test]
    fn a_wrong_spec_says_what_is_expected() {
        for (spec, message) in [
            ("", "custom-columns format specified but no custom columns given"),
            ("NAME", "unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>"),
        ] {
            assert_eq!(CustomColumns::parse(spec).unwrap_err().render(), format!("error: {message}\n"));
        }
        let file = CustomColumns::parse_file("NAME  QTY\n.metadata.name .spec.quantity\n").unwrap();
        assert_eq!(file.headers(), ["NAME", "QTY"]);
        assert!(CustomColumns::parse_file("NAME QTY\n.a\n").is_err());
    }
}
