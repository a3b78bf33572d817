//! The reference as one HTML page that needs nothing else: style, script and search index are in it, and its policy lets it load nothing.
//!
//! The page is whole without its script; the script adds search, tabs for versions, links that open what they lead to, and copying.
//! Anchors of kinds, versions and fields are [`anchor`](super::anchor)s, which have no colon; those of the page itself begin with `k1s:`.

mod escape;
mod field;
mod index;
mod kind;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::model::{Kind, Reference};
use super::{Options, remark};
use escape::Html;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page.
pub(super) fn page(reference: &Reference, options: &Options) -> String {
    let mut html = Html::default();
    html.raw("<!doctype html>\n<!-- ").raw(&remark(options)).raw(" -->\n<html lang=\"en\">\n");
    head(&mut html, &options.title);
    html.raw("<body>\n<a class=\"skip\" href=\"#k1s:main\">Skip to the reference</a>\n");
    html.raw("<header class=\"bar\"><button type=\"button\" class=\"menu\" aria-label=\"Menu\" aria-controls=\"k1s:side\">");
    html.raw(MENU).raw("</button><span class=\"title\">").text(&options.title).raw("</span></header>\n");
    side(&mut html, reference, options);
    html.raw("<main id=\"k1s:main\">\n");
    reference.kinds.iter().for_each(|kind| kind::section(&mut html, kind));
    if reference.kinds.is_empty() {
        html.raw("<p class=\"none\">No kinds.</p>\n");
    }
    html.raw("</main>\n<script type=\"application/json\" id=\"k1s:index\">").raw(&index::json(reference));
    html.raw("</script>\n<script>").raw(SCRIPT).raw("</script>\n</body>\n</html>\n");
    html.finish()
}

const MENU: &str = "<svg viewBox=\"0 0 16 16\" width=\"18\" height=\"18\" aria-hidden=\"true\"><path d=\"M2 4h12M2 8h12M2 12h12\" \
    stroke=\"currentColor\" stroke-width=\"1.6\" stroke-linecap=\"round\"/></svg>";

const LENS: &str = "<svg viewBox=\"0 0 16 16\" width=\"14\" height=\"14\" aria-hidden=\"true\"><circle cx=\"7\" cy=\"7\" r=\"4.6\" \
    fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.6\"/><path d=\"m10.6 10.6 3.4 3.4\" stroke=\"currentColor\" \
    stroke-width=\"1.6\" stroke-linecap=\"round\"/></svg>";

fn head(html: &mut Html, title: &str) {
    let policy = format!("default-src 'none'; style-src '{}'; script-src '{}'", hash(STYLE), hash(SCRIPT));
    html.raw("<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"")
        .raw(&policy);
    html.raw("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    html.raw("<title>").text(title).raw("</title>\n<style>").raw(STYLE).raw("</style>\n</head>\n");
}

/// What a policy calls a style or a script.
fn hash(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(text)))
}

fn side(html: &mut Html, reference: &Reference, options: &Options) {
    html.raw("<aside class=\"side\" id=\"k1s:side\">\n<a class=\"title\" href=\"#k1s:main\">")
        .text(&options.title)
        .raw("</a>\n");
    html.raw("<div class=\"search\" role=\"search\">").raw(LENS);
    html.raw("<input type=\"search\" id=\"k1s:query\" placeholder=\"Search fields\" aria-label=\"Search fields\" autocomplete=\"off\" \
        spellcheck=\"false\" role=\"combobox\" aria-expanded=\"false\" aria-controls=\"k1s:results\"><kbd>/</kbd></div>\n");
    html.raw(
        "<div class=\"results\" id=\"k1s:results\" role=\"listbox\" aria-label=\"Found\" hidden></div>\n",
    );
    html.raw("<nav aria-label=\"Kinds\">\n");
    for kinds in reference.kinds.chunk_by(|one, next| one.group == next.group) {
        html.raw("<h2>").text(kinds.first().map_or("", |kind| &kind.group)).raw("</h2>\n<ul>\n");
        kinds.iter().for_each(|kind| entry(html, kind));
        html.raw("</ul>\n");
    }
    html.raw("</nav>\n</aside>\n");
}

fn entry(html: &mut Html, kind: &Kind) {
    html.raw("<li><a href=\"#").text(&kind.id).raw("\">").text(&kind.kind).raw("<span>");
    html.text(kind.versions.first().map_or("", |version| &version.name)).raw("</span></a></li>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_end_where_they_should() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
        assert!(!SCRIPT.contains("innerHTML"), "text must not become elements");
    }

    #[test]
    fn hashes_are_those_that_browsers_make() {
        // printf '' | sha256sum, in base 64.
        assert_eq!(hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
