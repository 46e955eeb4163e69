//! Goes through a scenario key by key: every value of the right kind, every unknown key named, every default filled in.

use std::collections::{BTreeMap, BTreeSet};

use super::checked::{Belief, Datum, Item, Table};
use super::standing;
use super::value;
use super::wording;
use crate::model::assumption::Standing;
use crate::scenario::keys::{Catalogue, KEYS, Key, Keys, Kind, Presence};
use crate::scenario::nearest::nearest;
use crate::scenario::problem::{Problems, Words, did_you_mean, listed, shown};
use crate::scenario::tree::{Entry, Node, Place, SourceId, Spot, Value};

/// The longest words for people.
const LONGEST_TEXT: usize = 200;
/// The longest id.
const LONGEST_ID: usize = 64;

/// The defaults of all keys, as trees.
pub(super) struct Defaults(BTreeMap<&'static str, Node>);

impl Defaults {
    /// The defaults of the catalogue.
    pub(super) fn new() -> Self {
        let defaults = KEYS.iter().filter_map(|key| {
            let value = toml::from_str::<toml::Table>(&format!("value = {}", key.default?))
                .expect("a default is TOML; a test reads them all");
            Some((key.path, plain_node(value.into_iter().next()?.1)))
        });
        Self(defaults.collect())
    }
}

/// A value without a place of its own.
pub(super) fn plain_node(value: toml::Value) -> Node {
    let place = Place {
        source: SourceId(0),
        spot: Spot::Whole,
    };
    let value = match value {
        toml::Value::String(text) => Value::Text(text),
        toml::Value::Integer(number) => Value::Integer(number),
        toml::Value::Float(number) => Value::Float(number),
        toml::Value::Boolean(flag) => Value::Boolean(flag),
        toml::Value::Datetime(moment) => Value::Text(moment.to_string()),
        toml::Value::Array(list) => Value::List(list.into_iter().map(plain_node).collect()),
        toml::Value::Table(table) => {
            let entry = |(key, value)| Entry {
                key,
                key_place: place,
                node: plain_node(value),
            };
            Value::Table(table.into_iter().map(entry).collect())
        }
    };
    Node { value, place }
}

/// Goes through a scenario.
pub(super) struct Walker<'n, 'p> {
    catalogue: &'n Catalogue,
    defaults: &'n Defaults,
    problems: &'p mut Problems,
    /// The words chosen for all sites, which decide what a site may say.
    chosen: BTreeMap<String, &'static str>,
    /// The columns of sheets that have been complained about.
    told: BTreeSet<(SourceId, String)>,
}

/// Where a table stands and what is to be done with it.
struct Visit {
    /// The path of its keys in the catalogue.
    inside: String,
    /// Its address in the scenario.
    address: String,
    /// The path of the table in whose place it stands, if it takes from there what it leaves out.
    base: Option<&'static str>,
}

impl<'n, 'p> Walker<'n, 'p> {
    /// Ready to go; complaints are added to `problems`.
    pub(super) fn new(
        catalogue: &'n Catalogue,
        defaults: &'n Defaults,
        problems: &'p mut Problems,
    ) -> Self {
        Self {
            catalogue,
            defaults,
            problems,
            chosen: BTreeMap::new(),
            told: BTreeSet::new(),
        }
    }

    /// The whole scenario, checked.
    pub(super) fn scenario(&mut self, root: &'n Node) -> Table<'n> {
        self.table(
            root,
            &Visit {
                inside: String::new(),
                address: String::new(),
                base: None,
            },
        )
    }

    fn table(&mut self, node: &'n Node, visit: &Visit) -> Table<'n> {
        let mut table = Table {
            place: node.place,
            address: visit.address.clone(),
            items: Vec::new(),
            broken: Vec::new(),
        };
        let catalogue = self.catalogue;
        let keys = catalogue.under(&visit.inside);
        let entries = if let Value::Table(entries) = &node.value {
            entries.as_slice()
        } else {
            &[]
        };
        for entry in entries {
            if !keys.iter().any(|key| key.name() == entry.key) {
                self.unknown(entry, keys, visit);
            }
        }
        for key in keys {
            let applies = self.applies(key, &table, visit);
            match entries.iter().find(|entry| entry.key == key.name()) {
                Some(entry) if applies => match self.item(key, &entry.node, &table, visit) {
                    Some(item) => table.items.push(item),
                    None => table.broken.push(key.name()),
                },
                Some(entry) => self.idle(key, entry, &table, visit),
                None if applies => self.fill(key, &mut table, visit),
                None => {}
            }
            if let (Some(word), true) = (table.word(key.name()), visit.base.is_none()) {
                self.chosen.insert(key.path.to_owned(), word);
            }
        }
        table
    }

    /// Whether the choice of a neighbor lets this key count.
    fn applies(&self, key: &Key, table: &Table<'_>, visit: &Visit) -> bool {
        let Some((neighbor, words)) = key.when else {
            return true;
        };
        let chosen = table.word(neighbor).or_else(|| {
            let base = visit.base.filter(|_| !table.is_broken(neighbor))?;
            self.chosen.get(&format!("{base}.{neighbor}")).copied()
        });
        // Where the choice itself is wrong, everything may be meant.
        chosen.map_or(table.is_broken(neighbor), |word| words.contains(&word))
    }

    fn fill(&mut self, key: &'static Key, table: &mut Table<'n>, visit: &Visit) {
        let own_choice = key.when.is_some_and(|(neighbor, _)| table.states(neighbor));
        if key
            .when
            .is_some_and(|(neighbor, _)| table.is_broken(neighbor))
            || (visit.base.is_some() && !own_choice)
        {
            return;
        }
        let defaults = self.defaults;
        if let Some(default) = defaults.0.get(key.path) {
            let mut item = self
                .item(key, default, table, visit)
                .expect("a default is sound; a test reads them all");
            let source = key.source.map(str::to_owned);
            fill_in(&mut item, table.place, source.as_ref());
            table.items.push(item);
        } else if visit.base.is_none() && stands_for_defaults(key) {
            static EMPTY: Node = Node {
                value: Value::Table(Vec::new()),
                place: Place {
                    source: SourceId(0),
                    spot: Spot::Whole,
                },
            };
            let visit = Visit {
                inside: key.inside(),
                address: table.address_of(key.name()),
                base: None,
            };
            let inner = Table {
                place: table.place,
                ..self.table(&EMPTY, &visit)
            };
            let belief = Belief {
                standing: Standing::Default,
                range: None,
                source: None,
            };
            table.items.push(Item {
                key,
                place: table.place,
                node: None,
                datum: Datum::Table(inner),
                belief,
            });
        } else if key.presence == Presence::Required {
            table.broken.push(key.name());
            self.missing(key, table);
        }
    }

    fn item(
        &mut self,
        key: &'static Key,
        node: &'n Node,
        table: &Table<'_>,
        visit: &Visit,
    ) -> Option<Item<'n>> {
        let address = &table.address_of(key.name());
        let base = match key.keys {
            Keys::InPlaceOf(path) => Some(path),
            Keys::Own | Keys::As(_) => visit.base.map(|_| key.path),
        };
        let inner = || Visit {
            inside: key.inside(),
            address: address.clone(),
            base,
        };
        let is_table = matches!(node.value, Value::Table(_));
        let keys_of_its_own = is_table
            && (key.kind == Kind::Table
                || !standing::is_qualified(node)
                    && !self.catalogue.under(&key.inside()).is_empty());
        let datum = if key.kind == Kind::Tables {
            Datum::Tables(self.tables(key, node, address)?)
        } else if keys_of_its_own {
            Datum::Table(self.table(node, &inner()))
        } else {
            return value::item(key, node, address, self.problems);
        };
        Some(Item {
            key,
            place: node.place,
            node: Some(node),
            datum,
            belief: Belief::GIVEN,
        })
    }

    fn tables(
        &mut self,
        key: &'static Key,
        node: &'n Node,
        address: &str,
    ) -> Option<Vec<Table<'n>>> {
        let Value::List(entries) = &node.value else {
            value::wrong_kind(key, node, self.problems);
            return None;
        };
        let inside = key.inside();
        let named = self
            .catalogue
            .under(&inside)
            .iter()
            .any(|key| key.kind == Kind::Id);
        let mut tables = Vec::with_capacity(entries.len());
        let mut ids = BTreeMap::<String, Place>::new();
        for (index, entry) in entries.iter().enumerate() {
            if !matches!(entry.value, Value::Table(_)) {
                value::wrong_kind(key, entry, self.problems);
                continue;
            }
            let own = entry.get("id").filter(|_| named).and_then(value::id_text);
            let address = match &own {
                Some(id) => format!("{address}.{id}"),
                None => format!("{address}[{}]", index + 1),
            };
            if let Some(id) = own {
                self.once(&id, entry, &mut ids);
            }
            tables.push(self.table(
                entry,
                &Visit {
                    inside: inside.clone(),
                    address,
                    base: None,
                },
            ));
        }
        Some(tables)
    }

    /// Complains about an id that an earlier entry has.
    fn once(&mut self, id: &str, entry: &Node, ids: &mut BTreeMap<String, Place>) {
        let place = entry.get("id").map_or(entry.place, |node| node.place);
        // Within a sheet the reader of sheets says so.
        let in_sheet = matches!(place.spot, Spot::Cell { .. });
        if ids.insert(id.to_owned(), place).is_some() && !in_sheet {
            let id = shown(id);
            self.problems.error(
                "S110",
                place,
                Words::new(
                    format!("编号 \"{id}\" 用了两次"),
                    format!("the id \"{id}\" is used twice"),
                ),
                Words::new(
                    "每项的编号要不同；改其中一个",
                    "every entry needs an id of its own: change one of them",
                ),
            );
        }
    }

    fn unknown(&mut self, entry: &Entry, keys: &[&'static Key], visit: &Visit) {
        // A column of a sheet is one thing to mend, however many rows it has.
        let in_sheet = matches!(entry.node.place.spot, Spot::Cell { .. });
        if in_sheet
            && !self
                .told
                .insert((entry.node.place.source, entry.key.clone()))
        {
            return;
        }
        let name = shown(&entry.key);
        let home = if in_sheet {
            visit.inside.trim_end_matches("[]")
        } else {
            &visit.address
        };
        let what = if home.is_empty() {
            Words::new(
                format!("没有 `{name}` 这个键"),
                format!("there is no key `{name}`"),
            )
        } else {
            Words::new(
                format!("[{home}] 里没有 `{name}` 这个键"),
                format!("there is no key `{name}` in [{home}]"),
            )
        };
        let elsewhere = KEYS
            .iter()
            .find(|key| key.name() == entry.key && !key.path.contains("[]"));
        let help = if let Some(near) = nearest(&entry.key, keys.iter().map(|key| key.name())) {
            did_you_mean(near)
        } else if let Some(elsewhere) = elsewhere {
            let table = match elsewhere.parent() {
                "" => Words::new("文件开头", "the top of the file"),
                table => Words::new(format!("[{table}]"), format!("[{table}]")),
            };
            Words::new(
                format!("`{name}` 写在{} 里", table.zh),
                format!("`{name}` belongs in {}", table.en),
            )
        } else {
            let known = listed(keys.iter().map(|key| key.name()));
            Words::new(
                format!("这里可以写：{}", known.zh),
                format!("known here: {}", known.en),
            )
        };
        self.problems.error("S100", entry.key_place, what, help);
    }

    /// Complains about a key that has no effect because of what a neighbor says.
    fn idle(&mut self, key: &Key, entry: &Entry, table: &Table<'_>, visit: &Visit) {
        let Some((neighbor, words)) = key.when else {
            return;
        };
        let chosen = table.word(neighbor).or_else(|| {
            let base = visit.base?;
            self.chosen.get(&format!("{base}.{neighbor}")).copied()
        });
        let (name, chosen, words) = (key.name(), chosen.unwrap_or_default(), words.join("\"/\""));
        self.problems.warning(
            "S115",
            entry.key_place,
            Words::new(
                format!("`{name}` 不起作用：它只用于 {neighbor} = \"{words}\"，这里是 \"{chosen}\""),
                format!("`{name}` has no effect: it counts with {neighbor} = \"{words}\", and here it is \"{chosen}\""),
            ),
            Words::new(format!("删去它，或改 {neighbor}"), format!("leave it out, or change `{neighbor}`")),
        );
    }

    fn missing(&mut self, key: &Key, table: &Table<'_>) {
        let (name, remedy) = (key.name(), wording::remedy(key.name(), key.kind));
        let of = if table.address.is_empty() {
            String::new()
        } else {
            format!(" [{}]", table.address)
        };
        self.problems.error(
            "S102",
            table.place,
            Words::new(
                format!("{of} 缺少 `{name}`：{}", key.zh).trim().to_owned(),
                format!("`{name}` is missing{of}: {}", lower(key.en)),
            ),
            remedy,
        );
    }
}

/// Marks a value, and all within it, as filled in.
fn fill_in(item: &mut Item<'_>, place: Place, source: Option<&String>) {
    (item.place, item.node) = (place, None);
    (item.belief.standing, item.belief.source) = (Standing::Default, source.cloned());
    if let Datum::Tables(entries) = &mut item.datum {
        for entry in entries {
            entry.place = place;
            for inner in &mut entry.items {
                (inner.place, inner.belief.standing) = (place, Standing::Default);
                inner.belief.source = source.cloned();
            }
        }
    }
}

/// Whether a table that is left out stands for a table of defaults.
fn stands_for_defaults(key: &Key) -> bool {
    (key.kind == Kind::Table
        && !matches!(key.keys, Keys::InPlaceOf(_))
        && key.presence != Presence::Chosen)
        || key.path == "tubes.pool"
}

/// A sentence without its capital, to follow a colon.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// Complains about words for people that are too long or hold characters that cannot be shown; whether they are fit.
pub(super) fn fit_text(key: &Key, text: &str, place: Place, problems: &mut Problems) -> bool {
    let name = key.name();
    if text.chars().count() > LONGEST_TEXT {
        problems.error(
            "S116",
            place,
            Words::new(
                format!("`{name}` 太长：超过 {LONGEST_TEXT} 个字"),
                format!("`{name}` is too long: more than {LONGEST_TEXT} characters"),
            ),
            Words::new(
                "写短些；说明可以写在注释里（# …）",
                "shorten it; remarks can go into a comment (# …)",
            ),
        );
        return false;
    }
    if text.chars().any(|c| {
        c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    }) {
        problems.error(
            "S116",
            place,
            Words::new(
                format!("`{name}` 含有不可见的控制字符"),
                format!("`{name}` holds control characters that cannot be shown"),
            ),
            Words::new(
                "重新输入这段文字，去掉换行、制表等字符",
                "type it again, without line breaks, tabs and the like",
            ),
        );
        return false;
    }
    true
}

/// Complains about an id that cannot be addressed; whether it can.
pub(super) fn fit_id(name: &str, id: &str, place: Place, problems: &mut Problems) -> bool {
    let fits = !id.is_empty()
        && id.chars().count() <= LONGEST_ID
        && id
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if !fits {
        let shown = shown(id);
        let (zh, en) = if id.is_empty() {
            (format!("`{name}` 是空的"), format!("`{name}` is empty"))
        } else if id.chars().count() > LONGEST_ID {
            (
                format!("编号太长：超过 {LONGEST_ID} 个字"),
                format!("the id is longer than {LONGEST_ID} characters"),
            )
        } else {
            (
                format!("编号 \"{shown}\" 里有不能用的字符"),
                format!("the id \"{shown}\" holds characters an id cannot have"),
            )
        };
        problems.error(
            "S109",
            place,
            Words::new(zh, en),
            Words::new(
                "编号只用字母、汉字、数字、- 和 _；给人看的名称写在 name 里",
                "an id is letters, digits, - and _; what people call it goes into `name`",
            ),
        );
    }
    fits
}
