//! Quoted text in templates, with Go's escapes.

/// What quoted text stands for; `None` if an escape is wrong. `text` is without its quotes.
pub(super) fn unquote(text: &str, quote: char) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == quote {
            return None;
        }
        if c != '\\' {
            push(&mut out, c);
            continue;
        }
        match chars.next()? {
            'a' => out.push(0x07),
            'b' => out.push(0x08),
            'f' => out.push(0x0C),
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            't' => out.push(b'\t'),
            'v' => out.push(0x0B),
            '\\' => out.push(b'\\'),
            'x' => out.push(u8::try_from(number(&mut chars, 2, 16)?).ok()?),
            'u' => push(&mut out, char::from_u32(number(&mut chars, 4, 16)?)?),
            'U' => push(&mut out, char::from_u32(number(&mut chars, 8, 16)?)?),
            first @ '0'..='7' => {
                let rest = number(&mut chars, 2, 8)?;
                out.push(u8::try_from(first.to_digit(8)? * 64 + rest).ok()?);
            }
            escaped if escaped == quote => push(&mut out, escaped),
            _ => return None,
        }
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}

fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn number(chars: &mut std::str::Chars<'_>, digits: usize, radix: u32) -> Option<u32> {
    (0..digits).try_fold(0u32, |sum, _| sum.checked_mul(radix)?.checked_add(chars.next()?.to_digit(radix)?))
}
