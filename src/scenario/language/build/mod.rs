//! Builds the Model from a checked scenario, and finds what does not fit together.

mod blocking;
mod campaign;
mod carriers;
mod costs;
mod crowd;
mod fleet;
mod incidents;
mod isolation;
mod labor;
mod labs;
mod overflow;
mod people;
mod places;
mod positives;
mod readiness;
mod roads;
mod rounds;
mod shortages;
mod sites;
mod staff;
mod stations;
mod stocks;
mod tiers;
mod visits;
mod waiting;

use std::collections::BTreeMap;

use campaign::Named;

use super::checked::{Datum, FromDatum, Table, Varying};
use super::{assumptions, hash};
use crate::id::{Id, LabId, SiteId, Table as Dense, UnknownId};
use crate::model::assumption::{Assumption, Between, Quantity, Range, Unknown};
use crate::model::service::{Duration, Mean};
use crate::model::{CatchUp, Design, Model, Name, Replications, Study, Walking, Watched};
use crate::scenario::nearest::nearest;
use crate::scenario::problem::{Problems, Words, did_you_mean, listed, shown};
use crate::scenario::tree::Place;

/// Builds the Model; it can be run if nobody complains.
pub(super) fn model(root: &Table<'_>, stem: &str, problems: &mut Problems) -> Model {
    let (assumptions, unknowns) = assumptions::listed(root);
    let mut build = Build {
        root,
        problems,
        unknowns: by_key(&unknowns),
    };
    let lists = Lists::of(root);
    build.completeness(&lists);
    build.teams_are_no_sites();
    let sites = build.sites(&lists);
    let cells = build.cells(&lists, &sites);
    build.can_be_visited(&lists, &cells, &sites);
    let couriers = build.couriers(&lists);
    let dates = build.dates();
    let first_day = rounds::first_day(&dates);
    let labs = build.labs(&lists, first_day);
    let tiers = build.tiers(&lists, &cells);
    let readiness = build.readiness();
    let infection = build.infection(&lists);
    let (rounds, gates) = build.rounds(dates, &lists, &cells, (&sites, &tiers, &readiness));
    let named = Named::of((&cells, &sites), &couriers, &rounds);
    let campaign = build.campaign(&lists, named, (gates, &tiers), first_day);
    let feeds = build.feeds(&lists, &rounds, first_day);
    build.crowds(&lists, (&cells, &sites), &rounds);
    let roads = build.roads(&lists, (&sites, &labs), (&couriers, campaign.as_ref()));
    let missing = build.visits_of_missing(&lists, &sites);
    let incidents = build.incidents(&lists, (&rounds, &cells), (&labs, first_day));
    build.overflows(&lists, (&labs, &couriers), roads.is_some());
    build.loose_ends(&lists, (&cells, &couriers), (&feeds, &labs));
    build.idle_teams(&lists, (&rounds, &sites), (missing, campaign.as_ref()));
    build.listed(&lists, (&cells, &sites), missing);
    let stress = build.stress(&lists, &rounds);
    let disinfection = build.disinfection(&lists, &rounds, first_day);
    let staff = build.staff(&sites, &rounds, first_day);
    let mut model = Model {
        title: build.title(stem),
        first_day,
        cells,
        sites,
        couriers,
        labs,
        feeds,
        rounds,
        roads,
        walking: build.walking(),
        readiness,
        infection,
        staff,
        stocks: build.stocks(first_day),
        incidents,
        stress,
        disinfection,
        cost: build.cost(&lists),
        recall: build.recall(),
        isolation: build.isolation(first_day),
        campaign,
        catch_up: build.catch_up(missing),
        study: build.study(),
        design: build.design(),
        assumptions,
        unknowns,
        hash: String::new(),
        schematic: root.word("positions") == Some("schematic"),
    };
    build.blocking(&lists, &model);
    Build::nearest_as_assumptions(&lists, &mut model);
    model.hash = hash::of(&model);
    model
}

/// The unknowns by where they stand.
fn by_key(unknowns: &Dense<UnknownId, Unknown>) -> BTreeMap<String, UnknownId> {
    let named = unknowns.iter();
    named
        .map(|(id, unknown)| (unknown.key.clone(), id))
        .collect()
}

/// What building needs at hand.
struct Build<'t, 'n, 'p> {
    root: &'t Table<'n>,
    problems: &'p mut Problems,
    unknowns: BTreeMap<String, UnknownId>,
}

/// The lists of a scenario, each in the order of ids.
struct Lists<'t, 'n> {
    cells: Entries<'t, 'n>,
    sites: Entries<'t, 'n>,
    couriers: Entries<'t, 'n>,
    labs: Entries<'t, 'n>,
    feeds: Entries<'t, 'n>,
}

impl<'t, 'n> Lists<'t, 'n> {
    fn of(root: &'t Table<'n>) -> Self {
        Self {
            cells: Entries::of(root, "cells"),
            sites: Entries::of_all(root, &["sites", "visits"]),
            couriers: Entries::of(root, "couriers"),
            labs: Entries::of(root, "labs"),
            feeds: Entries::of(root, "feeds"),
        }
    }
}

/// The entries of a list in the order of their ids, which are unique.
struct Entries<'t, 'n> {
    tables: Vec<&'t Table<'n>>,
    index: BTreeMap<String, usize>,
    /// Whether some entry is too broken to be counted.
    partial: bool,
}

impl<'t, 'n> Entries<'t, 'n> {
    fn of(table: &'t Table<'n>, list: &str) -> Self {
        Self::of_all(table, &[list])
    }

    /// The entries of several lists as one.
    fn of_all(table: &'t Table<'n>, lists: &[&str]) -> Self {
        let tables: Vec<&'t Table<'n>> = lists.iter().flat_map(|list| table.tables(list)).collect();
        let sorted: BTreeMap<String, &'t Table<'n>> = tables
            .iter()
            .rev()
            .filter_map(|entry| Some((entry.get("id")?, *entry)))
            .collect();
        let broken = lists.iter().any(|list| table.is_broken(list));
        let partial = broken || sorted.len() < tables.len();
        let index = sorted
            .keys()
            .cloned()
            .enumerate()
            .map(|(index, id)| (id, index))
            .collect();
        Self {
            tables: sorted.into_values().collect(),
            index,
            partial,
        }
    }

    fn is_empty(&self) -> bool {
        self.tables.is_empty() && !self.partial
    }

    /// Whether nothing is wrong with any entry.
    fn are_sound(&self) -> bool {
        !self.partial && self.tables.iter().all(|table| table.broken.is_empty())
    }
}

/// What a reference can point to, in both languages.
#[derive(Clone, Copy)]
struct Thing(&'static str, &'static str);

const SITE: Thing = Thing("采样点", "site");
const LAB: Thing = Thing("实验室", "laboratory");
const CELL: Thing = Thing("网格", "cell");
const COURIER: Thing = Thing("送样车队", "courier");
const STAGE: Thing = Thing("步骤", "stage");
const TEAMS: Thing = Thing("上门队", "team that visits");
const STAFF: Thing = Thing("人员", "staff");
const STEP: Thing = Thing("准备步骤", "step of readiness");

impl Build<'_, '_, '_> {
    fn error(
        &mut self,
        code: &'static str,
        place: Place,
        what: (String, String),
        help: (&str, &str),
    ) {
        self.problems.error(
            code,
            place,
            Words::new(what.0, what.1),
            Words::new(help.0, help.1),
        );
    }

    fn warning(
        &mut self,
        code: &'static str,
        place: Place,
        what: (String, String),
        help: (&str, &str),
    ) {
        self.problems.warning(
            code,
            place,
            Words::new(what.0, what.1),
            Words::new(help.0, help.1),
        );
    }

    /// Where an id points; complains if nowhere.
    fn find(
        &mut self,
        id: &str,
        place: Place,
        thing: Thing,
        among: &Entries<'_, '_>,
    ) -> Option<usize> {
        let found = among.index.get(id).copied();
        if found.is_none() && !among.partial {
            let (shown, Thing(zh, en)) = (shown(id), thing);
            let known = || among.index.keys().map(String::as_str);
            let help = nearest(id, known()).map_or_else(
                || {
                    let known = listed(known());
                    Words::new(
                        format!("已有的{zh}：{}", known.zh),
                        format!("there are: {}", known.en),
                    )
                },
                did_you_mean,
            );
            self.problems.error(
                "S111",
                place,
                Words::new(
                    format!("没有编号为 \"{shown}\" 的{zh}"),
                    format!("there is no {en} \"{shown}\""),
                ),
                help,
            );
        }
        found
    }

    /// A number with its range.
    fn quantity<T: FromDatum + Between>(&self, table: &Table<'_>, name: &str) -> Quantity<T> {
        let range = table.item(name).and_then(|item| {
            let (low, high, _) = item.belief.range.as_deref()?;
            let unknown = *self.unknowns.get(&table.address_of(name))?;
            Some(Range {
                unknown,
                low: T::from_datum(low)?,
                high: T::from_datum(high)?,
            })
        });
        Quantity {
            value: table.take(name),
            range,
        }
    }

    /// A length of time that may vary, its mean with its range.
    fn duration(&self, table: &Table<'_>, name: &str) -> Duration {
        let varying: Varying = table.take(name);
        let (address, belief) = match &varying.inner {
            Some(inner) => (inner.address.clone(), Some(&inner.belief)),
            None => (
                table.address_of(name),
                table.item(name).map(|item| &item.belief),
            ),
        };
        let range = belief.and_then(|belief| {
            let (low, high, _) = belief.range.as_deref()?;
            let (Datum::Span(low), Datum::Span(high)) = (low, high) else {
                return None;
            };
            Some(Range {
                unknown: *self.unknowns.get(&address)?,
                low: *low,
                high: *high,
            })
        });
        Duration {
            mean: Mean::Time(Quantity {
                value: varying.mean,
                range,
            }),
            shape: varying.shape,
        }
    }

    fn title(&self, stem: &str) -> Name {
        let text = |name| self.root.get::<String>(name);
        let zh = text("title")
            .or_else(|| text("title_en"))
            .unwrap_or_else(|| stem.to_owned());
        let en = text("title_en")
            .or_else(|| text("title"))
            .unwrap_or_else(|| stem.to_owned());
        Name {
            id: stem.to_owned(),
            zh,
            en,
        }
    }

    fn walking(&self) -> Walking {
        let walking = self.root.table("walking");
        let number = |name, default| {
            walking
                .and_then(|walking| walking.get(name))
                .unwrap_or(default)
        };
        Walking {
            speed_kmh: number("speed", 4.5),
            detour: number("detour", 1.3),
        }
    }

    fn catch_up(&mut self, visits: Option<SiteId>) -> Option<CatchUp> {
        let table = self.root.table("catch_up")?;
        let catch_up = CatchUp {
            share: self.quantity(table, "share"),
            before_close: table.take("before_close"),
            notice: table.take("notice"),
            visits,
        };
        if catch_up.notice >= catch_up.before_close {
            let place = if table.states("notice") {
                "notice"
            } else {
                "before_close"
            };
            self.error(
                "S252",
                table.place_of(place),
                (
                    "补采的人要到收点以后才到：notice 不短于 before_close".into(),
                    "the fetched would come after the close: `notice` is not shorter than `before_close`".into(),
                ),
                (
                    "早些核对（加长 before_close），或缩短 notice",
                    "reconcile earlier (a longer `before_close`), or shorten `notice`",
                ),
            );
        }
        Some(catch_up)
    }

    fn study(&self) -> Study {
        let study = self.root.table("study");
        Study {
            warm_up: study
                .and_then(|study| study.get("warm_up"))
                .unwrap_or_default(),
            stop: study.and_then(|study| study.get("stop")),
        }
    }

    fn design(&self) -> Design {
        let seed = self.root.get("seed").unwrap_or(1);
        let replications = match self.root.table("precision") {
            Some(precision) => Replications::Precision {
                of: match precision.word("of") {
                    Some("swabbing_ends") => Watched::SwabbingEnds,
                    Some("turnaround") => Watched::Turnaround,
                    Some("wait") => Watched::Wait,
                    _ => Watched::ResultsEnd,
                },
                to: precision.take("to"),
                most: precision.get("most").unwrap_or(2_000),
            },
            None => Replications::Fixed(self.root.get("replications").unwrap_or(200)),
        };
        Design { replications, seed }
    }

    /// Complains about what a scenario cannot be without.
    fn completeness(&mut self, lists: &Lists<'_, '_>) {
        let place = self.root.place;
        let nobody = lists.cells.is_empty() && lists.feeds.is_empty();
        if nobody {
            self.error(
                "S201",
                place,
                (
                    "没有网格：不知道谁应检".into(),
                    "there are no cells: nobody is due".into(),
                ),
                (
                    "加上 [[cells]]，或 cells = \"文件.xlsx#工作表\"",
                    "add [[cells]], or cells = \"file.xlsx#sheet\"",
                ),
            );
        }
        if lists.sites.is_empty() && !lists.cells.is_empty() {
            self.error(
                "S202",
                place,
                (
                    "没有采样点：无处采样".into(),
                    "there are no sites: nowhere to be swabbed".into(),
                ),
                (
                    "加上 [[sites]]，或 sites = \"文件.xlsx#工作表\"",
                    "add [[sites]], or sites = \"file.xlsx#sheet\"",
                ),
            );
        }
        if lists.labs.is_empty() {
            self.error(
                "S203",
                place,
                (
                    "没有实验室：采的样无处检测".into(),
                    "there are no laboratories: nobody tests the tubes".into(),
                ),
                (
                    "加上 [[labs]]，写明 id 和 machines（台数）",
                    "add [[labs]] with its `id` and how many `machines`",
                ),
            );
        }
        if lists.couriers.is_empty() && !lists.sites.is_empty() && !lists.cells.is_empty() {
            self.error(
                "S204",
                place,
                (
                    "没有送样车：样品出不了采样点".into(),
                    "there are no couriers: the tubes stay at the sites".into(),
                ),
                (
                    "加上 [[couriers]]，写明 id 和 every（发车间隔）",
                    "add [[couriers]] with its `id` and how often it leaves (`every`)",
                ),
            );
        }
    }

    /// Notes sites, laboratories and couriers that nothing comes to.
    fn loose_ends(
        &mut self,
        lists: &Lists<'_, '_>,
        (cells, couriers): (
            &Dense<crate::id::CellId, crate::model::Cell>,
            &Dense<crate::id::CourierId, crate::model::courier::Courier>,
        ),
        (feeds, labs): (
            &Dense<crate::id::FeedId, crate::model::Feed>,
            &Dense<LabId, crate::model::lab::Lab>,
        ),
    ) {
        let mut used = vec![false; lists.sites.tables.len()];
        for cell in cells.values() {
            if let Some(used) = used.get_mut(cell.site.index()) {
                *used = true;
            }
        }
        if !lists.cells.partial && !cells.is_empty() && !self.problems.has_errors() {
            for (site, _) in lists
                .sites
                .tables
                .iter()
                .zip(used)
                .filter(|(site, used)| !used && !visits::is_visiting(site))
            {
                let id: String = site.take("id");
                self.warning(
                    "S205",
                    site.place_of("id"),
                    (
                        format!("没有网格去采样点 {id}"),
                        format!("no cell goes to site {id}"),
                    ),
                    (
                        "给某个网格写 site，或删去这个采样点",
                        "name it as the `site` of a cell, or leave it out",
                    ),
                );
            }
        }
        for (index, lab) in lists.labs.tables.iter().enumerate() {
            let reached = couriers.values().any(|courier| courier.to.index() == index)
                || feeds.values().any(|feed| feed.to.index() == index);
            let sends = |other: &crate::model::lab::Lab| {
                let overflow = other.overflow.as_ref();
                overflow.is_some_and(|overflow| overflow.to.index() == index)
            };
            let reached = reached || labs.values().any(sends);
            let reached = reached || self.is_reserve(&lab.take::<String>("id"));
            if !reached && !lists.couriers.partial && !self.problems.has_errors() {
                let id: String = lab.take("id");
                self.warning(
                    "S206",
                    lab.place_of("id"),
                    (
                        format!("没有样品送往实验室 {id}"),
                        format!("no tubes come to laboratory {id}"),
                    ),
                    (
                        "让某个送样车的 to 指向它，或删去它",
                        "point the `to` of a courier at it, or leave it out",
                    ),
                );
            }
        }
    }
}

/// What an entry is called.
fn name(table: &Table<'_>) -> Name {
    let id: String = table.take("id");
    let text = |name: &str| {
        table
            .get::<String>(name)
            .filter(|text| !text.trim().is_empty())
    };
    let zh = text("name")
        .or_else(|| text("name_en"))
        .unwrap_or_else(|| id.clone());
    let en = text("name_en")
        .or_else(|| text("name"))
        .unwrap_or_else(|| id.clone());
    Name { id, zh, en }
}

/// The unknown with an address.
pub(super) fn unknown(assumption: &Assumption) -> Option<Unknown> {
    Some(Unknown {
        key: assumption.key.clone(),
        called: assumption.called.clone(),
        range: assumption.range.clone()?,
        within: assumption.within.clone()?,
    })
}
