//! The reference as Markdown, in the dialect that GitHub and most others read.

use std::fmt::Write;

use k1s_runtime::api::PrintColumn;

use super::model::{Branch, Condition, Described, Field, Inner, Kind, Reference, Rule, Version};
use super::text::{Block, Inline, Text};
use super::{File, Options, remark};

const INDEX: &str = "index.md";

/// The index with a file for each kind, or all in the index.
pub(super) fn files(reference: &Reference, options: &Options) -> Vec<File> {
    let mut index = head(options, &options.title);
    index.push_str("| Kind | Group | Versions | Scope | |\n| --- | --- | --- | --- | --- |\n");
    for kind in &reference.kinds {
        let target = if options.single { format!("#{}", kind.id) } else { file_name(kind) };
        let versions: Vec<&str> = kind.versions.iter().map(|version| version.name.as_str()).collect();
        let about = kind.description().map(|text| cell(&text.summary())).unwrap_or_default();
        put(
            &mut index,
            format_args!(
                "| [{}]({target}) | {} | {} | {} | {about} |\n",
                cell(&kind.kind),
                cell(&kind.group),
                cell(&versions.join(", ")),
                kind.scope.as_str(),
            ),
        );
    }
    let mut files = Vec::new();
    for kind in &reference.kinds {
        let text = Writer { level: if options.single { 2 } else { 1 }, out: String::new() }.kind(kind);
        if options.single {
            index.push('\n');
            index.push_str(&text);
        } else {
            let note = format!("<!-- {} -->\n\n", remark(options));
            files.push(File { name: file_name(kind), text: format!("{note}{text}") });
        }
    }
    files.insert(0, File { name: INDEX.to_owned(), text: index });
    files
}

fn head(options: &Options, title: &str) -> String {
    format!("<!-- {} -->\n\n# {}\n\n", remark(options), escape(title))
}

/// As the kind's CustomResourceDefinition is called, without what has a meaning in paths and links.
fn file_name(kind: &Kind) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' };
    format!(
        "{}_{}.md",
        kind.group.replace(|c| plain(c) != c, "-"),
        kind.plural.replace(|c| plain(c) != c, "-")
    )
}

/// Writing to memory does not fail.
fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(what);
}

/// The text of one kind, with headings from a level on.
struct Writer {
    level: usize,
    out: String,
}

impl Writer {
    fn put(&mut self, what: std::fmt::Arguments<'_>) {
        put(&mut self.out, what);
    }

    fn heading(&mut self, below: usize, id: Option<&str>, title: &str) {
        if let Some(id) = id {
            self.put(format_args!("<a id=\"{id}\"></a>\n\n"));
        }
        let signs = "#".repeat(self.level + below);
        self.put(format_args!("{signs} {}\n\n", escape(title)));
    }

    fn kind(mut self, kind: &Kind) -> String {
        self.heading(0, Some(&kind.id), &kind.kind);
        if let Some(text) = kind.description() {
            self.out.push_str(&paragraphs(text));
        }
        self.out.push_str("| | |\n| --- | --- |\n");
        self.put(format_args!("| Group | {} |\n", code(&kind.group)));
        self.put(format_args!("| Scope | {} |\n", kind.scope.as_str()));
        self.put(format_args!("| Names | {}, {} |\n", code(&kind.plural), code(&kind.singular)));
        for (label, names) in [("Short names", &kind.short_names), ("Categories", &kind.categories)] {
            if !names.is_empty() {
                self.put(format_args!("| {label} | {} |\n", codes(names)));
            }
        }
        self.out.push('\n');
        kind.versions.iter().for_each(|version| self.version(kind, version));
        self.out.truncate(self.out.trim_end().len());
        self.out.push('\n');
        self.out
    }

    fn version(&mut self, kind: &Kind, version: &Version) {
        self.heading(1, Some(&version.id), &version.name);
        if let Some(warning) = &version.deprecated {
            let warning = if warning.is_empty() { "This version is deprecated." } else { warning };
            self.put(format_args!("**Deprecated:** {}\n\n", escape(warning)));
        }
        if kind.description() != Some(&version.description) {
            self.out.push_str(&paragraphs(&version.description));
        }
        self.version_facts(version);
        self.heading(2, None, "Example");
        if !version.example.remarks.is_empty() {
            self.out.push_str("To be adapted; as it stands, it would be refused:\n\n");
            version
                .example
                .remarks
                .iter()
                .for_each(|remark| put(&mut self.out, format_args!("- {}\n", escape(remark))));
            self.out.push('\n');
        }
        self.block("yaml", &version.example.yaml);
        self.heading(2, None, "Fields");
        self.out.push_str("| Field | Type | Description |\n| --- | --- | --- |\n");
        version.all_fields().into_iter().for_each(|field| self.field(field));
        self.out.push('\n');
        if !version.rules.is_empty() || !version.conditions.is_empty() {
            self.heading(2, None, "Rules");
            let said = version.conditions.iter().map(condition).chain(version.rules.iter().map(rule));
            said.for_each(|line| put(&mut self.out, format_args!("- {line}\n")));
            self.out.push('\n');
        }
        if !version.columns.is_empty() {
            self.heading(2, None, "Print columns");
            self.out.push_str("| Column | Type | Path | Description |\n| --- | --- | --- | --- |\n");
            version.columns.iter().for_each(|column| self.column(column));
            self.out.push('\n');
        }
    }

    fn version_facts(&mut self, version: &Version) {
        let mut facts = vec![("apiVersion", code(&version.api_version))];
        facts.push(("Served", if version.served { "yes" } else { "no" }.to_owned()));
        facts.push(("Stored", if version.storage { "yes" } else { "no" }.to_owned()));
        if version.status {
            facts.push(("Status", "a subresource".to_owned()));
        }
        if let Some(scale) = &version.scale {
            let mut said =
                format!("{} of {}", code(&scale.status_replicas_path), code(&scale.spec_replicas_path));
            if let Some(path) = &scale.label_selector_path {
                put(&mut said, format_args!(", selected by {}", code(path)));
            }
            facts.push(("Scale", said));
        }
        if !version.selectable_fields.is_empty() {
            facts.push(("Selectable fields", codes(&version.selectable_fields)));
        }
        self.out.push_str("| | |\n| --- | --- |\n");
        facts.iter().for_each(|(label, said)| put(&mut self.out, format_args!("| {label} | {said} |\n")));
        self.out.push('\n');
    }

    fn field(&mut self, field: &Field) {
        let mut marks = vec![code(&field.type_name)];
        marks.extend(field.required.then(|| "required".to_owned()));
        marks.extend(field.value.immutable.then(|| "immutable".to_owned()));
        let mut lines = described(&field.value);
        lines.extend(field.inner.iter().flat_map(inner));
        self.put(format_args!(
            "| <a id=\"{}\"></a>{} | {} | {} |\n",
            field.id,
            code(&field.path),
            marks.join("<br>"),
            lines.join("<br>"),
        ));
    }

    fn column(&mut self, column: &PrintColumn) {
        let wide = if column.priority > 0 { "with `-o wide`" } else { "" };
        let said: Vec<String> = [cell(&column.description), wide.to_owned()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        self.put(format_args!(
            "| {} | {} | {} | {} |\n",
            cell(&column.name),
            code(&column.type_),
            code(&column.json_path),
            said.join(", "),
        ));
    }

    /// A block of code. The fence is longer than any in it.
    fn block(&mut self, language: &str, text: &str) {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(3.max(longest + 1));
        self.put(format_args!("{fence}{language}\n{}\n{fence}\n\n", text.trim_end()));
    }
}

/// What is said of a value, in lines of a table's cell.
fn described(value: &Described) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(value.title.as_deref().map(|title| format!("**{}**", cell(title))));
    lines.extend(value.description.blocks.iter().flat_map(block_lines));
    lines.extend(value.docs.as_ref().map(|(words, url)| match url {
        Some(url) => format!("See [{}](<{url}>)", cell(words)),
        None => format!("See {}", cell(words)),
    }));
    lines.extend(value.default.as_deref().map(|default| format!("Default: {}", code(default))));
    lines.extend(value.example.as_deref().map(|example| format!("Example: {}", code(example))));
    if !value.values.is_empty() {
        let label = if value.values.len() == 1 { "Always" } else { "One of" };
        lines.push(format!("{label}: {}", codes(&value.values)));
    }
    lines.extend(value.facts.iter().map(|fact| {
        format!("{}: {}", fact.label, if fact.code { code(&fact.value) } else { cell(&fact.value) })
    }));
    lines.extend(value.conditions.iter().map(condition));
    lines.extend(value.rules.iter().map(|said| format!("Rule: {}", rule(said))));
    lines
}

fn inner(inner: &Inner) -> Vec<String> {
    described(&inner.value).into_iter().map(|line| format!("{}: {line}", inner.label)).collect()
}

fn condition(condition: &Condition) -> String {
    let branch = |branch: &Branch| match branch {
        Branch::Words(parts) => {
            parts.iter().map(|(text, is_code)| if *is_code { code(text) } else { escape(text) }).collect()
        }
        Branch::Schema(json) => code(json),
    };
    let branches: Vec<String> = condition.branches.iter().map(branch).collect();
    format!("{}: {}", condition.label, branches.join("; "))
}

fn rule(rule: &Rule) -> String {
    let mut said = code(&rule.rule);
    let mut more = Vec::new();
    more.extend(rule.message.as_deref().map(cell));
    more.extend(
        rule.message_expression.as_deref().map(|expression| format!("message of {}", code(expression))),
    );
    more.extend(rule.field_path.as_deref().map(|path| format!("blames {}", code(path))));
    more.extend(rule.reason.as_deref().map(cell));
    more.extend(rule.transition.then(|| "compared with the object before".to_owned()));
    if !more.is_empty() {
        put(&mut said, format_args!(" ({})", more.join("; ")));
    }
    said
}

fn block_lines(block: &Block) -> Vec<String> {
    match block {
        Block::Paragraph(parts) => vec![inlines(parts)],
        Block::List(entries) => entries.iter().map(|entry| format!("• {}", inlines(entry))).collect(),
        Block::Code(text) => text.lines().map(code).collect(),
    }
}

fn paragraphs(text: &Text) -> String {
    let mut out = String::new();
    for block in &text.blocks {
        match block {
            Block::Paragraph(parts) => put(&mut out, format_args!("{}\n\n", inlines(parts))),
            Block::List(entries) => {
                entries.iter().for_each(|entry| put(&mut out, format_args!("- {}\n", inlines(entry))));
                out.push('\n');
            }
            Block::Code(text) => {
                let mut writer = Writer { level: 1, out: std::mem::take(&mut out) };
                writer.block("", text);
                out = writer.out;
            }
        }
    }
    out
}

fn inlines(parts: &[Inline]) -> String {
    let shown = |part: &Inline| match part {
        Inline::Plain(text) => escape(text),
        Inline::Code(text) => code(text),
        Inline::Link { text, url } if text == url => format!("<{url}>"),
        Inline::Link { text, url } => format!("[{}](<{url}>)", escape(text)),
    };
    parts.iter().map(shown).collect()
}

fn codes(texts: &[String]) -> String {
    texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
}

/// Text in a cell of a table: a line.
fn cell(text: &str) -> String {
    escape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Text that has no meaning in Markdown or HTML, in a table or not.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mark = mark_of_block(text);
    for (at, c) in text.char_indices() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => out.extend(['\\', c]),
            _ if mark == Some(at) => out.extend(['\\', c]),
            '\n' | '\r' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Where the sign stands that would make a heading, a list or a line across the page of a text.
fn mark_of_block(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start().len();
    let line = text.get(start..)?;
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - rest.len();
    let mut signs = rest.chars();
    let is_mark = match signs.next()? {
        '.' | ')' => digits > 0,
        '#' | '-' | '+' | '=' => digits == 0,
        _ => false,
    };
    let ends = signs.next().is_none_or(|next| next.is_whitespace() || matches!(next, '#' | '-' | '='));
    (is_mark && ends).then_some(start + digits)
}

/// Text as code, as it is but for line breaks, which are spaces then. Tables read `|` even there, so HTML is needed if there is one.
fn code(text: &str) -> String {
    let line: String = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return String::new();
    }
    if line.contains(['|', '`', '\\']) {
        return format!("<code>{}</code>", escape(&line));
    }
    format!("`{line}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_is_escaped() {
        assert_eq!(escape("a|b `c` <d> & *e* _f_"), r"a\|b \`c\` &lt;d&gt; &amp; \*e\* \_f\_");
        assert_eq!(escape("# no heading # here"), r"\# no heading # here");
        assert_eq!(escape("- no list - here"), r"\- no list - here");
        assert_eq!(escape("1. no list"), r"1\. no list");
        assert_eq!(escape("---"), r"\---");
        assert_eq!((escape("-90 to 90"), escape("1.5")), ("-90 to 90".to_owned(), "1.5".to_owned()));
        assert_eq!(cell("two\nlines"), "two lines");
    }

    #[test]
    fn code_is_code_in_tables_too() {
        assert_eq!(code("a == b"), "`a == b`");
        assert_eq!(code("^(a|b)$"), r"<code>^(a\|b)\$</code>");
        assert_eq!(code("</code><script>`"), r"<code>&lt;/code&gt;&lt;script&gt;\`</code>");
        assert_eq!(code("a &&\n  b"), "`a && b`");
    }

    #[test]
    fn fences_are_longer_than_those_inside() {
        let mut writer = Writer { level: 1, out: String::new() };
        writer.block("yaml", "a: |\n  ````\n");
        assert_eq!(writer.out, "`````yaml\na: |\n  ````\n`````\n\n");
    }
}
