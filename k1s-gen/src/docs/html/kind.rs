//! The section of a kind: names, versions, and of each version its fields, rules, print columns and example.

use k1s_runtime::api::PrintColumn;

use super::super::model::{Kind, Version};
use super::escape::Html;
use super::field;

pub(super) fn section(html: &mut Html, kind: &Kind) {
    html.raw("<section class=\"kind\" id=\"").text(&kind.id).raw("\">\n<header>");
    html.element("p class=\"group\"", &kind.group);
    html.raw("<h1>").text(&kind.kind);
    anchor(html, &kind.id);
    html.raw("</h1>");
    if let Some(text) = kind.description() {
        html.raw("<div class=\"prose lead\">").prose(text).raw("</div>");
    }
    html.raw("<dl class=\"names\">");
    name(html, "Scope", &[kind.scope.as_str().to_owned()]);
    name(html, "Resource", std::slice::from_ref(&kind.plural));
    name(html, "Singular", std::slice::from_ref(&kind.singular));
    name(html, "Short names", &kind.short_names);
    name(html, "Categories", &kind.categories);
    html.raw("</dl>");
    if kind.versions.len() > 1 {
        html.raw("<div class=\"tabs\" role=\"tablist\" aria-label=\"Versions\">");
        for version in &kind.versions {
            html.raw("<a role=\"tab\" href=\"#").text(&version.id).raw("\">").text(&version.name);
            html.raw(if version.deprecated.is_some() { "<small>deprecated</small></a>" } else { "</a>" });
        }
        html.raw("</div>");
    }
    html.raw("</header>\n");
    kind.versions.iter().for_each(|version| self::version(html, kind, version));
    html.raw("</section>\n");
}

fn name(html: &mut Html, label: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    html.raw("<div>").element("dt", label).raw("<dd>");
    for name in names {
        html.element("code", name).raw(" ");
    }
    html.raw("</dd></div>");
}

fn anchor(html: &mut Html, id: &str) {
    html.raw("<a class=\"anchor\" aria-label=\"Link\" href=\"#").text(id).raw("\">#</a>");
}

fn version(html: &mut Html, kind: &Kind, version: &Version) {
    html.raw("<article class=\"version\" id=\"").text(&version.id).raw("\">\n<div class=\"main\">\n");
    html.raw("<h2>").element("code", &version.api_version);
    anchor(html, &version.id);
    for (label, holds) in [
        ("stored", version.storage),
        ("not served", !version.served),
        ("status", version.status),
        ("scale", version.scale.is_some()),
    ] {
        if holds {
            html.element("span class=\"tag\"", label);
        }
    }
    html.raw("</h2>\n");
    if let Some(warning) = &version.deprecated {
        let warning = if warning.is_empty() { "This version is deprecated." } else { warning };
        html.raw("<p class=\"note warning\"><b>Deprecated</b> ").text(warning).raw("</p>\n");
    }
    if kind.description() != Some(&version.description) {
        html.raw("<div class=\"prose\">").prose(&version.description).raw("</div>\n");
    }
    html.raw("<div class=\"heading\"><h3>Fields</h3><span class=\"tools\"><button type=\"button\" data-open=\"true\">Expand all</button>\
        <button type=\"button\" data-open=\"false\">Collapse all</button></span></div>\n<div class=\"fields\">\n");
    version.fields.iter().for_each(|field| field::row(html, field, 0));
    html.raw("</div>\n");
    rules(html, version);
    paths(html, version);
    columns(html, &version.columns);
    html.raw("</div>\n");
    example(html, version);
    html.raw("</article>\n");
}

fn rules(html: &mut Html, version: &Version) {
    if version.rules.is_empty() && version.conditions.is_empty() {
        return;
    }
    html.raw("<h3>Rules for the whole object</h3>\n");
    field::conditions(html, &version.conditions);
    field::rules(html, &version.rules);
}

fn paths(html: &mut Html, version: &Version) {
    if !version.selectable_fields.is_empty() {
        html.raw("<h3>Field selectors</h3>\n<p class=\"paths\">");
        for path in &version.selectable_fields {
            html.element("code", path).raw(" ");
        }
        html.raw("</p>\n");
    }
    let Some(scale) = &version.scale else { return };
    html.raw("<h3>Scale</h3>\n<dl class=\"facts\">");
    let selector = scale.label_selector_path.as_deref().unwrap_or_default();
    for (label, path) in [
        ("Wanted", scale.spec_replicas_path.as_str()),
        ("Seen", scale.status_replicas_path.as_str()),
        ("Selector", selector),
    ] {
        if !path.is_empty() {
            html.raw("<div>").element("dt", label).raw("<dd>").element("code", path).raw("</dd></div>");
        }
    }
    html.raw("</dl>\n");
}

fn columns(html: &mut Html, columns: &[PrintColumn]) {
    if columns.is_empty() {
        return;
    }
    html.raw("<h3>Print columns</h3>\n<div class=\"scroll\"><table><thead><tr><th>Column<th>Type<th>Path<th></tr></thead><tbody>\n");
    for column in columns {
        html.raw("<tr>").element("td", &column.name).raw("<td>").element("code", &column.type_);
        html.raw("<td>").element("code", &column.json_path).raw("<td>").text(&column.description);
        if column.priority > 0 {
            html.raw(" <span class=\"tag\">wide</span>");
        }
        html.raw("</tr>\n");
    }
    html.raw("</tbody></table></div>\n");
}

fn example(html: &mut Html, version: &Version) {
    html.raw(
        "<aside class=\"example\"><div class=\"block\"><div class=\"caption\"><span>Example</span>\
        <button type=\"button\" class=\"copy\">Copy</button></div><pre><code>",
    );
    let mut scalar = None;
    for line in version.example.yaml.lines() {
        yaml(html, line, &mut scalar);
        html.raw("\n");
    }
    html.raw("</code></pre></div>\n");
    if !version.example.remarks.is_empty() {
        html.raw("<div class=\"note\"><b>To be adapted:</b> as it stands, it would be refused.<ul>");
        for remark in &version.example.remarks {
            html.element("li", remark);
        }
        html.raw("</ul></div>\n");
    }
    html.raw("</aside>\n");
}

/// A line of YAML with its key marked. `scalar` is how far the key of a text of several lines is indented, while in one.
fn yaml(html: &mut Html, line: &str, scalar: &mut Option<usize>) {
    let indent = line.len() - line.trim_start().len();
    if scalar.is_some_and(|above| indent > above || line.is_empty()) {
        html.text(line);
        return;
    }
    *scalar = None;
    let start = line.find(|c: char| !matches!(c, ' ' | '-')).unwrap_or(line.len());
    let key_ends = line.find(": ").or_else(|| line.ends_with(':').then(|| line.len() - 1));
    match key_ends.filter(|end| *end > start) {
        Some(end) => {
            let (key, value) = line.split_at(end);
            let (dashes, key) = key.split_at(start);
            html.text(dashes).element("b", key).text(value);
            if value.trim_start_matches([':', ' ']).starts_with(['|', '>']) {
                *scalar = Some(indent);
            }
        }
        None => {
            html.text(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_marked_and_texts_are_not() {
        let mut html = Html::default();
        let mut scalar = None;
        for line in ["spec:", "  text: |", "    no: key", "", "  - name: <a>", "  - plain"] {
            yaml(&mut html, line, &mut scalar);
            html.raw("\n");
        }
        let expected =
            "<b>spec</b>:\n  <b>text</b>: |\n    no: key\n\n  - <b>name</b>: &lt;a&gt;\n  - plain\n";
        assert_eq!(html.finish(), expected);
    }
}
