//! Columns of text: what `k8s.io/cli-runtime` gets out of its tab writer.

use std::io::{self, Write};

/// Narrowest column.
const MIN_WIDTH: usize = 6;
/// Spaces after the widest cell.
const PADDING: usize = 3;

/// Lays out rows of cells. Every cell but a row's last is padded to its column's width; widths never shrink from one
/// [`Layout::flush`] to the next, so that what a watch prints stays in line.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    widths: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl Layout {
    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        for (column, cell) in cells.iter().enumerate().take(cells.len().saturating_sub(1)) {
            let width = (cell.chars().count() + PADDING).max(MIN_WIDTH);
            match self.widths.get_mut(column) {
                Some(known) => *known = width.max(*known),
                None => self.widths.push(width),
            }
        }
        self.rows.push(cells);
    }

    /// Writes the rows since the last time.
    pub(crate) fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        for cells in self.rows.drain(..) {
            let last = cells.len().saturating_sub(1);
            for (column, cell) in cells.iter().enumerate() {
                out.write_all(cell.as_bytes())?;
                if column < last {
                    let width = self.widths.get(column).copied().unwrap_or(MIN_WIDTH);
                    let pad = width.saturating_sub(cell.chars().count());
                    write!(out, "{:pad$}", "")?;
                }
            }
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// Text that cannot drive a terminal, as kubectl escapes it.
pub(crate) fn escape(text: &str) -> String {
    if text.contains(['\u{1b}', '\r']) {
        text.replace('\u{1b}', "^[").replace('\r', "\\r")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(layout: &mut Layout) -> String {
        let mut out = Vec::new();
        layout.flush(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_last_cell_is_not_padded_and_widths_stay() {
        let mut layout = Layout::default();
        let cells = |row: &[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        layout.row(cells(&["NAME", "QTY", "AGE"]));
        layout.row(cells(&["schräubchen", "", "1s"]));
        assert_eq!(show(&mut layout), "NAME          QTY   AGE\nschräubchen         1s\n");
        layout.row(cells(&["b", "2", ""]));
        assert_eq!(show(&mut layout), "b             2     \n");
    }
}
