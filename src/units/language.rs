//! The two languages in which swabplan speaks.

/// A language for words that people read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Language {
    /// Chinese, simplified.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The one of the two that is in this language.
    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Chinese => zh,
            Self::English => en,
        }
    }
}
