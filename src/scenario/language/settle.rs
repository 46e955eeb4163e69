//! Takes out what has no effect because something else stands in its place, and says so where it was written.

use super::checked::{Datum, Item, Table};
use crate::model::assumption::Standing;
use crate::scenario::problem::{Problems, Words};

/// The plain words of a laboratory that its `stages` replace.
const PLAIN_LAB: [&str; 9] = [
    "machines",
    "plate",
    "run",
    "bench_time",
    "per_tube",
    "review",
    "upload",
    "start",
    "crews",
];

/// Leaves each thing said once.
pub(super) fn settle(root: &mut Table<'_>, problems: &mut Problems) {
    if root.item("precision").is_some() {
        drop_key(root, "replications", "precision", problems);
    }
    for courier in entries(root, "couriers") {
        if courier.item("call").is_some() || courier.is_broken("call") {
            for name in ["every", "first"] {
                drop_key(courier, name, "call", problems);
            }
        }
    }
    if let Some(roads) = inner(root, "roads") {
        if roads.item("speed").is_none() && !roads.is_broken("speed") {
            drop_key(roads, "detour", "times", problems);
        }
        for courier in entries(root, "couriers") {
            for name in ["leg", "road"] {
                if !courier.states(name) {
                    courier.remove(name);
                }
            }
        }
    }
    for stock in entries(root, "stocks") {
        if let Some(usage) = inner(stock, "use")
            && usage.item("per_crew_shift").is_none()
            && !usage.states("shift")
        {
            usage.remove("shift");
        }
    }
    for lab in entries(root, "labs") {
        if lab.item("stages").is_some() || lab.is_broken("stages") {
            for name in PLAIN_LAB {
                drop_key(lab, name, "stages", problems);
            }
        } else {
            drop_key(lab, "test", "machines", problems);
        }
    }
    let stations = root
        .table("expert")
        .and_then(|expert| expert.table("lane"))
        .is_some_and(|lane| lane.item("stations").is_some());
    let own_pace = root
        .tables("sites")
        .iter()
        .any(|site| site.item("pace").is_some() && site.item("stations").is_none());
    for site in entries(root, "sites") {
        if site.item("stations").is_some() {
            drop_key(site, "pace", "stations", problems);
            drop_key(site, "pace_cv", "stations", problems);
        }
    }
    if !root.tables("readiness").is_empty()
        && let Some(hours) = inner(root, "hours")
    {
        drop_key(hours, "setup", "readiness", problems);
    }
    if stations && let Some(lane) = inner(root, "lane") {
        drop_key(lane, "pace", "expert.lane.stations", problems);
        if !own_pace {
            drop_key(lane, "pace_cv", "expert.lane.stations", problems);
        }
    }
}

/// A table, to change.
fn inner<'t, 'n>(root: &'t mut Table<'n>, name: &str) -> Option<&'t mut Table<'n>> {
    let item = root.items.iter_mut().find(|item| item.key.name() == name)?;
    if let Datum::Table(table) = &mut item.datum {
        Some(table)
    } else {
        None
    }
}

/// The entries of a list, to change.
fn entries<'t, 'n>(root: &'t mut Table<'n>, name: &str) -> &'t mut [Table<'n>] {
    let item = root.items.iter_mut().find(|item| item.key.name() == name);
    if let Some(Item {
        datum: Datum::Tables(tables),
        ..
    }) = item
    {
        tables
    } else {
        &mut []
    }
}

fn drop_key(table: &mut Table<'_>, name: &str, instead: &str, problems: &mut Problems) {
    let Some(item) = table.remove(name) else {
        return;
    };
    if item.belief.standing == Standing::Default || item.node.is_none() {
        return;
    }
    problems.warning(
        "S115",
        item.place,
        Words::new(
            format!("`{name}` 不起作用：这里用的是 {instead}"),
            format!("`{name}` has no effect: `{instead}` stands in its place"),
        ),
        Words::new(
            format!("删去 {name}，或删去 {instead}"),
            format!("leave out `{name}` or `{instead}`"),
        ),
    );
}
