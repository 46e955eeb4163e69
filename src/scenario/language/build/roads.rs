//! Driving times by pair, from a table of times or from positions.

use std::collections::{BTreeMap, BTreeSet};

use super::super::checked::Table;
use super::{Build, Lists};
use crate::geo;
use crate::id::{CourierId, Id, LabId, SiteId, Table as Dense};
use crate::model::assumption::Quantity;
use crate::model::campaign::{Action, Campaign};
use crate::model::courier::{Courier, Route};
use crate::model::lab::Lab;
use crate::model::road::{Drive, Roads, Ways};
use crate::model::site::Site;
use crate::scenario::nearest::nearest;
use crate::scenario::problem::{Words, did_you_mean, shown};
use crate::scenario::tree::Place;
use crate::units::{Position, Span};

/// How many pairs without a time are reported.
const MOST_MISSING: usize = 20;
/// No drive takes longer.
const LONGEST: Span = Span::from_millis(10 * 86_400_000);

/// A site or a laboratory, by its number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Stop {
    Site(usize),
    Lab(usize),
}

/// What is known of the roads.
struct Known<'t, 'n> {
    table: &'t Table<'n>,
    /// The time of a pair, if it is given, and where.
    times: BTreeMap<(Stop, Stop), (Option<Span>, Place)>,
    sites: Vec<Option<Position>>,
    labs: Vec<Option<Position>>,
    speed: Option<Quantity<f64>>,
    detour: f64,
    missing: usize,
    /// Places without a position, once each.
    told: BTreeSet<Stop>,
}

impl<'t, 'n> Build<'t, 'n, '_> {
    /// Driving times by pair, if they are asked for.
    pub(super) fn roads(
        &mut self,
        lists: &Lists<'t, 'n>,
        (sites, labs): (&Dense<SiteId, Site>, &Dense<LabId, Lab>),
        (couriers, campaign): (&Dense<CourierId, Courier>, Option<&Campaign>),
    ) -> Option<Roads> {
        let root = self.root;
        let table = root.table("roads")?;
        let has_speed = table.item("speed").is_some();
        let mut known = Known {
            table,
            times: self.driving_times(table, lists),
            sites: sites.values().map(|site| site.position).collect(),
            labs: labs.values().map(|lab| lab.position).collect(),
            speed: has_speed.then(|| self.quantity(table, "speed")),
            detour: table.get("detour").unwrap_or(1.3),
            missing: 0,
            told: BTreeSet::new(),
        };
        let (mut ways, mut to_reserves) = (BTreeMap::new(), BTreeMap::new());
        for ((id, courier), table) in couriers.iter().zip(&lists.couriers.tables) {
            let own = ["leg", "road"].map(|name| table.states(name));
            let more = vehicles_added(id, campaign);
            let way = self.drives_of((courier, more, own), &mut known, lists);
            if way == Ways::default() {
                continue;
            }
            ways.insert(id, way);
            for to in reserves(id, campaign) {
                self.may_turn((courier, to), table, campaign);
                let courier = Courier {
                    to,
                    ..courier.clone()
                };
                let way = self.drives_of((&courier, more, own), &mut known, lists);
                to_reserves.insert((id, to), way);
            }
        }
        let between = self.between(labs, &mut known, lists);
        if ways.is_empty() && between.is_empty() && !self.problems.has_errors() {
            self.warning(
                "S385",
                table.place,
                (
                    "[roads] 不起作用：各送样车都自己写了 leg 和 road".into(),
                    "[roads] has no effect: every courier says its own `leg` and `road`".into(),
                ),
                (
                    "删去送样车的 leg 和 road，或删去 [roads]",
                    "leave out `leg` and `road` of the couriers, or [roads]",
                ),
            );
        }
        Some(Roads {
            cv: table.get("cv").unwrap_or(0.4),
            speed: known.speed,
            ways,
            to_reserves,
            between,
        })
    }

    /// The drives from laboratories to those to which they send tubes on, where these do not say themselves how long it takes.
    fn between(
        &mut self,
        labs: &Dense<LabId, Lab>,
        known: &mut Known<'_, 'n>,
        lists: &Lists<'_, 'n>,
    ) -> BTreeMap<(LabId, LabId), Drive> {
        let mut between = BTreeMap::new();
        for (from, lab) in labs.iter() {
            let by_road = lab
                .overflow
                .iter()
                .find(|overflow| overflow.takes.is_none());
            let Some(to) = by_road.map(|overflow| overflow.to) else {
                continue;
            };
            let ends = [from, to].map(|lab| Stop::Lab(lab.index()));
            if let Some(drive) = self.drive(ends, known, lists) {
                between.insert((from, to), drive);
            }
        }
        between
    }

    /// Complains if vehicles that are called or can be full are sent to another laboratory: their drives are settled as planned.
    fn may_turn(
        &mut self,
        (courier, to): (&Courier, LabId),
        table: &Table<'n>,
        campaign: Option<&Campaign>,
    ) {
        if courier.to == to || (courier.call.is_none() && courier.load.is_none()) {
            return;
        }
        let rules = campaign.iter().flat_map(|campaign| &campaign.review);
        let sends = |rule: &&crate::model::campaign::Rule| {
            let lab = |action: &Action| matches!(action, Action::Lab { to: lab, .. } if *lab == to);
            rule.then.iter().any(lab)
        };
        let rule = rules.flat_map(|review| &review.rules).find(sends);
        let (id, rule): (String, _) = (
            table.take("id"),
            rule.map_or("", |rule| rule.name.id.as_str()),
        );
        self.error(
            "S412",
            table.place,
            (
                format!("规则 {rule} 让送样车 {id} 改送别处，可它是随叫随到或限装的车，[roads] 里的路程不能中途改"),
                format!("rule {rule} sends courier {id} elsewhere, but it is called or can be full, and its drives by [roads] cannot change on the way"),
            ),
            (
                "给这个送样车自己写 leg 和 road，或从规则的 couriers 里去掉它",
                "give the courier its own `leg` and `road`, or leave it out of the rule's `couriers`",
            ),
        );
    }

    /// The times that are given, pair by pair.
    fn driving_times(
        &mut self,
        table: &Table<'n>,
        lists: &Lists<'_, 'n>,
    ) -> BTreeMap<(Stop, Stop), (Option<Span>, Place)> {
        let mut times = BTreeMap::<(Stop, Stop), (Option<Span>, Place)>::new();
        let mut told = BTreeSet::new();
        for entry in table.tables("times") {
            let ends = ["from", "to"].map(|end| {
                let id: String = entry.get(end)?;
                self.stop(&id, entry.place_of(end), lists, &mut told)
            });
            let [Some(from), Some(to)] = ends else {
                continue;
            };
            let takes: Option<Span> = entry.get("takes");
            let place = entry.place_of("takes");
            if entry.is_broken("takes") || from == to {
                continue;
            }
            let earlier = times.insert((from, to), (takes, place));
            if earlier.is_some_and(|(earlier, _)| earlier.is_some() && earlier != takes) {
                let (from, to): (String, String) = (entry.take("from"), entry.take("to"));
                self.error(
                    "S383",
                    place,
                    (
                        format!("{from} 到 {to} 的行车时间写了两次，且不相同"),
                        format!("the drive from {from} to {to} is given twice, and not alike"),
                    ),
                    ("删去一个", "leave one of them out"),
                );
            }
        }
        times
    }

    /// The site or laboratory of an id; each that is none is told once.
    fn stop(
        &mut self,
        id: &str,
        place: Place,
        lists: &Lists<'_, 'n>,
        told: &mut BTreeSet<String>,
    ) -> Option<Stop> {
        let site = lists.sites.index.get(id).copied().map(Stop::Site);
        let lab = lists.labs.index.get(id).copied().map(Stop::Lab);
        let known = || lists.sites.index.keys().chain(lists.labs.index.keys());
        if site.is_some() && lab.is_some() && told.insert(id.to_owned()) {
            self.error(
                "S381",
                place,
                (
                    format!("{id} 既是采样点又是实验室的编号，不知道指哪个"),
                    format!("{id} is the id of a site and of a laboratory: which is meant?"),
                ),
                ("给其中一个换个编号", "give one of the two another id"),
            );
        } else if site.is_none()
            && lab.is_none()
            && !lists.sites.partial
            && !lists.labs.partial
            && told.insert(id.to_owned())
        {
            let name = shown(id);
            let help = nearest(id, known().map(String::as_str)).map_or_else(
                || {
                    Words::new(
                        "核对编号；本方案用不到的地点可以不管",
                        "check the id; a place that the scenario does not need may stay",
                    )
                },
                did_you_mean,
            );
            self.problems.warning(
                "S380",
                place,
                Words::new(
                    format!("没有编号为 \"{name}\" 的采样点或实验室，没有读取"),
                    format!("there is no site or laboratory \"{name}\": it was left out"),
                ),
                help,
            );
        }
        site.or(lab)
    }

    /// The drives of a courier, which may have so many more vehicles, but for those it says itself.
    fn drives_of(
        &mut self,
        (courier, more, [own_leg, own_road]): (&Courier, u32, [bool; 2]),
        known: &mut Known<'_, 'n>,
        lists: &Lists<'_, 'n>,
    ) -> Ways {
        let mut ways = Ways::default();
        let lab = Stop::Lab(courier.to.index());
        if lists.labs.tables.len() <= courier.to.index() {
            return ways;
        }
        let site = |place: usize| courier.sites[place];
        for (from, to) in needed(courier, more) {
            let ends = [from, to].map(|end| end.map_or(lab, |end| Stop::Site(site(end).index())));
            let own = if to.is_some() { own_leg } else { own_road };
            if own {
                continue;
            }
            let Some(drive) = self.drive(ends, known, lists) else {
                continue;
            };
            match (from, to) {
                (from, Some(to)) => {
                    ways.legs.insert((from.map(site), site(to)), drive);
                }
                (Some(from), None) => {
                    ways.home.insert(site(from), drive);
                }
                (None, None) => {}
            }
        }
        ways
    }

    fn drive(
        &mut self,
        [from, to]: [Stop; 2],
        known: &mut Known<'_, 'n>,
        lists: &Lists<'_, 'n>,
    ) -> Option<Drive> {
        let given = |pair| known.times.get(&pair).and_then(|(takes, _)| *takes);
        if let Some(takes) = given((from, to)).or_else(|| given((to, from))) {
            return Some(Drive::Takes(takes));
        }
        if let (Some(one), Some(other), Some(speed)) =
            (known.position(from), known.position(to), &known.speed)
        {
            let kilometers = geo::distance(one, other) / 1e3 * known.detour;
            let slowest = speed.range.map_or(speed.value, |range| range.low);
            if kilometers / slowest <= LONGEST.hours() {
                return Some(Drive::Kilometers(kilometers));
            }
            self.too_long([from, to], kilometers, known, lists);
            return None;
        }
        if !known.table.is_broken("times") && !known.table.is_broken("speed") {
            self.missing([from, to], known, lists);
        }
        None
    }

    fn too_long(
        &mut self,
        [from, to]: [Stop; 2],
        kilometers: f64,
        known: &mut Known<'_, 'n>,
        lists: &Lists<'_, 'n>,
    ) {
        known.missing += 1;
        if known.missing > 1 {
            return;
        }
        let [from, to] = [from, to].map(|end| end.called(lists));
        self.error(
            "S384",
            known.table.place_of("speed"),
            (
                format!("{from} 到 {to} 有 {kilometers:.0} 公里，按此车速要开十天以上"),
                format!(
                    "from {from} to {to} it is {kilometers:.0} km: more than ten days at this speed"
                ),
            ),
            (
                "核对两处的经纬度和车速",
                "check both positions and the speed",
            ),
        );
    }

    /// Complains about a pair of which nobody knows how long it takes, where it can be mended.
    fn missing(&mut self, ends: [Stop; 2], known: &mut Known<'_, 'n>, lists: &Lists<'_, 'n>) {
        known.missing += 1;
        if known.missing > MOST_MISSING {
            return;
        }
        let [from, to] = ends.map(|end| end.called(lists));
        let [one, other] = ends;
        let empty = known.times.get(&(one, other));
        let empty = empty.or_else(|| known.times.get(&(other, one)));
        if let (Some((_, place)), true) = (empty, known.speed.is_none()) {
            self.error(
                "S382",
                *place,
                (
                    format!("{from} 到 {to} 的行车时间是空的"),
                    format!("the drive from {from} to {to} is left empty"),
                ),
                ("填上分钟数", "fill in the minutes"),
            );
            return;
        }
        let nowhere = ends.into_iter().find(|end| known.position(*end).is_none());
        match nowhere.filter(|_| known.speed.is_some()) {
            Some(end) if known.told.insert(end) => {
                let (id, place) = (end.called(lists), end.table(lists).place_of("id"));
                self.error(
                    "S382",
                    place,
                    (
                        format!("{id} 没有经纬度，算不出 {from} 到 {to} 要开多久"),
                        format!("{id} has no position: nobody knows how long the drive from {from} to {to} takes"),
                    ),
                    (
                        "写上它的 lon 和 lat，或在 roads.times 里写出这段路",
                        "give its `lon` and `lat`, or the drive in `roads.times`",
                    ),
                );
            }
            Some(_) => {}
            None => self.error(
                "S382",
                known.table.place_of("times"),
                (
                    format!("不知道 {from} 到 {to} 要开多久"),
                    format!("nobody knows how long the drive from {from} to {to} takes"),
                ),
                (
                    "加进 roads.times；或写 roads.speed，并给出各处的经纬度",
                    "add it to `roads.times`, or give `roads.speed` and the positions",
                ),
            ),
        }
    }
}

/// How many vehicles rules may add to a courier.
fn vehicles_added(id: CourierId, campaign: Option<&Campaign>) -> u32 {
    let more = |action: &Action| {
        if let Action::Vehicles { couriers, more } = action {
            if couriers.contains(&id) { *more } else { 0 }
        } else {
            0
        }
    };
    actions(campaign).map(more).fold(0, u32::saturating_add)
}

/// The laboratories that rules may send a courier to.
fn reserves(id: CourierId, campaign: Option<&Campaign>) -> BTreeSet<LabId> {
    let lab = |action: &Action| {
        if let Action::Lab { couriers, to } = action {
            couriers.contains(&id).then_some(*to)
        } else {
            None
        }
    };
    actions(campaign).filter_map(lab).collect()
}

/// All that rules may do.
fn actions(campaign: Option<&Campaign>) -> impl Iterator<Item = &Action> {
    let reviews = campaign.into_iter().flat_map(|campaign| &campaign.review);
    let rules = reviews.flat_map(|review| &review.rules);
    rules.flat_map(|rule| &rule.then)
}

impl Known<'_, '_> {
    fn position(&self, stop: Stop) -> Option<Position> {
        match stop {
            Stop::Site(site) => self.sites.get(site).copied().flatten(),
            Stop::Lab(lab) => self.labs.get(lab).copied().flatten(),
        }
    }
}

impl Stop {
    fn table<'t, 'n>(self, lists: &Lists<'t, 'n>) -> &'t Table<'n> {
        match self {
            Self::Site(site) => lists.sites.tables[site],
            Self::Lab(lab) => lists.labs.tables[lab],
        }
    }

    fn called(self, lists: &Lists<'_, '_>) -> String {
        self.table(lists).take("id")
    }
}

/// The pairs that a courier, which may have so many more vehicles, may drive, by the places of its sites; none is the laboratory.
fn needed(courier: &Courier, more: u32) -> BTreeSet<(Option<usize>, Option<usize>)> {
    let sites = courier.sites.len();
    let mut pairs: BTreeSet<_> = (0..sites).map(|site| (Some(site), None)).collect();
    match &courier.route {
        _ if courier.call.is_some() => {
            pairs.extend((0..sites).map(|site| (None, Some(site))));
            for from in 0..sites {
                pairs.extend((from + 1..sites).map(|to| (Some(from), Some(to))));
            }
        }
        Route::Direct => {}
        Route::Loop { vehicles, .. } => {
            let (low, high) = vehicles
                .range
                .map_or((vehicles.value, vehicles.value), |range| {
                    (range.low, range.high)
                });
            let high = high.saturating_add(more);
            for step in (low.max(1) as usize)..=(high.max(1) as usize).min(sites.max(1)) {
                pairs.extend((0..step.min(sites)).map(|first| (None, Some(first))));
                pairs.extend((step..sites).map(|to| (Some(to - step), Some(to))));
            }
            if low as usize > sites {
                pairs.extend((0..sites).map(|first| (None, Some(first))));
            }
        }
    }
    pairs
}
