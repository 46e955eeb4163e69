//! Who is due: cells, and the site each goes to.

use super::super::checked::Table;
use super::tiers::tier;
use super::{Build, Lists, SITE, name};
use crate::id::{CellId, Id, SiteId, Table as Dense};
use crate::model::assumption::{Assumption, Phrase, Standing};
use crate::model::site::Site;
use crate::model::{Cell, Model};
use crate::scenario::problem::listed;
use crate::units::Position;

/// The most people a scenario may hold.
const MOST_PEOPLE: u64 = 2_000_000_000;

impl<'n> Build<'_, 'n, '_> {
    pub(super) fn cells(
        &mut self,
        lists: &Lists<'_, 'n>,
        sites: &Dense<SiteId, Site>,
    ) -> Dense<CellId, Cell> {
        let mut wandering = Vec::new();
        let cells: Dense<CellId, Cell> = lists
            .cells
            .tables
            .iter()
            .map(|table| self.cell(table, lists, sites, &mut wandering))
            .collect();
        if let Some(first) = wandering.first().copied() {
            let ids: Vec<String> = wandering
                .iter()
                .map(|table: &&Table<'_>| table.take("id"))
                .collect();
            let (listed, count) = (listed(ids.iter().map(String::as_str)), ids.len());
            self.warning(
                "S207",
                first.place,
                (
                    format!("{count} 个网格没有写采样点，各去最近的一个：{}", listed.zh),
                    format!(
                        "{count} cells name no site; each goes to the nearest: {}",
                        listed.en
                    ),
                ),
                (
                    "要指定就写 site = \"…\"",
                    "name one with site = \"…\" where it matters",
                ),
            );
        }
        let total: u64 = cells.values().map(|cell| u64::from(cell.due())).sum();
        if total > MOST_PEOPLE {
            self.error(
                "S208",
                self.root.place_of("cells"),
                (
                    format!("应检人数共 {total}，超过 20 亿"),
                    format!("{total} people are due: more than 2 billion"),
                ),
                (
                    "检查人数列是否填错或重复",
                    "see whether counts are mistyped or listed twice",
                ),
            );
        } else if total == 0 && !cells.is_empty() && lists.cells.are_sound() {
            self.error(
                "S209",
                self.root.place_of("cells"),
                (
                    "所有网格的应检人数都是 0".into(),
                    "nobody is due in any cell".into(),
                ),
                ("检查常住、在外、免检人数", "see residents, away and exempt"),
            );
        }
        cells
    }

    fn cell<'t>(
        &mut self,
        table: &'t Table<'n>,
        lists: &Lists<'t, 'n>,
        sites: &Dense<SiteId, Site>,
        wandering: &mut Vec<&'t Table<'n>>,
    ) -> Cell {
        let count = |name: &str| table.get::<u32>(name).unwrap_or(0);
        let position = self.position(table);
        let cell = Cell {
            name: name(table),
            residents: count("residents"),
            away: count("away"),
            exempt: count("exempt"),
            transients: count("transients"),
            visits: count("visits"),
            tier: tier(table.word("tier")),
            site: self
                .site_of(table, position, lists, sites, wandering)
                .unwrap_or(SiteId::from_index(0)),
            position,
            boundary: self.boundary(table),
            priority: table
                .item("priority")
                .map(|_| self.quantity(table, "priority")),
            prevalence: table
                .item("prevalence")
                .map(|_| self.quantity(table, "prevalence")),
        };
        let (here, absent) = (
            u64::from(cell.residents) + u64::from(cell.transients),
            u64::from(cell.away) + u64::from(cell.exempt),
        );
        if absent > here && !table.is_broken("residents") && !table.is_broken("transients") {
            let place = if cell.away >= cell.exempt {
                table.place_of("away")
            } else {
                table.place_of("exempt")
            };
            self.error(
                "S210",
                place,
                (
                    format!(
                        "网格 {} 在外加免检 {absent} 人，多于常住加暂住 {here} 人",
                        cell.name.id
                    ),
                    format!(
                        "cell {}: {absent} away or exempt, of {here} residents and transients",
                        cell.name.id
                    ),
                ),
                (
                    "应检 = 常住 − 在外 − 免检 + 暂住，不能为负",
                    "due = residents − away − exempt + transients, which cannot be negative",
                ),
            );
        }
        cell
    }

    fn site_of<'t>(
        &mut self,
        table: &'t Table<'n>,
        position: Option<Position>,
        lists: &Lists<'t, 'n>,
        sites: &Dense<SiteId, Site>,
        wandering: &mut Vec<&'t Table<'n>>,
    ) -> Option<SiteId> {
        if table.is_broken("site") {
            return None;
        }
        if let Some(id) = table.get::<String>("site") {
            return self
                .find(&id, table.place_of("site"), SITE, &lists.sites)
                .map(SiteId::from_index);
        }
        if let Some(only) = the_only(sites) {
            return Some(only);
        }
        let nearest = position.and_then(|here| nearest(here, sites));
        if nearest.is_some() {
            wandering.push(table);
        } else if !sites.is_empty() && !table.is_broken("lon") && !table.is_broken("lat") {
            let id: String = table.take("id");
            self.error(
                "S211",
                table.place,
                (format!("网格 {id} 没有采样点"), format!("cell {id} has no site")),
                ("写 site = \"…\"；或给网格和采样点都写经纬度，自动去最近的", "give site = \"…\", or coordinates of cells and sites, so that it goes to the nearest"),
            );
        }
        nearest
    }

    /// Lists as assumed which site each cell without one goes to.
    pub(super) fn nearest_as_assumptions(lists: &Lists<'_, 'n>, model: &mut Model) {
        if the_only(&model.sites).is_some() {
            return;
        }
        for (table, cell) in lists.cells.tables.iter().zip(model.cells.values()) {
            if table.item("site").is_none()
                && let Some(site) = model.sites.get(cell.site)
            {
                model.assumptions.push(Assumption {
                    key: table.address_of("site"),
                    called: Phrase {
                        zh: format!("{}：采样点", cell.name.zh),
                        en: format!("{}: its site", cell.name.en),
                    },
                    written: site.name.id.clone(),
                    value: Phrase {
                        zh: site.name.zh.clone(),
                        en: site.name.en.clone(),
                    },
                    default: None,
                    standing: Standing::Default,
                    range: None,
                    within: None,
                    source: Some("the nearest site / 最近的采样点".to_owned()),
                });
            }
        }
        model
            .assumptions
            .sort_by(|one, other| one.key.cmp(&other.key));
    }
}

/// The only site people can go to; where there is none, the only teams that visit.
fn the_only(sites: &Dense<SiteId, Site>) -> Option<SiteId> {
    let of = |visiting: bool| {
        let mut found = sites
            .iter()
            .filter(move |(_, site)| site.visits.is_some() == visiting);
        let only = found.next().map(|(id, _)| id);
        (only, found.next().is_some())
    };
    match (of(false), of(true)) {
        ((Some(site), false), _) => Some(site),
        ((None, _), (Some(teams), false)) => Some(teams),
        _ => None,
    }
}

/// The site nearest to a place, of several the first by id.
fn nearest(here: Position, sites: &Dense<SiteId, Site>) -> Option<SiteId> {
    let far = |there: Position| crate::geo::distance(here, there);
    let placed = sites
        .iter()
        .filter_map(|(id, site)| Some((id, far(site.position?))));
    placed
        .min_by(|one, other| one.1.total_cmp(&other.1))
        .map(|(id, _)| id)
}
