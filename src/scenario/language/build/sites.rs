//! Sites: their own words first, then those for all sites.

use super::super::checked::{Datum, FromDatum, Table};
use super::visits::is_visiting;
use super::{Build, Lists, name};
use crate::id::{SiteId, Table as Dense};
use crate::model::assumption::{Between, Quantity};
use crate::model::coming::{Coming, Profile};
use crate::model::site::{
    AtClose, Boundary, Crew, Expire, Hours, Pickup, Pool, Queue, Scope, Site, TooOld, TubeFaults,
    Tubes,
};
use crate::units::text::print_window;
use crate::units::{Share, Span};

/// The most people in a household tube where nothing is said: published practice opens another for more than five.
const HOUSEHOLD_MOST: u32 = 5;

/// A table and the one it takes from what it leaves out.
#[derive(Clone, Copy)]
pub(super) struct Layers<'t, 'n> {
    pub(super) own: Option<&'t Table<'n>>,
    pub(super) base: Option<&'t Table<'n>>,
}

impl<'t, 'n> Layers<'t, 'n> {
    /// The table that says something about a key.
    pub(super) fn saying(self, name: &str) -> Option<&'t Table<'n>> {
        [self.own, self.base]
            .into_iter()
            .flatten()
            .find(|table| table.item(name).is_some() || table.is_broken(name))
    }

    pub(super) fn get<T: FromDatum>(self, name: &str) -> Option<T> {
        self.saying(name)?.get(name)
    }

    fn take<T: FromDatum>(self, name: &str) -> T {
        self.get(name).unwrap_or_else(T::stand_in)
    }

    pub(super) fn word(self, name: &str) -> Option<&'static str> {
        self.saying(name)?.word(name)
    }

    /// The table itself, if there is one.
    pub(super) fn any(self) -> Option<&'t Table<'n>> {
        self.own.or(self.base)
    }

    /// The layers of a table within.
    pub(super) fn inner(self, name: &str) -> Self {
        Self {
            own: self.own.and_then(|own| own.table(name)),
            base: self.base.and_then(|base| base.table(name)),
        }
    }
}

impl<'n> Build<'_, 'n, '_> {
    pub(super) fn sites(&mut self, lists: &Lists<'_, 'n>) -> Dense<SiteId, Site> {
        lists
            .sites
            .tables
            .iter()
            .map(|table| {
                if is_visiting(table) {
                    self.teams(table, lists)
                } else {
                    self.site(table)
                }
            })
            .collect()
    }

    fn site(&mut self, table: &Table<'n>) -> Site {
        let root = self.root;
        let layers = |name| Layers {
            own: table.table(name),
            base: root.table(name),
        };
        let lane = Layers {
            own: Some(table),
            base: root.table("lane"),
        };
        let crew = root.table("lane").and_then(|lane| lane.table("crew"));
        let staff = |name| crew.and_then(|crew| crew.get(name)).unwrap_or(1);
        Site {
            name: name(table),
            position: self.position(table),
            hours: hours(layers("hours")),
            lanes: self.quantity(table, "lanes"),
            queue: if lane.word("queue") == Some("per-lane") {
                Queue::PerLane
            } else {
                Queue::Shared
            },
            stations: self.stations(table, lane, layers("tubes").word("per") == Some("site")),
            crowd: self.crowd(layers("coming"), layers("waiting")),
            crew: Crew {
                scanners: staff("scanner"),
                swabbers: staff("swabber"),
                guides: staff("guide"),
            },
            coming: self.coming(layers("coming")),
            tubes: self.tubes(layers("tubes")),
            pickup_offset: table.get("pickup_offset").unwrap_or_default(),
            visits: None,
        }
    }

    pub(super) fn layered<T: FromDatum + Between>(
        &self,
        layers: Layers<'_, '_>,
        name: &str,
    ) -> Quantity<T> {
        layers.saying(name).map_or_else(
            || Quantity::known(T::stand_in()),
            |table| self.quantity(table, name),
        )
    }

    fn coming(&mut self, layers: Layers<'_, 'n>) -> Coming {
        match layers.word("by") {
            Some("slots") => Coming::Slots {
                width: layers.take("width"),
                punctuality: layers.take("punctuality"),
            },
            Some("even") => Coming::Profile(Profile::Even),
            Some("front-loaded") => Coming::Profile(Profile::FrontLoaded {
                half_life: layers.take("half_life"),
            }),
            Some("two-peaks") => Coming::Profile(self.two_peaks(layers)),
            Some("by-hour") => Coming::Profile(Profile::ByHour(layers.take("weights"))),
            Some("poisson") => Coming::Poisson(self.layered(layers, "rate")),
            Some("exponential") => Coming::Exponential {
                over: layers.take("over"),
            },
            Some("regular") => Coming::Regular {
                every: layers.take("every"),
            },
            _ => Coming::Called {
                batch: layers.take("batch"),
                notice: layers.take("notice"),
                spread: layers.take("spread"),
                tempo: self.layered(layers, "tempo"),
                walk: layers.get("walk").unwrap_or(false),
            },
        }
    }

    fn two_peaks(&mut self, layers: Layers<'_, 'n>) -> Profile {
        let (morning, evening): (Span, Span) = (layers.take("morning"), layers.take("evening"));
        if morning >= evening
            && let Some(table) = layers.saying("morning")
            && !table.is_broken("morning")
            && !table.is_broken("evening")
        {
            let place = table.place_of("morning");
            self.error(
                "S214",
                place,
                (
                    "早高峰不早于晚高峰".into(),
                    "the morning peak is not before the evening peak".into(),
                ),
                (
                    "如 morning = \"08:00\"，evening = \"19:00\"",
                    "such as morning = \"08:00\", evening = \"19:00\"",
                ),
            );
        }
        let Share(morning_share) = layers.take("morning_share");
        Profile::TwoPeaks {
            morning,
            evening,
            morning_share,
            width: layers.take("peak_width"),
        }
    }

    pub(super) fn tubes(&self, layers: Layers<'_, 'n>) -> Tubes {
        let close = layers.inner("close");
        let lane = self.root.table("lane");
        Tubes {
            pool: ["precaution", "controlled", "sealed", "isolation"]
                .map(|tier| self.pool(layers, tier)),
            scope: if layers.word("per") == Some("site") {
                Scope::Site
            } else {
                Scope::Lane
            },
            boundary: match close.word("boundary") {
                Some("tier") => Some(Boundary::Tier),
                Some("cell") => Some(Boundary::Cell),
                Some("household") => Some(Boundary::Household),
                _ => None,
            },
            max_age: close.get("age"),
            max_idle: close.get("idle"),
            at_pickup: if close.get("pickup") == Some(false) {
                Pickup::Leaves
            } else {
                Pickup::Closes
            },
            expire: self.expire(layers.inner("expire")),
            change: lane
                .and_then(|lane| lane.get("tube_change"))
                .unwrap_or_default(),
            faults: self.tube_faults(layers.inner("faults")),
        }
    }

    /// What may happen to tubes, if anyone says so.
    fn tube_faults(&self, layers: Layers<'_, '_>) -> Option<TubeFaults> {
        let share = |name| {
            layers
                .saying(name)
                .map_or(Quantity::known(Share(0.0)), |table| {
                    self.quantity(table, name)
                })
        };
        layers.own.or(layers.base)?;
        Some(TubeFaults {
            lost: share("lost"),
            leaking: share("leaking"),
            unsatisfactory: share("unsatisfactory"),
            mismatched: share("mismatched"),
            unbound: share("unbound"),
            reconcile: layers
                .saying("reconcile")
                .map_or(Quantity::known(Span::MINUTE * 30), |table| {
                    self.quantity(table, "reconcile")
                }),
        })
    }

    /// How old a tube may be, if that is said.
    fn expire(&self, layers: Layers<'_, 'n>) -> Option<Expire> {
        layers.saying("after")?;
        Some(Expire {
            after: self.layered(layers, "after"),
            then: if layers.word("then") == Some("re-swab") {
                TooOld::ReSwab
            } else {
                TooOld::Flag
            },
        })
    }

    /// People in a full tube of a tier: one number for all, or by tier.
    fn pool(&self, layers: Layers<'_, 'n>, tier: &str) -> Pool {
        let one = |table: &Table<'n>, name: &str| match table.word(name) {
            Some(_) => {
                let most = layers.get("household_most").unwrap_or(HOUSEHOLD_MOST);
                Pool::Household(Quantity::known(most))
            }
            None => Pool::People(self.quantity(table, name)),
        };
        for table in [layers.own, layers.base].into_iter().flatten() {
            match table.item("pool").map(|item| &item.datum) {
                Some(Datum::Count(_) | Datum::Word(_)) => return one(table, "pool"),
                Some(Datum::Table(pool)) if pool.item(tier).is_some() => {
                    return one(pool, tier);
                }
                _ => {}
            }
        }
        Pool::People(Quantity::known(u32::stand_in()))
    }

    /// The hours a site is open, for complaints about rounds.
    pub(super) fn open_hours(site: &Site) -> String {
        let open: Vec<String> = site
            .hours
            .open
            .iter()
            .map(|window| print_window(*window))
            .collect();
        open.join(", ")
    }
}

pub(super) fn hours(layers: Layers<'_, '_>) -> Hours {
    Hours {
        open: layers.take("open"),
        setup: layers.get("setup").unwrap_or_default(),
        at_close: if layers.word("at_close") == Some("send-home") {
            AtClose::SendHome
        } else {
            AtClose::Serve
        },
    }
}
