//! What brings tubes to laboratories: couriers and feeds.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::checked::{Datum, Table};
use super::labs::priority;
use super::rounds::since_midnight;
use super::{Build, LAB, Lists, SITE, name};
use crate::id::{CourierId, FeedId, Id, LabId, RoundId, SiteId, Table as Dense};
use crate::model::assumption::Quantity;
use crate::model::courier::{Call, Checkpoint, Courier, Load, Route};
use crate::model::{Feed, FeedArrivals, Round};
use crate::scenario::problem::{Words, listed};
use crate::scenario::tree::Place;
use crate::units::{Span, Time, Window};

impl<'n> Build<'_, 'n, '_> {
    pub(super) fn couriers(&mut self, lists: &Lists<'_, 'n>) -> Dense<CourierId, Courier> {
        let named = self.named_sites(lists);
        let rest: Vec<usize> = (0..lists.sites.tables.len())
            .filter(|site| !named.contains_key(site))
            .collect();
        let mut taken = false;
        let mut couriers = Dense::new();
        for table in &lists.couriers.tables {
            let sites = if table.states("sites") {
                self.listed_sites(table, lists)
            } else {
                self.all_other_sites(table, &rest, &mut taken, lists)
            };
            couriers.push(self.courier(table, sites, lists));
        }
        if !taken
            && !rest.is_empty()
            && !lists.couriers.is_empty()
            && !lists.couriers.partial
            && !lists.sites.partial
        {
            let ids: Vec<String> = rest
                .iter()
                .map(|site| lists.sites.tables[*site].take("id"))
                .collect();
            let listed = listed(ids.iter().map(String::as_str));
            self.error(
                "S222",
                lists.sites.tables[rest[0]].place_of("id"),
                (format!("没有送样车去采样点 {}", listed.zh), format!("no courier goes to {}", listed.en)),
                ("加进某个送样车的 sites，或让一个送样车不写 sites（收其余各点）", "add it to the `sites` of a courier, or let one courier leave `sites` out: it then serves the others"),
            );
        }
        couriers
    }

    /// Which sites couriers name; complains where two name the same.
    fn named_sites(&mut self, lists: &Lists<'_, 'n>) -> BTreeMap<usize, String> {
        let mut named = BTreeMap::<usize, String>::new();
        for table in &lists.couriers.tables {
            let courier: String = table.take("id");
            for (id, place) in table
                .get::<Vec<(String, Place)>>("sites")
                .unwrap_or_default()
            {
                let Some(&site) = lists.sites.index.get(&id) else {
                    continue;
                };
                if let Some(other) = named.insert(site, courier.clone()) {
                    self.error(
                        "S223",
                        place,
                        (
                            format!("采样点 {id} 同时归送样车 {other} 和 {courier}"),
                            format!("site {id} is served by both {other} and {courier}"),
                        ),
                        (
                            "一个采样点只归一个送样车",
                            "a site belongs to one courier: leave it out of the other",
                        ),
                    );
                }
            }
        }
        named
    }

    fn listed_sites(&mut self, table: &Table<'n>, lists: &Lists<'_, 'n>) -> Vec<SiteId> {
        let listed: Vec<(String, Place)> = table.get("sites").unwrap_or_default();
        let found = listed
            .iter()
            .filter_map(|(id, place)| self.find(id, *place, SITE, &lists.sites));
        found.map(SiteId::from_index).collect()
    }

    fn all_other_sites(
        &mut self,
        table: &Table<'n>,
        rest: &[usize],
        taken: &mut bool,
        lists: &Lists<'_, 'n>,
    ) -> Vec<SiteId> {
        let id: String = table.take("id");
        if *taken {
            self.error(
                "S224",
                table.place,
                (format!("送样车 {id} 没有写 sites，而另一个没写 sites 的送样车已收其余各点"), format!("courier {id} lists no `sites`, and another without `sites` already serves all others")),
                ("写明它到哪些采样点：sites = [\"…\"]", "say which sites it serves: sites = [\"…\"]"),
            );
            return Vec::new();
        }
        *taken = true;
        if rest.is_empty() && !lists.sites.tables.is_empty() {
            self.error(
                "S225",
                table.place,
                (
                    format!("送样车 {id} 无点可去：各采样点都归了别的送样车"),
                    format!("courier {id} has no site left: the others serve them all"),
                ),
                (
                    "删去它，或把一些采样点分给它",
                    "leave it out, or give it some of their sites",
                ),
            );
        }
        rest.iter().copied().map(SiteId::from_index).collect()
    }

    fn courier(&mut self, table: &Table<'n>, sites: Vec<SiteId>, lists: &Lists<'_, 'n>) -> Courier {
        let call = self.call(table);
        let every: Quantity<Span> = match &call {
            Some(call) => call.after,
            None => self.quantity(table, "every"),
        };
        let route = if table.word("route") == Some("direct") {
            Route::Direct
        } else {
            Route::Loop {
                vehicles: self.quantity(table, "vehicles"),
                leg: self.duration(table, "leg"),
            }
        };
        Courier {
            name: name(table),
            sites,
            to: self.lab(table, lists).unwrap_or(LabId::from_index(0)),
            first: table.get("first").unwrap_or(every.value),
            every,
            route,
            road: self.duration(table, "road"),
            per_stop: table.get("per_stop").unwrap_or_default(),
            load: self.load(table),
            call,
            hours: table.get("hours").unwrap_or_default(),
            checkpoint: table.table("checkpoint").map(|checkpoint| Checkpoint {
                delay: self.duration(checkpoint, "delay"),
                by_hour: checkpoint.get("by_hour").unwrap_or([1.0; 24]),
            }),
        }
    }

    /// When a site calls a vehicle, if that is how they come.
    fn call(&mut self, table: &Table<'n>) -> Option<Call> {
        let call = table.table("call")?;
        if table.word("route") == Some("direct") {
            let id: String = table.take("id");
            self.error(
                "S260",
                table.place_of("route"),
                (
                    format!("送样车 {id} 随叫随到，车辆由各点共用，不能写 route = \"direct\""),
                    format!(
                        "courier {id} is called and its vehicles are shared: it cannot be `direct`"
                    ),
                ),
                (
                    "删去 route；专程直送写 call = { stops = 1, … }",
                    "leave out `route`; for trips to one site each write call = { stops = 1, … }",
                ),
            );
        }
        Some(Call {
            tubes: call
                .item("tubes")
                .is_some()
                .then(|| self.quantity(call, "tubes")),
            after: self.quantity(call, "after"),
            stops: call.get("stops"),
        })
    }

    /// What a vehicle holds, if that is said.
    fn load(&self, table: &Table<'n>) -> Option<Load> {
        if let Datum::Table(boxes) = &table.item("capacity")?.datum {
            return Some(Load::Boxes {
                boxes: self.quantity(boxes, "boxes"),
                tubes: self.quantity(boxes, "tubes"),
            });
        }
        Some(Load::Tubes(self.quantity(table, "capacity")))
    }

    /// The laboratory an entry's `to` points at; the only one if it points nowhere.
    fn lab(&mut self, table: &Table<'n>, lists: &Lists<'_, 'n>) -> Option<LabId> {
        if let Some(id) = table.get::<String>("to") {
            return self
                .find(&id, table.place_of("to"), LAB, &lists.labs)
                .map(LabId::from_index);
        }
        if lists.labs.tables.len() > 1 && !table.is_broken("to") {
            let known = listed(lists.labs.index.keys().map(String::as_str));
            let id: String = table.take("id");
            self.problems.error(
                "S226",
                table.place,
                Words::new(
                    format!("{id} 没有写送往哪个实验室"),
                    format!("{id} does not say to which laboratory it goes"),
                ),
                Words::new(
                    format!("写 to = …，可选：{}", known.zh),
                    format!("write `to`, one of {}", known.en),
                ),
            );
        }
        (lists.labs.tables.len() == 1).then(|| LabId::from_index(0))
    }

    pub(super) fn feeds(
        &mut self,
        lists: &Lists<'_, 'n>,
        rounds: &Dense<RoundId, Round>,
        first_day: Date,
    ) -> Dense<FeedId, Feed> {
        lists
            .feeds
            .tables
            .iter()
            .map(|table| self.feed(table, lists, rounds, first_day))
            .collect()
    }

    fn feed(
        &mut self,
        table: &Table<'n>,
        lists: &Lists<'_, 'n>,
        rounds: &Dense<RoundId, Round>,
        first_day: Date,
    ) -> Feed {
        let id: String = table.take("id");
        let first = rounds.values().next();
        let opens = first.map_or(Time::ZERO, |round| round.opens);
        let at = |key: &str| match table.item(key).map(|item| &item.datum) {
            Some(Datum::Moment(moment)) => Some(since_midnight(*moment, first_day)),
            Some(Datum::Span(span)) => Some(opens + *span),
            _ => None,
        };
        let start = at("from").unwrap_or(opens);
        let end = at("until")
            .unwrap_or_else(|| first.map_or(Time::ZERO + Span::DAY, |round| round.deadline));
        if end <= start && !table.is_broken("from") && !table.is_broken("until") {
            self.error(
                "S227",
                table.place_of("until"),
                (
                    format!("来源 {id} 的结束不晚于开始"),
                    format!("feed {id} ends before it starts"),
                ),
                ("让 until 晚于 from", "let `until` be later than `from`"),
            );
        }
        let contacts = ["close", "secondary"];
        let arrivals = if contacts.iter().any(|key| table.states(key)) {
            let nobody = Quantity::known(0);
            let people = contacts.map(|key| match table.item(key) {
                Some(_) => self.quantity(table, key),
                None => nobody,
            });
            let at = table.get("at").unwrap_or(Span::HOUR * 10);
            FeedArrivals::Contacts {
                people,
                first: start.midnight() + at,
                over: table.get("over").unwrap_or(Span::HOUR * 2),
            }
        } else if table.states("every") {
            FeedArrivals::Every(self.quantity(table, "every"))
        } else {
            FeedArrivals::Poisson(self.quantity(table, "rate"))
        };
        let by_day = matches!(arrivals, FeedArrivals::Contacts { .. });
        let said = ["every", "rate"].iter().filter(|key| table.states(key));
        if said.count() + usize::from(by_day) != 1 {
            let place = table.place_of("rate");
            self.error(
                "S228",
                place,
                (
                    format!("来源 {id} 要写 rate、every 或人数（close、secondary），只写一样"),
                    format!(
                        "feed {id} needs either `rate`, `every` or contacts (`close`, `secondary`)"
                    ),
                ),
                (
                    "随机到达写 rate = \"20 tubes/h\"，等间隔写 every = \"3 min\"",
                    "at random: rate = \"20 tubes/h\"; at equal intervals: every = \"3 min\"",
                ),
            );
        }
        Feed {
            name: name(table),
            to: self.lab(table, lists).unwrap_or(LabId::from_index(0)),
            arrivals,
            window: Window { start, end },
            people: table.get("people").unwrap_or(1),
            priority: priority(table),
        }
    }
}
