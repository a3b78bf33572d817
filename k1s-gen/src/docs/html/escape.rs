//! A page that is being written: what authors wrote goes in by [`Html::text`] and in no other way.

use super::super::text::{Block, Inline, Text};

/// HTML that is being written.
#[derive(Default)]
pub(super) struct Html {
    out: String,
}

impl Html {
    /// Markup of our own.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// Text, in an element or in a quoted attribute.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                // No character of HTML.
                c if c.is_control() && !matches!(c, '\n' | '\t') => self.out.push('\u{fffd}'),
                c => self.out.push(c),
            }
        }
        self
    }

    /// An element with text in it. `tag` may have attributes of our own.
    pub(super) fn element(&mut self, tag: &str, text: &str) -> &mut Self {
        let name = tag.split(' ').next().unwrap_or_default();
        self.raw("<").raw(tag).raw(">").text(text).raw("</").raw(name).raw(">")
    }

    /// A description.
    pub(super) fn prose(&mut self, text: &Text) -> &mut Self {
        for block in &text.blocks {
            match block {
                Block::Paragraph(parts) => {
                    self.raw("<p>").inlines(parts).raw("</p>");
                }
                Block::List(entries) => {
                    self.raw("<ul>");
                    for entry in entries {
                        self.raw("<li>").inlines(entry).raw("</li>");
                    }
                    self.raw("</ul>");
                }
                Block::Code(code) => {
                    self.raw("<pre>").text(code).raw("</pre>");
                }
            }
        }
        self
    }

    fn inlines(&mut self, parts: &[Inline]) -> &mut Self {
        for part in parts {
            match part {
                Inline::Plain(text) => self.text(text),
                Inline::Code(text) => self.element("code", text),
                Inline::Link { text, url } => self.link(text, url),
            };
        }
        self
    }

    /// A link to another page.
    pub(super) fn link(&mut self, text: &str, url: &str) -> &mut Self {
        self.raw("<a rel=\"noopener\" href=\"").text(url).raw("\">").text(text).raw("</a>")
    }

    /// What was written.
    pub(super) fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let mut html = Html::default();
        html.element("b class=\"x\"", "</b><script>alert('&\"')</script>\u{0}");
        let expected =
            "<b class=\"x\">&lt;/b&gt;&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;\u{fffd}</b>";
        assert_eq!(html.finish(), expected);
    }

    #[test]
    fn prose_keeps_its_blocks() {
        let mut html = Html::default();
        html.prose(&Text::parse("A `<b>`, see https://x.example/?a=1&b=2\n\n- one\n\n```\n<i>\n```"));
        let expected = "<p>A <code>&lt;b&gt;</code>, see <a rel=\"noopener\" href=\"https://x.example/?a=1&amp;b=2\">\
            https://x.example/?a=1&amp;b=2</a></p><ul><li>one</li></ul><pre>&lt;i&gt;</pre>";
        assert_eq!(html.finish(), expected);
    }
}
