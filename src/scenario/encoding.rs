//! Text from bytes, in whatever encoding a planner's editor or spreadsheet saved it.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// Why bytes are not text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum NotText {
    /// They are something else, such as a picture or a workbook.
    Binary,
    /// They were text, but some of it is damaged; the text, with U+FFFD where it is.
    Damaged {
        /// The text with its holes.
        text: String,
        /// The first hole.
        at: usize,
    },
}

/// The text that the bytes hold: UTF-8, UTF-16 with a byte order mark, else GB18030. The byte order mark is left out.
pub(super) fn text(bytes: Vec<u8>) -> Result<String, NotText> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        return decoded(encoding, &bytes[mark..]);
    }
    if let Some(encoding) = utf_16_without_mark(&bytes) {
        return decoded(encoding, &bytes);
    }
    if bytes.contains(&0) {
        return Err(NotText::Binary);
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error.into_bytes(),
    };
    if is_mostly_utf_8(&bytes) {
        return decoded(UTF_8, &bytes);
    }
    decoded(GB18030, &bytes)
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, NotText> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let text = text.into_owned();
    if text.contains('\0') {
        return Err(NotText::Binary);
    }
    if !damaged {
        return Ok(text);
    }
    let holes = text.matches('\u{fffd}').count();
    match text.find('\u{fffd}') {
        Some(at) if holes * 8 < text.chars().count() => Err(NotText::Damaged { text, at }),
        Some(_) | None => Err(NotText::Binary),
    }
}

/// Which UTF-16 this is, without its mark: where it is ASCII, every second byte is zero, and few of the others are.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(512) & !1];
    let zeros = |offset: usize| {
        let half = start.iter().skip(offset).step_by(2);
        half.filter(|byte| **byte == 0).count()
    };
    let (first, second) = (zeros(0), zeros(1));
    let (few, many) = (first.min(second), first.max(second));
    if start.len() < 8 || many * 4 < start.len() || few * 4 > many {
        return None;
    }
    Some(if first > second { UTF_16BE } else { UTF_16LE })
}

/// Whether the bytes are UTF-8 with a few damaged places, rather than another encoding: valid sequences of several bytes
/// hardly ever arise by chance.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (mut valid, mut invalid) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        valid += chunk
            .valid()
            .chars()
            .filter(|c| u32::from(*c) >= 0x800)
            .count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    valid > invalid
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "title = \"泽库县城 第一轮\"\r\nlanes = 3\r\n";

    #[test]
    fn one_text_in_every_encoding_reads_the_same() {
        let utf_16 =
            |unit: fn(u16) -> [u8; 2]| LINE.encode_utf16().flat_map(unit).collect::<Vec<_>>();
        let with = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        for bytes in [
            LINE.as_bytes().to_vec(),
            with(b"\xEF\xBB\xBF", LINE.as_bytes().to_vec()),
            GB18030.encode(LINE).0.into_owned(),
            utf_16(u16::to_le_bytes),
            with(b"\xFF\xFE", utf_16(u16::to_le_bytes)),
            with(b"\xFE\xFF", utf_16(u16::to_be_bytes)),
        ] {
            assert_eq!(text(bytes), Ok(LINE.to_owned()));
        }
    }

    #[test]
    fn rare_name_characters_survive_gb18030() {
        let name = "镕祎垚𠮷的采样点，共三处";
        assert_eq!(
            text(GB18030.encode(name).0.into_owned()),
            Ok(name.to_owned())
        );
    }

    #[test]
    fn a_damaged_byte_in_utf_8_is_shown_where_it_is() {
        let mut bytes = LINE.as_bytes().to_vec();
        bytes[LINE.find('县').unwrap()] = 0xff;
        let Err(NotText::Damaged { at, .. }) = text(bytes) else {
            panic!("it is damaged")
        };
        assert_eq!(at, LINE.find('县').unwrap());
    }

    #[test]
    fn a_picture_is_not_text() {
        assert_eq!(
            text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
            Err(NotText::Binary)
        );
    }
}
