//! A scenario as a tree of values, each knowing where it was written.

/// A value and where it was written.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it was written.
    pub place: Place,
}

/// A value as TOML, a spreadsheet or the command line can hold it.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// Text; also bare TOML dates and times, as written.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a decimal point; may be infinite or NaN.
    Float(f64),
    /// Yes or no.
    Boolean(bool),
    /// A list.
    List(Vec<Node>),
    /// A table, in the order written; keys are unique.
    Table(Vec<Entry>),
}

/// A key of a table and its value.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key was written.
    pub key_place: Place,
    /// Its value.
    pub node: Node,
}

/// A place in one of the [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// Which source.
    pub source: SourceId,
    /// Where in it.
    pub spot: Spot,
}

/// A place in a source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Spot {
    /// The source as a whole.
    Whole,
    /// Bytes `start..end` of its text.
    Bytes {
        /// The first byte.
        start: usize,
        /// The byte after the last.
        end: usize,
    },
    /// A cell of a sheet.
    Cell {
        /// Row, 0 for the first of the sheet.
        row: u32,
        /// Column, 0 for the first of the sheet.
        column: u32,
    },
}

/// Which source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SourceId(pub u32);

/// Everything that was read, so that a complaint can show the line.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Sources {
    /// In the order of reading.
    pub list: Vec<Source>,
}

/// Something that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct Source {
    /// The file as the user named it, or `--set` for the command line.
    pub name: String,
    /// What was in it.
    pub content: Content,
}

/// What was in a source.
#[derive(Clone, PartialEq, Debug)]
pub enum Content {
    /// Text, decoded (TOML, CSV, one `--set`).
    Text(String),
    /// A sheet of a workbook: its name and its cells as shown, row by row.
    Sheet {
        /// The name of the sheet.
        sheet: String,
        /// Its cells as shown, row by row.
        rows: Vec<Vec<String>>,
    },
    /// Nothing: it could not be read.
    Nothing,
}

impl Sources {
    /// Remembers a source.
    pub fn add(&mut self, source: Source) -> SourceId {
        self.list.push(source);
        SourceId(u32::try_from(self.list.len() - 1).expect("fewer than 2^32 files"))
    }
}

impl Node {
    /// The value under `key`, to change, if this is a table that has it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Value::Table(entries) = &mut self.value else {
            return None;
        };
        let entry = entries.iter_mut().find(|entry| entry.key == key);
        entry.map(|entry| &mut entry.node)
    }

    /// The value under `key`, if this is a table that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Table(entries) => entries
                .iter()
                .find(|entry| entry.key == key)
                .map(|entry| &entry.node),
            Value::Text(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::List(_) => None,
        }
    }
}
