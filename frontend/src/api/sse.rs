//! Server-sent events, read from a body that arrives in pieces (WHATWG HTML, "Server-sent events").

/// One event.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Frame {
    /// Its `id:`, for `Last-Event-ID`.
    pub(super) id: Option<String>,
    /// Its `data:` lines.
    pub(super) data: String,
}

/// Puts pieces together.
#[derive(Debug, Default)]
pub(super) struct Parser {
    /// Bytes of a line that is not complete. Bytes, because a piece may end inside a letter.
    rest: Vec<u8>,
    frame: Frame,
    has_data: bool,
}

impl Parser {
    /// Takes a piece; gives the events that it completes.
    pub(super) fn feed(&mut self, piece: &[u8]) -> Vec<Frame> {
        self.rest.extend_from_slice(piece);
        let mut frames = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            frames.extend(self.line(line.trim_end_matches(['\r', '\n'])));
        }
        frames
    }

    fn line(&mut self, line: &str) -> Option<Frame> {
        if line.is_empty() {
            let frame = std::mem::take(&mut self.frame);
            return std::mem::take(&mut self.has_data).then_some(frame);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.frame.data.push('\n');
                }
                self.frame.data.push_str(value);
            }
            "id" => self.frame.id = Some(value.to_owned()),
            // Comments keep the connection alive; names are in our JSON.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(pieces: &[&[u8]]) -> Vec<(Option<String>, String)> {
        let mut parser = Parser::default();
        pieces.iter().flat_map(|piece| parser.feed(piece)).map(|frame| (frame.id, frame.data)).collect()
    }

    #[test]
    fn events_survive_any_cut() {
        let text = "id: 7\ndata: {\"type\":\"people\"}\n\n: ping\n\nid: 8\r\ndata: ä\r\n\r\n".as_bytes();
        let expected =
            [(Some("7".to_owned()), r#"{"type":"people"}"#.to_owned()), (Some("8".to_owned()), "ä".to_owned())];
        assert_eq!(frames(&[text]), expected);
        for cut in 1..text.len() {
            assert_eq!(frames(&[&text[..cut], &text[cut..]]), expected, "cut at {cut}");
        }
    }

    #[test]
    fn data_of_several_lines_is_joined() {
        assert_eq!(frames(&[b"data: a\ndata: b\n\n"]), [(None, "a\nb".to_owned())]);
    }

    #[test]
    fn what_is_not_complete_is_no_event() {
        assert!(frames(&[b"data: a\n"]).is_empty());
        assert!(frames(&[b"id: 1\n\n"]).is_empty());
    }
}
