//! Which formats JSON Schema has, too.

/// A format in terms of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counterpart {
    /// `format`, which takes at least what the API server takes.
    Format(&'static str),
    /// `contentEncoding`.
    Encoding(&'static str),
    /// Integers between these bounds.
    Bounds(i64, i64),
    /// None: JSON Schema does not know it, or means something else by it.
    None,
}

/// The counterpart of a format of the API server. Dashes do not count, as in the table of formats.
pub(super) fn counterpart(name: &str) -> Counterpart {
    let name: String = name.chars().filter(|c| *c != '-').collect();
    match name.as_str() {
        "date" => Counterpart::Format("date"),
        "datetime" => Counterpart::Format("date-time"),
        "email" => Counterpart::Format("email"),
        "hostname" => Counterpart::Format("hostname"),
        "ipv4" => Counterpart::Format("ipv4"),
        "ipv6" => Counterpart::Format("ipv6"),
        // The server takes paths, too.
        "uri" => Counterpart::Format("uri-reference"),
        "byte" => Counterpart::Encoding("base64"),
        "int32" => Counterpart::Bounds(i32::MIN.into(), i32::MAX.into()),
        "uint32" => Counterpart::Bounds(0, u32::MAX.into()),
        _ => Counterpart::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::formats;

    #[test]
    fn it_is_decided_of_every_format_whether_json_schema_has_it() {
        let without: Vec<&str> = formats::all()
            .iter()
            .map(formats::Format::name)
            .filter(|name| counterpart(name) == Counterpart::None)
            .collect();
        assert_eq!(
            without,
            [
                "int64",
                "float",
                "double",
                "bsonobjectid",
                "cidr",
                "mac",
                "uuid",
                "uuid3",
                "uuid4",
                "uuid5",
                "isbn",
                "isbn10",
                "isbn13",
                "creditcard",
                "ssn",
                "hexcolor",
                "rgbcolor",
                "password",
                "duration",
                "k8s-short-name",
                "k8s-long-name",
            ]
        );
    }
}
