//! A field: its name and type, what is said of it, and the fields below it, which can be folded away.

use super::super::model::{Branch, Condition, Described, Field, Rule};
use super::escape::Html;

/// How deep fields are unfolded at first.
const OPEN: usize = 1;

pub(super) fn row(html: &mut Html, field: &Field, depth: usize) {
    html.raw("<div class=\"field\" id=\"").text(&field.id).raw("\"><div class=\"row\">");
    if let Some((above, name)) = field.path.rsplit_once('.').filter(|(_, name)| *name == field.name) {
        html.raw("<span class=\"path\">").text(above).raw(".</span>").element("span class=\"name\"", name);
    } else {
        html.element("span class=\"name\"", &field.name);
    }
    html.element("span class=\"type\"", &field.type_name);
    if field.required {
        html.raw("<span class=\"tag required\">required</span>");
    }
    if field.value.immutable {
        html.raw("<span class=\"tag\">immutable</span>");
    }
    if let Some(default) = &field.value.default {
        html.raw("<span class=\"default\">default <code>").text(default).raw("</code></span>");
    }
    html.raw("<a class=\"anchor\" aria-label=\"Link\" href=\"#").text(&field.id).raw("\">#</a></div>");
    described(html, &field.value);
    for inner in &field.inner {
        html.raw("<div class=\"inner\">").element("p class=\"label\"", &inner.label);
        if let Some(default) = &inner.value.default {
            html.raw("<p class=\"default\">default <code>").text(default).raw("</code></p>");
        }
        described(html, &inner.value);
        html.raw("</div>");
    }
    if !field.fields.is_empty() {
        let count = field.fields.len();
        html.raw(if depth < OPEN { "<details class=\"below\" open>" } else { "<details class=\"below\">" });
        html.raw("<summary>")
            .text(&format!("{count} {}", if count == 1 { "field" } else { "fields" }))
            .raw("</summary>");
        field.fields.iter().for_each(|below| row(html, below, depth + 1));
        html.raw("</details>");
    }
    html.raw("</div>\n");
}

fn described(html: &mut Html, value: &Described) {
    if let Some(title) = &value.title {
        html.element("p class=\"subtitle\"", title);
    }
    if !value.description.is_empty() {
        html.raw("<div class=\"prose\">").prose(&value.description).raw("</div>");
    }
    if let Some((words, url)) = &value.docs {
        html.raw("<p class=\"more\">See ");
        match url {
            Some(url) => html.link(words, url),
            None => html.text(words),
        };
        html.raw("</p>");
    }
    if !value.values.is_empty() {
        html.raw("<p class=\"values\"><span>")
            .raw(if value.values.len() == 1 { "Always" } else { "One of" })
            .raw("</span>");
        value.values.iter().for_each(|value| {
            html.element("code", value).raw(" ");
        });
        html.raw("</p>");
    }
    if !value.facts.is_empty() || value.example.is_some() {
        html.raw("<dl class=\"facts\">");
        for fact in &value.facts {
            html.raw("<div>").element("dt", fact.label);
            html.raw("<dd>").element(if fact.code { "code" } else { "span" }, &fact.value).raw("</dd></div>");
        }
        if let Some(example) = &value.example {
            html.raw("<div><dt>Example</dt><dd>").element("code", example).raw("</dd></div>");
        }
        html.raw("</dl>");
    }
    conditions(html, &value.conditions);
    rules(html, &value.rules);
}

pub(super) fn conditions(html: &mut Html, conditions: &[Condition]) {
    for condition in conditions {
        html.raw("<div class=\"condition\">").element("p class=\"label\"", condition.label).raw("<ul>");
        for branch in &condition.branches {
            html.raw("<li>");
            match branch {
                Branch::Words(parts) => parts.iter().for_each(|(text, is_code)| {
                    html.element(if *is_code { "code" } else { "span" }, text);
                }),
                Branch::Schema(json) => {
                    html.element("code", json);
                }
            }
            html.raw("</li>");
        }
        html.raw("</ul></div>");
    }
}

pub(super) fn rules(html: &mut Html, rules: &[Rule]) {
    for rule in rules {
        html.raw("<div class=\"rule\">").element("code", &rule.rule);
        if let Some(message) = &rule.message {
            html.element("p", message);
        }
        if let Some(expression) = &rule.message_expression {
            html.raw("<p>Message: <code>").text(expression).raw("</code></p>");
        }
        let mut notes = Vec::new();
        notes.extend(rule.field_path.as_deref().map(|path| format!("reported at {path}")));
        notes.extend(rule.reason.clone());
        notes.extend(rule.transition.then(|| "checked on changes".to_owned()));
        if !notes.is_empty() {
            html.element("p class=\"notes\"", &notes.join(" · "));
        }
        html.raw("</div>");
    }
}
