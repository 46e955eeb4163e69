//! Teams that visit: what they are, and whom they visit in a round.

use std::collections::BTreeSet;

use super::super::checked::Table;
use super::rounds::Dated;
use super::sites::Layers;
use super::tiers::{Tiers, tier};
use super::{Build, CELL, Lists, name};
use crate::id::{CellId, Id, RoundId, SiteId, Table as Dense};
use crate::model::campaign::Campaign;
use crate::model::coming::{Coming, Sizes};
use crate::model::service::{Duration, Mean, Shape};
use crate::model::site::{Crew, Crowd, Queue, Scope, Site, Station};
use crate::model::visits::{Unit, Visits, Whom};
use crate::model::{Cell, Place, Round, Tier};
use crate::units::Span;

/// People in a household where nothing is said of them: rural Xi'an, 951 people in 350 household tubes.
pub(super) const HOUSEHOLD: f64 = 2.72;

/// Whether an entry of the lists of sites is one of teams that visit.
pub(super) fn is_visiting(table: &Table<'_>) -> bool {
    table.address.starts_with("visits")
}

impl<'n> Build<'_, 'n, '_> {
    /// Teams as a site whose lanes they are.
    pub(super) fn teams(&mut self, table: &Table<'n>, lists: &Lists<'_, 'n>) -> Site {
        let root = self.root;
        let layers = |name| Layers::new(table.table(name), root.table(name));
        let at_stops = table.word("by") == Some("stop");
        let mut tubes = self.tubes(layers("tubes"));
        tubes.scope = Scope::Lane;
        if !at_stops {
            // A fresh tube is part of what a household takes.
            tubes.change = Span::ZERO;
        }
        let crew: u32 = table.get("crew").unwrap_or(2);
        let households = table
            .get("households")
            .or_else(|| root.table("coming")?.get("households"));
        Site {
            name: name(table),
            position: None,
            hours: super::sites::hours(layers("hours")),
            lanes: self.quantity(table, "teams"),
            queue: Queue::Shared,
            stations: vec![self.visit(table, at_stops)],
            crew: Crew {
                scanners: crew.saturating_sub(1),
                swabbers: 1,
                guides: 0,
            },
            coming: Coming::Regular { every: Span::ZERO },
            crowd: Crowd {
                households: match table.word("who") {
                    _ if at_stops => None,
                    Some("needing") => Some(Sizes(vec![1.0])),
                    _ => Some(households.unwrap_or_else(|| Sizes::about(HOUSEHOLD))),
                },
                ..Crowd::default()
            },
            tubes,
            pickup_offset: Span::ZERO,
            visits: Some(self.visits(table, lists, at_stops)),
        }
    }

    /// What a team does for each person and household. Its luck is that of a lane, so that who is visited takes it along.
    fn visit(&self, table: &Table<'n>, at_stops: bool) -> Station {
        if !at_stops {
            let service = self.duration(table, "per_person");
            return Station {
                per_household: Some(self.duration(table, "per_household")),
                ..Station::plain("lane".to_owned(), Scope::Lane, service)
            };
        }
        let cv: f64 = table.get("pace_cv").unwrap_or(0.4);
        let shape = if cv > 0.0 {
            Shape::Lognormal(cv)
        } else {
            Shape::Constant
        };
        let mean = Mean::Pace(self.quantity(table, "pace"));
        Station::plain("lane".to_owned(), Scope::Lane, Duration { mean, shape })
    }

    fn visits(&mut self, table: &Table<'n>, lists: &Lists<'_, 'n>, at_stops: bool) -> Visits {
        let whom = if !at_stops && table.word("who") == Some("needing") {
            Whom::Needing
        } else {
            Whom::Everyone
        };
        let listed = table.get::<Vec<(String, crate::scenario::tree::Place)>>("cells");
        let mut cells = Vec::new();
        for (id, place) in listed.iter().flatten() {
            let found = self.find(id, *place, CELL, &lists.cells);
            cells.extend(found.map(CellId::from_index));
        }
        let words = table.get::<Vec<(String, crate::scenario::tree::Place)>>("tiers");
        let tiers: Vec<Tier> = match words {
            Some(words) => words.iter().map(|(word, _)| tier(Some(word))).collect(),
            None if listed.is_none() && whom == Whom::Everyone => vec![Tier::Sealed],
            None => Vec::new(),
        };
        Visits {
            unit: if at_stops {
                Unit::Cell
            } else {
                Unit::Household
            },
            whom,
            tiers,
            cells,
            travel: self.duration(table, "travel"),
            setup: if at_stops {
                self.duration(table, "setup")
            } else {
                Duration::constant(Span::ZERO)
            },
        }
    }

    /// Complains about an id that a site and teams share.
    pub(super) fn teams_are_no_sites(&mut self) {
        let root = self.root;
        for table in root.tables("visits") {
            let id = table.get::<String>("id");
            let taken = |site: &Table<'_>| id.is_some() && site.get::<String>("id") == id;
            if let (Some(id), true) = (&id, root.tables("sites").iter().any(taken)) {
                self.error(
                    "S340",
                    table.place_of("id"),
                    (
                        format!("编号 {id} 既是采样点又是上门队"),
                        format!("{id} is the id of a site and of teams that visit"),
                    ),
                    ("改其中一个", "change one of them"),
                );
            }
        }
    }

    /// Where the people of each cell of a round are swabbed.
    pub(super) fn places(
        &mut self,
        round: &Dated<'_, '_>,
        ids: &[CellId],
        lists: &Lists<'_, 'n>,
        (cells, sites, tiers): (&Dense<CellId, Cell>, &Dense<SiteId, Site>, &Tiers),
    ) -> Vec<Place> {
        let visiting = |site: SiteId| sites.get(site).is_some_and(|site| site.visits.is_some());
        let teams: Vec<(SiteId, &Site)> =
            sites.iter().filter(|(site, _)| visiting(*site)).collect();
        let first = cells.values().filter(|cell| cell.priority.is_some());
        let first: BTreeSet<SiteId> = first.map(|cell| cell.site).collect();
        let mut places = Vec::with_capacity(ids.len());
        for &id in ids {
            let Some(cell) = cells.get(id) else {
                continue;
            };
            let tier = tiers.at(id, cell, round.opens);
            let site = if visiting(cell.site) {
                cell.site
            } else {
                let found = self.teams_for((id, tier), Whom::Everyone, lists, &teams);
                found.unwrap_or(cell.site)
            };
            let visited = if visiting(site) || cell.visits == 0 {
                None
            } else {
                self.teams_for((id, tier), Whom::Needing, lists, &teams)
                    .map(|site| (cell.visits, site))
            };
            places.push(Place { site, visited });
            let both = [Some(site), visited.map(|(_, site)| site)];
            for at in both.into_iter().flatten() {
                if let Some(site) = sites.get(at) {
                    self.can_fill_tubes((id, tier), (at, site), lists, &first);
                }
            }
        }
        places
    }

    /// The teams that visit a cell of this tier; complains if there are several.
    fn teams_for(
        &mut self,
        (id, tier): (CellId, Tier),
        whom: Whom,
        lists: &Lists<'_, 'n>,
        teams: &[(SiteId, &Site)],
    ) -> Option<SiteId> {
        let serves = |site: &Site| {
            let visits = site.visits.as_ref();
            visits.is_some_and(|visits| visits.whom == whom && visits.serves(id, tier))
        };
        let mut found = teams.iter().filter(|(_, site)| serves(site));
        let (&(first, one), second) = (found.next()?, found.next());
        if let Some(&(second, other)) = second {
            let (one, other) = (&one.name.id, &other.name.id);
            let table = lists.sites.tables.get(second.index());
            let cell: String = lists
                .cells
                .tables
                .get(id.index())
                .map_or_else(String::new, |cell| cell.take("id"));
            if let Some(table) = table {
                self.once(
                    "S341",
                    table.place_of("id"),
                    (
                        format!("网格 {cell} 在同一轮里既归上门队 {one} 又归 {other}"),
                        format!("cell {cell} is visited by both {one} and {other} in one round"),
                    ),
                    (
                        "用 cells 或 tiers 把它们分开",
                        "set them apart with `cells` or `tiers`",
                    ),
                );
            }
        }
        Some(first)
    }

    /// Complains about household tubes where households are not kept together.
    fn can_fill_tubes(
        &mut self,
        (id, tier): (CellId, Tier),
        (at, site): (SiteId, &Site),
        lists: &Lists<'_, 'n>,
        first: &BTreeSet<SiteId>,
    ) {
        if !site.has_household_tubes(tier) {
            return;
        }
        let fits = match &site.visits {
            Some(visits) => visits.unit == Unit::Household,
            None => site.crowd.households.is_some() && site.is_plain() && !first.contains(&at),
        };
        let Some(table) = lists.sites.tables.get(at.index()).filter(|_| !fits) else {
            return;
        };
        let cell: String = lists
            .cells
            .tables
            .get(id.index())
            .map_or_else(String::new, |cell| cell.take("id"));
        let name = &site.name.id;
        self.once(
            "S345",
            table.place_of("id"),
            (
                format!("{name} 装不了一户一管（网格 {cell}）：那里一户的人不在一起采"),
                format!("{name} cannot fill household tubes (cell {cell}): households are not kept together there"),
            ),
            (
                "让上门队挨户采（[[visits]]）；或写 coming.households，并用普通的采样台（合排、每台装管、无工位、无优先）",
                "let teams visit from door to door ([[visits]]), or give `coming.households` and plain lanes: one queue, tubes per lane, no stations, nobody taken first",
            ),
        );
    }

    /// Complains once about each thing, in however many rounds it is found.
    pub(super) fn once(
        &mut self,
        code: &'static str,
        place: crate::scenario::tree::Place,
        what: (String, String),
        help: (&str, &str),
    ) {
        let told = self.problems.list.iter();
        if !told
            .into_iter()
            .any(|problem| problem.code == code && problem.place == place)
        {
            self.error(code, place, what, help);
        }
    }

    /// Complains about a cell whose people the teams it names do not visit, or that has more people to visit than due.
    pub(super) fn can_be_visited(
        &mut self,
        lists: &Lists<'_, 'n>,
        cells: &Dense<CellId, Cell>,
        sites: &Dense<SiteId, Site>,
    ) {
        let anyone = sites.values().any(|site| {
            let visits = site.visits.as_ref();
            visits.is_some_and(|visits| visits.whom == Whom::Needing)
        });
        let mut warned = false;
        for (table, cell) in lists.cells.tables.iter().zip(cells.values()) {
            let id = &cell.name.id;
            let needing = sites
                .get(cell.site)
                .and_then(|site| site.visits.as_ref())
                .is_some_and(|visits| visits.whom == Whom::Needing);
            if needing && table.states("site") {
                self.error(
                    "S346",
                    table.place_of("site"),
                    (
                        format!("网格 {id} 归只采不能到点的人的上门队"),
                        format!("cell {id} goes to teams that visit only those who cannot come"),
                    ),
                    (
                        "写一个采样点，或改用 who = \"everyone\" 的上门队",
                        "name a site, or teams with who = \"everyone\"",
                    ),
                );
            }
            let due = cell.due();
            if cell.visits > due && !table.is_broken("residents") {
                let visits = cell.visits;
                self.error(
                    "S344",
                    table.place_of("visits"),
                    (
                        format!("网格 {id} 需上门 {visits} 人，多于应检的 {due} 人"),
                        format!("cell {id}: {visits} need a visit, and only {due} are due"),
                    ),
                    (
                        "需上门的人也在应检之中",
                        "those who need a visit are among those due",
                    ),
                );
            }
            if cell.visits > 0 && !anyone && !warned {
                warned = true;
                self.warning(
                    "S342",
                    table.place_of("visits"),
                    (
                        "需上门的人没有上门队：按到点采样算".into(),
                        "nobody visits those who need it: they count as people who come".into(),
                    ),
                    (
                        "加上 [[visits]]，写 who = \"needing\"",
                        "add [[visits]] with who = \"needing\"",
                    ),
                );
            }
        }
    }

    /// Who comes at a rate is on no list, so that nobody knows whom to visit or who is missing.
    pub(super) fn listed(
        &mut self,
        lists: &Lists<'_, 'n>,
        (cells, sites): (&Dense<CellId, Cell>, &Dense<SiteId, Site>),
        missing: Option<SiteId>,
    ) {
        let at_a_rate = |cell: &Cell| {
            let site = sites.get(cell.site);
            site.is_some_and(|site| matches!(site.coming, Coming::Poisson(_)))
        };
        let needing = cells
            .iter()
            .find(|(_, cell)| cell.visits > 0 && at_a_rate(cell));
        let place = if let Some((id, _)) = needing {
            lists
                .cells
                .tables
                .get(id.index())
                .map(|cell| cell.place_of("visits"))
        } else if missing.is_some() && cells.values().any(at_a_rate) {
            let table = self.root.table("catch_up");
            table.map(|table| table.place_of("visits"))
        } else {
            None
        };
        if let Some(place) = place {
            self.warning(
                "S348",
                place,
                (
                    "按到达率来的人没有名单，不知道该上谁的门，这里不起作用".into(),
                    "people who come at a rate are on no list: nobody knows whom to visit, and this has no effect".into(),
                ),
                (
                    "coming.by 改用 poisson 以外的方式，或不写 visits",
                    "let people come otherwise than by \"poisson\", or leave `visits` out",
                ),
            );
        }
    }

    /// The teams that visit those who did not come, if that is said.
    pub(super) fn visits_of_missing(
        &mut self,
        lists: &Lists<'_, 'n>,
        sites: &Dense<SiteId, Site>,
    ) -> Option<SiteId> {
        let table = self.root.table("catch_up")?;
        let id = table.get::<String>("visits")?;
        let place = table.place_of("visits");
        let found = self.find(&id, place, super::TEAMS, &lists.sites)?;
        let visits = sites
            .get(SiteId::from_index(found))
            .and_then(|site| site.visits.as_ref());
        if visits.is_none_or(|visits| visits.unit == Unit::Cell) {
            self.error(
                "S347",
                place,
                (
                    format!("{id} 不是挨户上门的队"),
                    format!("{id} does not go from door to door"),
                ),
                (
                    "写一个 by = \"household\" 的 [[visits]]，或删去它",
                    "name [[visits]] with by = \"household\", or leave it out",
                ),
            );
            return None;
        }
        Some(SiteId::from_index(found))
    }

    /// Notes teams that visit nobody.
    pub(super) fn idle_teams(
        &mut self,
        lists: &Lists<'_, 'n>,
        (rounds, sites): (&Dense<RoundId, Round>, &Dense<SiteId, Site>),
        (missing, campaign): (Option<SiteId>, Option<&Campaign>),
    ) {
        let places = rounds.values().flat_map(|round| &round.places);
        let later = campaign.map_or(Vec::new(), |campaign| campaign.later_tiers().collect());
        let may_visit = |site: SiteId| {
            let visits = sites.get(site).and_then(|site| site.visits.as_ref());
            visits.is_some_and(|visits| later.iter().any(|tier| visits.tiers.contains(tier)))
        };
        let used: BTreeSet<SiteId> = places
            .flat_map(|place| [Some(place.site), place.visited.map(|(_, site)| site)])
            .chain([missing])
            .flatten()
            .collect();
        if self.problems.has_errors() || lists.cells.partial || rounds.is_empty() {
            return;
        }
        for (index, table) in lists.sites.tables.iter().enumerate() {
            let site = SiteId::from_index(index);
            if is_visiting(table) && !used.contains(&site) && !may_visit(site) {
                let id: String = table.take("id");
                self.warning(
                    "S343",
                    table.place_of("id"),
                    (
                        format!("上门队 {id} 在哪一轮都没有人可采"),
                        format!("teams {id} visit nobody in any round"),
                    ),
                    (
                        "核对它的 tiers、cells 和网格的 tier（省略 tiers 只到封控区）",
                        "see their `tiers` and `cells` and the cells' `tier` (without `tiers`: sealed cells only)",
                    ),
                );
            }
        }
    }
}

impl<'t, 'n> Layers<'t, 'n> {
    /// A table and the one it takes from what it leaves out.
    pub(super) const fn new(own: Option<&'t Table<'n>>, base: Option<&'t Table<'n>>) -> Self {
        Self { own, base }
    }
}
