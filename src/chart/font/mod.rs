//! The typeface that comes with the program, so that text is the same on machines without fonts.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::{Database, Source};
use ttf_parser::Face;

/// The name by which drawings ask for the typeface.
pub(super) const FAMILY: &str = "Swabplan Sans SC";

static DATA: &[u8] = include_bytes!("SwabplanSansSC.otf");

/// The embedded font as a file.
pub fn data() -> &'static [u8] {
    DATA
}

static FACE: LazyLock<Face<'static>> =
    LazyLock::new(|| Face::parse(DATA, 0).expect("the embedded font is whole"));

static DATABASE: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    fonts.load_font_source(Source::Binary(Arc::new(DATA)));
    Arc::new(fonts)
});

/// The characters of a text for which the embedded font has no glyph, each once, in the order in which they come.
pub fn lacks(text: &str) -> Vec<char> {
    let mut missing = Vec::new();
    for character in text.chars() {
        let lacking = !hidden(character) && FACE.glyph_index(character).is_none();
        if lacking && !missing.contains(&character) {
            missing.push(character);
        }
    }
    missing
}

/// Whether a character has no shape of its own: controls, joiners, direction and variation marks.
fn hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        )
}

/// How wide the text is at a font size up to each of its characters.
pub(super) fn widths(text: &str, size: f64) -> impl Iterator<Item = f64> {
    let em = f64::from(FACE.units_per_em());
    text.chars().scan(0.0, move |sum, character| {
        *sum += advance(character);
        Some(*sum / em * size)
    })
}

/// How wide a character is in units of the font; one em where it has no glyph.
fn advance(character: char) -> f64 {
    if hidden(character) {
        return 0.0;
    }
    let glyph = FACE.glyph_index(character);
    glyph
        .and_then(|glyph| FACE.glyph_hor_advance(glyph))
        .map_or_else(|| f64::from(FACE.units_per_em()), f64::from)
}

/// How wide the text is at a font size, in the unit of the size; kerning apart, and one em for a character the font lacks.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let em = f64::from(FACE.units_per_em());
    text.chars().map(advance).sum::<f64>() / em * size
}

/// The embedded font, and after it the fonts in `fallback` (whole font files) for characters it lacks.
pub(super) fn database(fallback: &[Vec<u8>]) -> Arc<Database> {
    let mut fonts = Arc::clone(&DATABASE);
    for data in fallback {
        Arc::make_mut(&mut fonts).load_font_data(data.clone());
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_the_words_of_the_trade_and_rare_characters_of_names() {
        let words = "采样点 采样台 混管 网格 应检尽检 出结果 萨迦 亳州 衢州 东莞 深圳 镕祎垚翀 （—）“”→≤≥±×÷°①…– 12,263 Zürich αβγ λμρ";
        assert_eq!(lacks(words), []);
    }

    #[test]
    fn a_character_the_font_lacks_is_named_once() {
        assert_eq!(lacks("བོད 泽库 🚑 བ\n"), ['བ', 'ོ', 'ད', '🚑']);
    }

    #[test]
    fn a_han_character_is_one_em_wide_and_a_digit_about_half() {
        assert!((width("泽库", 30.0) - 60.0).abs() < 1e-9);
        assert!((15.0..20.0).contains(&width("0", 30.0)));
    }

    #[test]
    fn the_name_of_the_typeface_is_its_own() {
        let names = database(&[])
            .faces()
            .flat_map(|face| face.families.iter().map(|(name, _)| name.clone()))
            .collect::<Vec<_>>();
        assert_eq!(names, [FAMILY]);
    }
}
