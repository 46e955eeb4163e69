//! Who works at the lanes when: shifts, breaks, suits, and pools of people.

use jiff::civil::Date;

use super::super::checked::Table;
use super::rounds::since_midnight;
use super::tiers::tier;
use super::{Build, Entries, name};
use crate::id::{RoundId, SiteId, Table as Dense};
use crate::model::assumption::Quantity;
use crate::model::site::Site;
use crate::model::staff::{Breaks, Learning, Pool, Role, Staff, Suits};
use crate::model::{Round, Tier};
use crate::scenario::tree::Place;
use crate::units::text::print_window;
use crate::units::{Share, Span};

/// The longest round for which rosters are worked out.
const LONGEST_ROUND: Span = Span::from_millis(60 * 86_400_000);

/// The least and the most that an hour may slow a station down.
const TIMES: std::ops::RangeInclusive<f64> = 0.1..=10.0;

impl Build<'_, '_, '_> {
    /// The staff of lanes.
    pub(super) fn staff(
        &mut self,
        sites: &Dense<SiteId, Site>,
        rounds: &Dense<RoundId, Round>,
        first_day: Date,
    ) -> Staff {
        let lane = self.root.table("lane");
        let table = |name: &str| lane.and_then(|lane| lane.table(name));
        let staff = Staff {
            shifts: lane.and_then(|lane| lane.get("shifts")).unwrap_or_default(),
            breaks: table("breaks").map(|breaks| Breaks {
                after: breaks.take("after"),
                length: breaks.take("length"),
            }),
            suits: table("suits").map(|suits| Suits {
                limit: suits.take("limit"),
                donning: suits.take("donning"),
                doffing: suits.take("doffing"),
                relief: suits.get("relief").unwrap_or(false),
            }),
            learning: table("learning").map(|learning| Learning {
                times: learning.take("times"),
                lasts: learning.take("for"),
            }),
            by_hour: lane.and_then(|lane| lane.get("by_hour")),
            pools: self.pools(first_day),
        };
        self.hours_that_slow(&staff);
        self.shifts_long_enough(&staff);
        self.shifts_cover(&staff, sites);
        self.lanes_take_turns(&staff, sites);
        self.pools_make_a_crew(&staff, sites);
        self.rounds_short_enough(&staff, rounds);
        staff
    }

    fn pools(&mut self, first_day: Date) -> Vec<Pool> {
        let entries = Entries::of(self.root, "staff");
        let pools = entries
            .tables
            .iter()
            .map(|table| self.pool_of(table, first_day));
        pools.collect()
    }

    fn pool_of(&mut self, table: &Table<'_>, first_day: Date) -> Pool {
        let moment = |key: &str| {
            table
                .get(key)
                .map(|moment| since_midnight(moment, first_day))
        };
        let words = |key: &str| table.get::<Vec<(String, Place)>>(key).unwrap_or_default();
        let role = |(word, _): &(String, Place)| match word.as_str() {
            "scanner" => Role::Scanner,
            "guide" => Role::Guide,
            _ => Role::Swabber,
        };
        let tiers: Vec<Tier> = words("tiers")
            .iter()
            .map(|(word, _)| tier(Some(word)))
            .collect();
        let pool = Pool {
            name: name(table),
            roles: words("roles").iter().map(role).collect(),
            people: self.quantity(table, "people"),
            hours: table.get("hours").unwrap_or_default(),
            from: moment("from"),
            until: moment("until"),
            limit: table.get("limit"),
            absent: table
                .item("absent")
                .map_or(Quantity::known(Share(0.0)), |_| {
                    self.quantity(table, "absent")
                }),
            tiers,
            released: moment("released"),
            road: table.get("road").unwrap_or_default(),
        };
        self.pool_makes_sense(table, &pool);
        pool
    }

    fn pool_makes_sense(&mut self, table: &Table<'_>, pool: &Pool) {
        let id = &pool.name.id;
        if let (Some(from), Some(until)) = (pool.from, pool.until)
            && until <= from
        {
            self.error(
                "S300",
                table.place_of("until"),
                (
                    format!("人员 {id} 还没到就走了"),
                    format!("staff {id} leave before they come"),
                ),
                ("让 until 晚于 from", "let `until` be later than `from`"),
            );
        }
        for key in ["released", "road"] {
            if table.states(key) && pool.tiers.is_empty() && !table.is_broken("tiers") {
                self.error(
                    "S301",
                    table.place_of(key),
                    (
                        format!("人员 {id} 写了 {key}，却没有固定在哪类区域"),
                        format!("staff {id} have `{key}`, and are locked to no tier"),
                    ),
                    (
                        "写 tiers（固定在哪些类别的采样点），或删去它",
                        "write `tiers`, those they are locked to, or leave it out",
                    ),
                );
            }
        }
    }

    /// Factors that leave nothing to do, or stop everything, are slips of the pen.
    fn hours_that_slow(&mut self, staff: &Staff) {
        let (Some(by_hour), Some(lane)) = (staff.by_hour, self.root.table("lane")) else {
            return;
        };
        if let Some(hour) = by_hour.iter().position(|times| !TIMES.contains(times)) {
            let times = by_hour[hour];
            self.error(
                "S302",
                lane.place_of("by_hour"),
                (
                    format!("by_hour 中 {hour} 时的倍数是 {times}"),
                    format!("`by_hour` has {times} for the hour from {hour}:00"),
                ),
                (
                    "写用时的倍数，0.1 到 10：1 为平常，1.3 为慢三成",
                    "write times as long, 0.1 to 10: 1 is as usual, 1.3 takes 30 % longer",
                ),
            );
        }
    }

    /// Nobody works in a shift that is over before its crew is dressed.
    fn shifts_long_enough(&mut self, staff: &Staff) {
        let Some(lane) = self.root.table("lane") else {
            return;
        };
        let relief = staff.suits.is_some_and(|suits| suits.relief);
        let short = staff.shifts.iter().find(|(from, to)| {
            let length = to.millis() - from.millis();
            !relief && length <= staff.dressing().millis()
        });
        if let Some(&shift) = short {
            let shift = print_window(shift);
            self.error(
                "S303",
                lane.place_of("shifts"),
                (
                    format!("{shift} 一班的时间只够穿脱防护服"),
                    format!("the shift {shift} is over when its crew is dressed and undressed"),
                ),
                (
                    "加长这一班，或缩短 suits.donning、suits.doffing",
                    "make it longer, or shorten `suits.donning` and `suits.doffing`",
                ),
            );
        }
    }

    /// Notes hours in which a site is open and no crew is on duty.
    fn shifts_cover(&mut self, staff: &Staff, sites: &Dense<SiteId, Site>) {
        let Some(lane) = self.root.table("lane").filter(|_| !staff.shifts.is_empty()) else {
            return;
        };
        let fixed = sites.values().filter(|site| site.visits.is_none());
        for site in fixed {
            let mut open = site.hours.open.iter();
            let Some(gap) = open.find_map(|&window| uncovered(window, &staff.shifts)) else {
                continue;
            };
            let (id, gap) = (&site.name.id, print_window(gap));
            self.warning(
                "S304",
                lane.place_of("shifts"),
                (
                    format!("采样点 {id} 在 {gap} 开放，却没有人当班"),
                    format!("site {id} is open at {gap}, and no crew is on duty"),
                ),
                (
                    "有意如此可不理；否则改 lane.shifts 或 hours.open",
                    "leave it if that is meant; else change `lane.shifts` or `hours.open`",
                ),
            );
            return;
        }
    }

    /// Notes breaks so long that all lanes rest at once, however they are staggered.
    fn lanes_take_turns(&mut self, staff: &Staff, sites: &Dense<SiteId, Site>) {
        let (Some((after, pause)), Some(lane)) = (staff.pause(), self.root.table("lane")) else {
            return;
        };
        let lanes = |site: &Site| i64::from(site.lanes.value.max(1));
        let all_rest = |site: &&Site| {
            let last = after.millis() * (lanes(site) - 1) / lanes(site);
            lanes(site) > 1 && site.visits.is_none() && last < pause.millis()
        };
        if let Some(site) = sites.values().find(all_rest) {
            let key = if staff.breaks.is_some() {
                "breaks"
            } else {
                "suits"
            };
            let id = &site.name.id;
            self.warning(
                "S305",
                lane.place_of(key),
                (
                    format!("采样点 {id} 的各台会同时停下：一停 {} 分钟", pause.minutes()),
                    format!("all lanes of site {id} pause at once, for {} min", pause.minutes()),
                ),
                (
                    "缩短 breaks.length，或加长 breaks.after、suits.limit，或写 suits.relief = true",
                    "shorten `breaks.length`, lengthen `breaks.after` or `suits.limit`, or write suits.relief = true",
                ),
            );
        }
    }

    /// Pools must be able to man one lane.
    fn pools_make_a_crew(&mut self, staff: &Staff, sites: &Dense<SiteId, Site>) {
        let entries = Entries::of(self.root, "staff");
        let site = sites.values().find(|site| site.visits.is_none());
        let (Some(first), Some(site)) = (entries.tables.first(), site) else {
            return;
        };
        if !entries.are_sound() {
            return;
        }
        let crews = 1 + u64::from(staff.suits.is_some_and(|suits| suits.relief));
        let crew = [site.crew.scanners, site.crew.swabbers, site.crew.guides];
        let words = [
            ("扫码员", "scanners"),
            ("采样员", "swabbers"),
            ("引导员", "guides"),
        ];
        for ((role, needed), (zh, en)) in Role::ALL.into_iter().zip(crew).zip(words) {
            let able = staff.pools.iter().filter(|pool| pool.roles.contains(&role));
            let most = |pool: &Pool| {
                pool.people
                    .range
                    .map_or(pool.people.value, |range| range.high)
            };
            let people: u64 = able.map(|pool| u64::from(most(pool))).sum();
            let needed = u64::from(needed) * crews;
            if people < needed {
                self.error(
                    "S306",
                    first.place_of("roles"),
                    (
                        format!("所有人员中能做{zh}的有 {people} 人，一台就要 {needed} 人"),
                        format!("{people} of the staff can be {en}, and one lane needs {needed}"),
                    ),
                    (
                        "给某些人员加上这个岗位（roles），加人，或改 lane.crew",
                        "give the role to some of them (`roles`), add people, or change `lane.crew`",
                    ),
                );
            }
        }
    }

    /// Rosters are worked out hour by hour, so there is an end to them.
    fn rounds_short_enough(&mut self, staff: &Staff, rounds: &Dense<RoundId, Round>) {
        let long = |round: &&Round| round.closes.since(round.opens) > LONGEST_ROUND;
        let Some(round) = rounds.values().find(long).filter(|_| staff.is_told()) else {
            return;
        };
        let id = &round.name.id;
        let entries = Entries::of(self.root, "rounds");
        let place = entries
            .index
            .get(id)
            .map(|at| entries.tables[*at].place_of("closes"));
        let place = place.unwrap_or(self.root.place);
        self.error(
            "S307",
            place,
            (
                format!("轮次 {id} 开放 60 天以上，排不出班"),
                format!("round {id} is open for more than 60 days, too long for rosters"),
            ),
            (
                "写 closes，或分成几轮",
                "write `closes`, or make several rounds of it",
            ),
        );
    }
}

/// The first stretch of a window in which no shift is.
fn uncovered((from, to): (Span, Span), shifts: &[(Span, Span)]) -> Option<(Span, Span)> {
    let day = Span::DAY.millis();
    // Shifts of the day, of the day before and of the next.
    let mut all: Vec<(i64, i64)> = (-1..=1)
        .flat_map(|shift| {
            let of_day = shifts.iter().map(move |(start, end)| {
                (start.millis() + shift * day, end.millis() + shift * day)
            });
            of_day.collect::<Vec<_>>()
        })
        .collect();
    all.sort_unstable();
    let mut clock = from.millis();
    for (start, end) in all {
        if start > clock {
            break;
        }
        clock = clock.max(end);
    }
    let next = shifts.iter().map(|(start, _)| start.millis());
    let next = next
        .filter(|start| *start > clock)
        .min()
        .unwrap_or(i64::MAX);
    (clock < to.millis()).then(|| {
        (
            Span::from_millis(clock),
            Span::from_millis(next.min(to.millis())),
        )
    })
}
