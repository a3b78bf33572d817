//! The grammar of fields, and its errors.

use k1s_gen::scaffold::{FLAGS, Field, TYPES};

fn refusal(argument: &str) -> String {
    Field::parse(argument).unwrap_err().to_string()
}

#[test]
fn errors_point_at_the_place() {
    assert_eq!(
        refusal("quantity:int:mni=0"),
        "unknown flag \"mni\"\n  --field quantity:int:mni=0\n                       ^^^\nhint: did you mean `min`?"
    );
    for (argument, marked, hint) in [
        ("größe:int", "größe", "lower-case letter first"),
        ("name", "", "`name:string`"),
        ("name:sting", "sting", "did you mean `string`?"),
        ("name:boolean", "boolean", "did you mean `bool`?"),
        ("name:list", "list", "`list(string)`"),
        ("name:list(strin)", "strin", "`string`"),
        ("name:enum(A,A)", "A", "leave one"),
        ("name:enum(A,2b)", "2b", "a letter first"),
        ("name:list(string", "(string", "close it"),
        ("name:string:min=1", "min", "min_length"),
        ("name:string:\"open", "\"open", "quotes end"),
        ("name:int:min=a", "a", ""),
        ("name:int:min", "min", "`min=0`"),
        ("name:int:optional=yes", "yes", "`optional` alone"),
        ("name:int:min=1:min=2", "min", "leave one"),
        ("name:enum(A,B):default=C", "C", "one of A, B"),
        ("name:string:pattern=\"[\"", "\"[\"", ""),
        ("name:string:\"a\":\"b\"", "\"b\"", "leave one"),
        ("name:int:default=99999999999", "99999999999", "whole number"),
        ("", "", "lower-case letter first"),
    ] {
        let error = Field::parse(argument).unwrap_err();
        assert_eq!(argument.get(error.start..error.end), Some(marked), "{argument}: {error}");
        assert!(error.hint.contains(hint), "{argument}: {error}");
    }
}

#[test]
fn what_no_value_would_satisfy_is_refused() {
    assert!(refusal("a:int:min=3:max=2").contains("no value would do"));
    assert!(refusal("a:int:min=3:default=2").contains("less than `min`"));
    assert!(refusal("a:string:pattern=\"^qqq[0-9]+$\"").contains("example=VALUE"));
    assert!(refusal("a:string:max_length=2:example=long").contains("longer"));
    assert!(refusal("a:duration:default=5x").contains("format `duration`"));
    assert!(refusal("a:date:default=2020-13-45").contains("format `date`"));
    assert!(refusal("a:string:format=email:example=nope").contains("format `email`"));
    assert!(refusal("a:int:optional:default=1").contains("exclude each other"));
    assert!(Field::parse("a:string:pattern=\"^qqq[0-9]+$\":example=qqq1").is_ok());
    assert!(Field::parse("a:string:optional:pattern=\"^qqq[0-9]+$\"").is_ok());
}

#[test]
fn colons_are_kept_in_quotes() {
    let field =
        Field::parse(r#"at:string:pattern="^[0-9]+:[0-9]+$":example='1:2':"When: hours, minutes""#).unwrap();
    assert_eq!(field.description, "When: hours, minutes");
}

/// Every type and flag is documented, and nothing else is.
#[test]
fn the_documentation_lists_the_grammar() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scaffold.md");
    let documentation = std::fs::read_to_string(path).unwrap();
    let types: String =
        TYPES.iter().map(|ty| format!("| `{}` | `{}` | {} |\n", ty.name, ty.rust, ty.says)).collect();
    let flags: String = FLAGS
        .iter()
        .map(|flag| {
            let value = if flag.sample.is_empty() { String::new() } else { format!("={}", flag.sample) };
            format!("| `{}{value}` | {} |\n", flag.name, flag.says)
        })
        .collect();
    for table in [types, flags] {
        assert!(documentation.contains(&table), "docs/scaffold.md should have:\n{table}");
    }
}
