//! What the campaign decides on the way: the review of each night, its rules, and what rounds wait for.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::tiers::{Tiers, tier};
use super::{Build, Entries, LAB, Lists, SITE, Thing, name};
use crate::id::{CourierId, Id, LabId, RoundId, SiteId, Table as Dense};
use crate::model::campaign::{Action, Campaign, Gate, Otherwise, Review, Rule, When};
use crate::model::courier::{Courier, Route};
use crate::model::site::Site;
use crate::model::{Cell, Round, Tier};
use crate::scenario::language::checked::Table;
use crate::scenario::tree::Place;
use crate::units::{Share, Span};

const COURIER: Thing = Thing("送样车", "courier");

/// The longest campaign that is reviewed night by night, from the first opening to the last.
const LONGEST: Span = Span::from_millis(400 * 86_400_000);

/// What each round says of itself besides its dates and cells.
#[derive(Default)]
pub(super) struct Gates {
    pub(super) gates: Vec<Option<Gate>>,
    pub(super) only: Vec<Vec<Tier>>,
}

/// What rules may name.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) cells: &'a Dense<crate::id::CellId, Cell>,
    pub(super) sites: &'a Dense<SiteId, Site>,
    pub(super) couriers: &'a Dense<CourierId, Courier>,
    pub(super) rounds: &'a Dense<RoundId, Round>,
}

impl<'n> Build<'_, 'n, '_> {
    /// What is decided on the way, if anything is.
    pub(super) fn campaign(
        &mut self,
        lists: &Lists<'_, 'n>,
        named: Named<'_>,
        (gates, tiers): (Gates, &Tiers),
        first_day: Date,
    ) -> Option<Campaign> {
        let review = self.review(lists, named);
        let decides = review.is_some() || gates.gates.iter().any(Option::is_some);
        decides.then(|| Campaign {
            review,
            dated: tiers.dated(first_day),
            gates: gates.gates,
            only: gates.only,
        })
    }

    fn review(&mut self, lists: &Lists<'_, 'n>, named: Named<'_>) -> Option<Review> {
        let table = self.root.table("review")?;
        let openings = || named.rounds.values().map(|round| round.opens);
        if let (Some(first), Some(last)) = (openings().min(), openings().max())
            && last.since(first) > LONGEST
        {
            self.error(
                "S408",
                table.place,
                (
                    "首轮到末轮超过 400 天，不能每晚会商".into(),
                    "from the first round to the last are more than 400 days: too long for a review each night".into(),
                ),
                (
                    "检查轮次的日期，或删去 [review]",
                    "check the dates of the rounds, or leave [review] out",
                ),
            );
        }
        let rules = Entries::of(table, "rules");
        if rules.is_empty() && !table.is_broken("rules") {
            self.error(
                "S400",
                table.place_of("rules"),
                (
                    "会商没有规则，什么也不会变".into(),
                    "the review has no rules: nothing can change".into(),
                ),
                (
                    "如 [[review.rules]]，id = \"seal\"，when = \"positive\"，tier = \"sealed\"",
                    "such as [[review.rules]] with id = \"seal\", when = \"positive\", tier = \"sealed\"",
                ),
            );
        }
        let rules = rules
            .tables
            .iter()
            .filter_map(|rule| self.rule(rule, lists, named))
            .collect();
        Some(Review {
            at: table.take("at"),
            rules,
        })
    }

    fn rule(&mut self, table: &Table<'n>, lists: &Lists<'_, 'n>, named: Named<'_>) -> Option<Rule> {
        let kind = table.word("when")?;
        let when = match kind {
            "clear" => When::Clear {
                from: tier(Some(
                    self.needs(table, kind, "from")
                        .then(|| table.word("from"))??,
                )),
                length: table.take("days"),
                rounds: table.take("rounds"),
            },
            "outstanding" => {
                self.needs(table, kind, "over").then_some(())?;
                When::Outstanding(table.take("over"))
            }
            "late" => {
                self.needs(table, kind, "after").then_some(())?;
                When::Late(table.take("after"))
            }
            _ => When::Positive,
        };
        let then = match when {
            When::Positive | When::Clear { .. } => {
                self.needs(table, kind, "tier").then_some(())?;
                self.tier_of_rule(table, when, named)
            }
            When::Outstanding(_) | When::Late(_) => self.moved(table, lists, named),
        };
        Some(Rule {
            name: name(table),
            when,
            takes: table.take("takes"),
            then,
        })
    }

    /// Whether a key is there that a rule of this kind needs; complains if it is not.
    fn needs(&mut self, table: &Table<'_>, kind: &str, key: &str) -> bool {
        if table.item(key).is_some() {
            return true;
        }
        if !table.is_broken(key) {
            let id: String = table.take("id");
            self.error(
                "S401",
                table.place_of("when"),
                (
                    format!("规则 {id}：when = \"{kind}\" 要写 `{key}`"),
                    format!("rule {id}: when = \"{kind}\" needs `{key}`"),
                ),
                (
                    "positive、clear 写 tier，clear 还写 from，outstanding 写 over，late 写 after",
                    "`tier` with positive and clear, `from` with clear, `over` with outstanding, `after` with late",
                ),
            );
        }
        false
    }

    fn tier_of_rule(&mut self, table: &Table<'_>, when: When, named: Named<'_>) -> Vec<Action> {
        let id: String = table.take("id");
        let to = tier(table.word("tier"));
        if let When::Clear { from, .. } = when
            && to >= from
        {
            self.error(
                "S402",
                table.place_of("tier"),
                (
                    format!("规则 {id}：clear 只降类别，tier 要比 from 轻"),
                    format!("rule {id}: `clear` only lowers, so `tier` must be milder than `from`"),
                ),
                (
                    "如 from = \"sealed\"，tier = \"controlled\"",
                    "such as from = \"sealed\", tier = \"controlled\"",
                ),
            );
        }
        let finds = |lab: &Table<'_>| lab.item("verdict").is_some() || lab.is_broken("verdict");
        if when == When::Positive && !self.root.tables("labs").iter().any(finds) {
            self.error(
                "S403",
                table.place_of("when"),
                (
                    format!("规则 {id}：没有一个实验室判阴阳（verdict），不会有阳性管"),
                    format!("rule {id}: no laboratory looks for positive tubes (`verdict`)"),
                ),
                (
                    "给实验室加上 verdict = { }，或删去这条规则",
                    "give a laboratory verdict = { }, or leave the rule out",
                ),
            );
        }
        let mut actions = vec![Action::Tier(to)];
        let within: Option<f64> = table.get("within_km");
        if within.is_some() && named.cells.values().any(|cell| cell.position.is_none()) {
            self.error(
                "S404",
                table.place_of("within_km"),
                (
                    format!("规则 {id} 按距离算周围，有的网格却没有经纬度"),
                    format!("rule {id} goes by distance, and some cells have no position"),
                ),
                (
                    "给每个网格写 lon、lat；省略 within_km 则按同一采样点",
                    "give every cell `lon` and `lat`, or leave `within_km` out: the cells of the same site",
                ),
            );
        }
        if table.item("nearby").is_some() {
            let tier = tier(table.word("nearby"));
            actions.push(Action::Nearby { tier, within });
        }
        actions
    }

    /// What is moved, added or called.
    fn moved(&mut self, table: &Table<'n>, lists: &Lists<'_, 'n>, named: Named<'_>) -> Vec<Action> {
        let mut actions = Vec::new();
        let sites = self.listed_or_all(table, "sites", (SITE, &lists.sites));
        let sites: Vec<SiteId> = sites.into_iter().map(SiteId::from_index).collect();
        if let Some(lanes) = table.get("lanes") {
            let from = self.lanes_from(table, lists, (&sites, lanes, named));
            actions.push(Action::Lanes {
                sites: sites.clone(),
                lanes,
                from,
            });
        } else if table.item("lanes_from").is_some() && !table.is_broken("lanes") {
            self.wrong_resources(
                table,
                "lanes_from",
                (
                    "写了 lanes_from，没有写 lanes",
                    "has `lanes_from` without `lanes`",
                ),
            );
        }
        if let Some(open) = table.get("hours") {
            actions.push(Action::Hours { sites, open });
        }
        let couriers = self.listed_or_all(table, "couriers", (COURIER, &lists.couriers));
        let couriers: Vec<CourierId> = couriers.into_iter().map(CourierId::from_index).collect();
        if let Some(more) = table.get("vehicles") {
            self.has_a_pool(table, &couriers, named);
            let couriers = couriers.clone();
            actions.push(Action::Vehicles { couriers, more });
        }
        if let Some(id) = table.get::<String>("lab") {
            let place = table.place_of("lab");
            if let Some(to) = self.find(&id, place, LAB, &lists.labs) {
                let to = LabId::from_index(to);
                actions.push(Action::Lab { couriers, to });
            }
        }
        let keys = ["lanes", "lanes_from", "hours", "vehicles", "lab"];
        if actions.is_empty() && !keys.iter().any(|key| table.states(key)) {
            self.wrong_resources(table, "when", ("什么也不做", "does nothing"));
        }
        actions
    }

    /// Numbers of the entries that a list names; all if it is left out.
    fn listed_or_all(
        &mut self,
        table: &Table<'n>,
        key: &str,
        (thing, among): (Thing, &Entries<'_, 'n>),
    ) -> Vec<usize> {
        match table.get::<Vec<(String, Place)>>(key) {
            Some(listed) => {
                let found: BTreeSet<usize> = listed
                    .iter()
                    .filter_map(|(id, place)| self.find(id, *place, thing, among))
                    .collect();
                found.into_iter().collect()
            }
            None => (0..among.tables.len()).collect(),
        }
    }

    /// The site that gives lanes away.
    fn lanes_from(
        &mut self,
        table: &Table<'n>,
        lists: &Lists<'_, 'n>,
        (sites, lanes, named): (&[SiteId], u32, Named<'_>),
    ) -> Option<SiteId> {
        let id: String = table.get("lanes_from")?;
        let from = self.find(&id, table.place_of("lanes_from"), SITE, &lists.sites)?;
        let from = SiteId::from_index(from);
        if sites.contains(&from) {
            self.wrong_resources(
                table,
                "lanes_from",
                (
                    "从自己调台给自己：把 sites 写明，不含 lanes_from",
                    "moves lanes from a site to itself: name other `sites`",
                ),
            );
        }
        let moved = lanes.saturating_mul(u32::try_from(sites.len()).unwrap_or(u32::MAX));
        let has = named
            .sites
            .get(from)
            .map_or(u32::MAX, |site| site.lanes.value);
        if moved >= has {
            self.wrong_resources(
                table,
                "lanes_from",
                (
                    "调走的台太多，原来的点一张也不剩",
                    "moves more lanes than the site can give: it must keep one",
                ),
            );
        }
        Some(from)
    }

    /// Complains if vehicles are added to couriers that share none.
    fn has_a_pool(&mut self, table: &Table<'n>, couriers: &[CourierId], named: Named<'_>) {
        let fixed = |courier: &&Courier| {
            courier.route == Route::Direct || courier.call.is_some() || courier.load.is_some()
        };
        let fixed = couriers
            .iter()
            .filter_map(|id| named.couriers.get(*id))
            .find(fixed);
        if fixed.is_some() {
            self.wrong_resources(
                table,
                "vehicles",
                (
                    "只能给按时刻表巡回（route = \"loop\"）、不限装载的送样车加车",
                    "adds vehicles to a courier that does not drive rounds by a timetable with room for all: not possible",
                ),
            );
        }
    }

    fn wrong_resources(&mut self, table: &Table<'_>, key: &str, (zh, en): (&str, &str)) {
        let id: String = table.take("id");
        self.error(
            "S405",
            table.place_of(key),
            (format!("规则 {id}：{zh}"), format!("rule {id}: {en}")),
            (
                "写 lanes、hours、vehicles、lab 中的一项或几项",
                "one or more of `lanes`, `hours`, `vehicles`, `lab`",
            ),
        );
    }

    /// What a round waits for, if for anything.
    pub(super) fn gate(&mut self, round: &Table<'_>, is_first: bool) -> Option<Gate> {
        let table = round.table("go")?;
        let settled = table.word("positives") == Some("settled");
        if settled && self.root.table("recall").is_none() && !self.root.is_broken("recall") {
            self.error(
                "S406",
                table.place_of("positives"),
                (
                    "没有 [recall]，阳性管不会处置完，也就等不到".into(),
                    "without [recall] positive tubes are never settled: the round would wait for nothing".into(),
                ),
                (
                    "加上 [recall]，或删去 positives",
                    "add [recall], or leave `positives` out",
                ),
            );
        }
        if is_first {
            self.warning(
                "S407",
                table.place,
                (
                    "第一轮前面没有轮次，go 不起作用".into(),
                    "`go` has no effect: there is no round before the first".into(),
                ),
                ("写在后面的轮次里", "write it for a later round"),
            );
            return None;
        }
        Some(Gate {
            results: table.get("results").unwrap_or(Share(1.0)),
            settled,
            wait: table.take("wait"),
            otherwise: if table.word("otherwise") == Some("open") {
                Otherwise::Open
            } else {
                Otherwise::Drop
            },
        })
    }

    /// Whether a rule of the review sends couriers to this laboratory.
    pub(super) fn is_reserve(&self, lab: &str) -> bool {
        let rules = self
            .root
            .table("review")
            .map_or(&[][..], |review| review.tables("rules"));
        let mut called = rules.iter().filter_map(|rule| rule.get::<String>("lab"));
        called.any(|id| id == lab)
    }
}
