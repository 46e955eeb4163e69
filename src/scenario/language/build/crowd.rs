//! How people come and stand together at a site: households and forms, who keeps no slot, who calls them, who has no phone.

use super::super::checked::Table;
use super::sites::Layers;
use super::visits::HOUSEHOLD;
use super::{Build, Lists};
use crate::id::{CellId, Id, RoundId, SiteId, Table as Dense};
use crate::model::assumption::Quantity;
use crate::model::coming::{Coming, Sizes};
use crate::model::site::{Booking, Callers, Crowd, Paper, Site, Station};
use crate::model::{Cell, Round, Turnout};
use crate::scenario::problem::{listed, shown};
use crate::scenario::tree::Place;
use crate::units::Share;

impl<'n> Build<'_, 'n, '_> {
    pub(super) fn crowd(&self, coming: Layers<'_, 'n>) -> Crowd {
        let households: Option<Sizes> = coming.get("households");
        Crowd {
            forms: coming.get("forms"),
            booking: self.booking(coming),
            callers: self.callers(coming, households.as_ref()),
            households,
        }
    }

    /// Who of those with slots does not keep to them, if anyone says so.
    fn booking(&self, coming: Layers<'_, 'n>) -> Option<Booking> {
        let said = |name| coming.saying(name).is_some();
        if coming.word("by") != Some("slots") || !(said("no_show") || said("walk_in")) {
            return None;
        }
        let share = |name| {
            coming
                .saying(name)
                .map_or(Quantity::known(Share(0.0)), |table| {
                    self.quantity(table, name)
                })
        };
        Some(Booking {
            no_show: share("no_show"),
            walk_in: share("walk_in"),
        })
    }

    /// Who calls the people of a cell, if anyone says so.
    fn callers(&self, coming: Layers<'_, 'n>, households: Option<&Sizes>) -> Option<Callers> {
        let called = matches!(coming.word("by"), Some("cell") | None);
        let callers = coming.inner("callers");
        callers.any().filter(|_| called)?;
        Some(Callers {
            workers: self.layered(callers, "workers"),
            households: self.layered(callers, "households"),
            size: households.map_or(HOUSEHOLD, Sizes::mean),
        })
    }

    /// Lets the station that registers take longer for people without a phone, if anyone says so: the one that is named where the site has it,
    /// else the first.
    pub(super) fn register_on_paper(&self, stations: &mut [Station]) {
        let Some(paper) = self.paper() else {
            return;
        };
        let at: Option<String> = paper.get("at");
        let named = |station: &Station| at.as_ref() == Some(&station.id);
        let place = stations.iter().position(named).unwrap_or(0);
        if let Some(station) = stations.get_mut(place) {
            station.paper = Some(Paper {
                share: self.quantity(paper, "share"),
                more: self.duration(paper, "more"),
            });
        }
    }

    fn paper(&self) -> Option<&Table<'n>> {
        self.root.table("lane")?.table("paper")
    }

    /// Complains about what is said of people and cannot be: a station that no site has, no-shows among people who are counted, a walk from
    /// nowhere.
    pub(super) fn crowds(
        &mut self,
        lists: &Lists<'_, 'n>,
        (cells, sites): (&Dense<CellId, Cell>, &Dense<SiteId, Site>),
        rounds: &Dense<RoundId, Round>,
    ) {
        self.paper_somewhere(sites);
        for round in rounds.values() {
            for (place, &cell) in round.places.iter().zip(&round.cells) {
                let (Some(site), Some(cell)) = (sites.get(place.site), cells.get(cell)) else {
                    continue;
                };
                let at = |key| Self::coming_at(self.root, lists, place.site, key);
                let (no_show, walk) = (at("no_show"), at("walk"));
                self.counted_no_shows(round, site, no_show);
                self.walk_from_somewhere(cell, site, walk);
            }
        }
    }

    fn paper_somewhere(&mut self, sites: &Dense<SiteId, Site>) {
        let root = self.root;
        let paper = root.table("lane").and_then(|lane| lane.table("paper"));
        let Some((paper, at)) = paper.and_then(|paper| Some((paper, paper.get::<String>("at")?)))
        else {
            return;
        };
        let places = sites.values().filter(|site| site.visits.is_none());
        let stations = || places.clone().flat_map(|site| &site.stations);
        if stations().any(|station| station.id == at) {
            return;
        }
        let mut known: Vec<&str> = stations().map(|station| station.id.as_str()).collect();
        known.sort_unstable();
        known.dedup();
        let (known, at) = (listed(known), shown(&at));
        self.error(
            "S321",
            paper.place_of("at"),
            (
                format!("没有一个采样点有叫 \"{at}\" 的工位"),
                format!("no site has a station called \"{at}\""),
            ),
            (
                &format!("已有的工位：{}；省略 at 则在第一个工位登记", known.zh),
                &format!(
                    "there are: {}; without `at` the first station registers",
                    known.en
                ),
            ),
        );
    }

    /// Where a key of how people come to a site is said.
    fn coming_at(
        root: &Table<'n>,
        lists: &Lists<'_, 'n>,
        site: SiteId,
        key: &str,
    ) -> Option<Place> {
        let own = lists.sites.tables.get(site.index());
        let layers = Layers::new(
            own.and_then(|own| own.table("coming")),
            root.table("coming"),
        );
        layers.saying(key).map(|table| table.place_of(key))
    }

    fn counted_no_shows(&mut self, round: &Round, site: &Site, at: Option<Place>) {
        let absent = |share: &Quantity<Share>| share.value.0 > 0.0 || share.range.is_some();
        let booking = site.crowd.booking.as_ref();
        let counted = matches!(round.turnout, Turnout::Swabbed(_));
        if !counted || !booking.is_some_and(|booking| absent(&booking.no_show)) {
            return;
        }
        let (Some(at), id) = (at, &round.name.id) else {
            return;
        };
        self.once(
            "S322",
            at,
            (
                format!("轮次 {id} 用 swabbed 写明了来多少人，约了不来的已不在其中：no_show 不起作用"),
                format!("round {id} says with `swabbed` how many come, which leaves out who books and does not: `no_show` has nothing to do"),
            ),
            (
                "轮次改写 turnout，或删去 no_show",
                "give the round a `turnout` instead, or leave out `no_show`",
            ),
        );
    }

    fn walk_from_somewhere(&mut self, cell: &Cell, site: &Site, at: Option<Place>) {
        let walks = matches!(&site.coming, Coming::Called { walk: true, .. });
        let nowhere = match (cell.position, site.position) {
            _ if !walks => return,
            (None, _) => &cell.name.id,
            (_, None) => &site.name.id,
            _ => return,
        };
        if let Some(at) = at {
            self.once(
                "S323",
                at,
                (
                    format!("{nowhere} 没有经纬度，算不出从家走到采样点要多久"),
                    format!(
                        "{nowhere} has no position, so the walk from home to the site is not known"
                    ),
                ),
                (
                    "给各网格和采样点写 lat、lon，或删去 walk",
                    "give every cell and site its `lat` and `lon`, or leave out `walk`",
                ),
            );
        }
    }
}
