//! People shared out to lanes: which lanes have a whole crew when, if so many of each pool are there.
//!
//! Lanes are manned in a fixed order, so that each site has lanes in proportion to those it wants (Sainte-Laguë, 1910) and more people never
//! take a lane from a site. Whether a lane can be manned besides those before it is a matching of people to places in crews; augmenting paths
//! move people who can do several things to where nobody else can help (Kuhn, 1955).

use super::roster::{Roster, Rules};
use crate::units::{Time, Window};

/// Kinds of place in a crew: what one does, at sites of which tier.
const KINDS: usize = 12;

/// The people and the lanes of a round.
#[derive(Clone, PartialEq, Debug)]
pub struct Muster {
    /// The people.
    pub pools: Vec<Pool>,
    /// Places in a crew, by role; with relief twice as many.
    pub crew: [u32; 3],
    /// The sites whose lanes they man.
    pub sites: Vec<Wanted>,
    /// When a share of some pools is missing, which nobody foresees; of two at once the greater holds.
    pub missing: Vec<Missing>,
    /// Lanes in the order in which they are manned: position of the site, number of the lane.
    order: Vec<(u32, u32)>,
}

/// The lanes of sites that want so many, by turns: position of the site, number of the lane.
pub fn in_turn(wanted: &[u32]) -> Vec<(u32, u32)> {
    let lanes = |(site, &wanted): (u32, &u32)| (0..wanted).map(move |lane| (site, lane));
    let mut order: Vec<(u32, u32)> = (0..).zip(wanted).flat_map(lanes).collect();
    // The k-th lane of a site that wants n comes at (2k + 1) / n.
    let turn = |&(site, lane): &(u32, u32)| {
        let wanted = u64::from(wanted[site as usize].max(1));
        ((u64::from(2 * lane + 1) << 32) / wanted, site, lane)
    };
    order.sort_by_cached_key(turn);
    order
}

/// A share of some pools is missing.
#[derive(Clone, PartialEq, Debug)]
pub struct Missing {
    /// From when to when.
    pub window: Window,
    /// Of which pools, by position.
    pub pools: Vec<usize>,
    /// Which share, 0 to 1.
    pub share: f64,
}

/// People who can do the same.
#[derive(Clone, PartialEq, Debug)]
pub struct Pool {
    /// The hash of pool and round: with a number the name of one of its people.
    pub name: u64,
    /// How many.
    pub people: u32,
    /// How many are expected.
    pub expected: u32,
    /// The chance that one is absent, in units of 2^−32.
    pub absent: u64,
    /// By role: whether they can do it.
    pub roles: [bool; 3],
    /// When they are there and at sites of which tiers, in order and apart.
    pub there: Vec<(Window, [bool; 4])>,
}

/// A site that wants crews.
#[derive(Clone, PartialEq, Debug)]
pub struct Wanted {
    /// Its position among the sites of the round.
    pub place: u32,
    /// Its lanes.
    pub lanes: u32,
    /// The strictest tier of its people.
    pub tier: usize,
    /// How its lanes are worked when they have a crew.
    pub rules: Rules,
}

impl Muster {
    /// People and sites, with the order in which lanes are manned.
    pub fn new(pools: Vec<Pool>, crew: [u32; 3], sites: Vec<Wanted>) -> Self {
        let wanted: Vec<u32> = sites.iter().map(|wanted| wanted.lanes).collect();
        let order = in_turn(&wanted);
        Self {
            pools,
            crew,
            sites,
            missing: Vec::new(),
            order,
        }
    }

    /// As many of each pool as are expected.
    pub fn expected(&self) -> Vec<u32> {
        self.pools.iter().map(|pool| pool.expected).collect()
    }

    /// The crews of each site if so many of each pool are there.
    pub fn rosters(&self, present: &[u32]) -> Vec<(u32, Roster)> {
        let mut edges: Vec<Time> = vec![Time::BEFORE];
        for (window, _) in self.pools.iter().flat_map(|pool| &pool.there) {
            edges.extend([window.start, window.end]);
        }
        for missing in &self.missing {
            edges.extend([missing.window.start, missing.window.end]);
        }
        edges.sort_unstable();
        edges.dedup();
        let mut manned: Vec<Vec<Vec<Window>>> = self
            .sites
            .iter()
            .map(|site| vec![Vec::new(); site.lanes as usize])
            .collect();
        let mut before: Vec<bool> = vec![false; self.order.len()];
        for (at, &start) in edges.iter().enumerate() {
            let end = edges.get(at + 1).copied().unwrap_or(Time::NEVER);
            let now = self.man(start, present, &before);
            for (&(site, lane), _) in self.order.iter().zip(&now).filter(|(_, there)| **there) {
                let windows: &mut Vec<Window> = &mut manned[site as usize][lane as usize];
                match windows.last_mut() {
                    Some(last) if last.end == start => last.end = end,
                    _ => windows.push(Window { start, end }),
                }
            }
            before = now;
        }
        let roster = |(site, lanes): (&Wanted, Vec<Vec<Window>>)| {
            (site.place, site.rules.roster(site.lanes, Some(&lanes)))
        };
        self.sites.iter().zip(manned).map(roster).collect()
    }

    /// How many of those present are not missing at a moment, to the nearest whole person.
    fn left(&self, present: &[u32], moment: Time) -> Vec<u32> {
        let left = |(pool, &people): (usize, &u32)| {
            let here = self.missing.iter();
            let here = here.filter(|one| one.window.contains(moment) && one.pools.contains(&pool));
            let share = here.map(|one| one.share).fold(0.0, f64::max);
            people - (f64::from(people) * share.min(1.0)).round() as u32
        };
        present.iter().enumerate().map(left).collect()
    }

    /// Which lanes are manned at a moment, in the order of the lanes; those that were keep their crews if they can.
    fn man(&self, moment: Time, present: &[u32], before: &[bool]) -> Vec<bool> {
        let mut hands = Hands::new(&self.pools, &self.left(present, moment), moment);
        let mut now = vec![false; self.order.len()];
        // Once a lane of a tier cannot be manned, no further one can.
        let mut full = [false; 4];
        for kept in [true, false] {
            for (at, &(site, _)) in self.order.iter().enumerate() {
                let tier = self.sites[site as usize].tier;
                if before[at] == kept && !full[tier] {
                    now[at] = hands.man(self.crew, tier);
                    full[tier] = !now[at];
                }
            }
        }
        now
    }
}

/// People at a moment, and the places they take.
#[derive(Clone)]
struct Hands {
    /// By pool: who has no place yet.
    free: Vec<u32>,
    /// By pool and kind of place: whether they can take it, and how many do.
    can: Vec<[bool; KINDS]>,
    taken: Vec<[u32; KINDS]>,
}

impl Hands {
    fn new(pools: &[Pool], present: &[u32], moment: Time) -> Self {
        let can = |pool: &Pool| {
            let there = pool
                .there
                .iter()
                .find(|(window, _)| window.contains(moment));
            let mut can = [false; KINDS];
            for (kind, can) in can.iter_mut().enumerate() {
                *can = there.is_some_and(|(_, tiers)| tiers[kind / 3]) && pool.roles[kind % 3];
            }
            can
        };
        Self {
            free: present.to_vec(),
            can: pools.iter().map(can).collect(),
            taken: vec![[0; KINDS]; pools.len()],
        }
    }

    /// Mans one more lane, if there are people for all its places.
    fn man(&mut self, crew: [u32; 3], tier: usize) -> bool {
        let before = self.clone();
        for (role, places) in crew.into_iter().enumerate() {
            for _ in 0..places {
                if !self.place(tier * 3 + role, &mut [false; KINDS]) {
                    *self = before;
                    return false;
                }
            }
        }
        true
    }

    /// Finds someone for a place, moving others if need be; those who can do least first.
    fn place(&mut self, kind: usize, seen: &mut [bool; KINDS]) -> bool {
        seen[kind] = true;
        let abilities = |can: &[bool; KINDS]| can.iter().filter(|can| **can).count();
        let someone = (0..self.free.len())
            .filter(|&pool| self.can[pool][kind] && self.free[pool] > 0)
            .min_by_key(|&pool| abilities(&self.can[pool]));
        if let Some(pool) = someone {
            self.free[pool] -= 1;
            self.taken[pool][kind] += 1;
            return true;
        }
        for pool in 0..self.free.len() {
            for other in 0..KINDS {
                let movable = self.can[pool][kind] && self.taken[pool][other] > 0;
                if movable && !seen[other] && self.place(other, seen) {
                    self.taken[pool][other] -= 1;
                    self.taken[pool][kind] += 1;
                    return true;
                }
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;

    fn pool(people: u32, roles: [bool; 3], tiers: [bool; 4]) -> Pool {
        let always = Window {
            start: Time::BEFORE,
            end: Time::NEVER,
        };
        Pool {
            name: 0,
            people,
            expected: people,
            absent: 0,
            roles,
            there: vec![(always, tiers)],
        }
    }

    fn site(place: u32, lanes: u32, tier: usize) -> Wanted {
        let day = Window {
            start: Time::ZERO,
            end: Time::ZERO + Span::DAY,
        };
        Wanted {
            place,
            lanes,
            tier,
            rules: Rules {
                open: vec![day],
                ..Rules::default()
            },
        }
    }

    fn open(muster: &Muster) -> Vec<usize> {
        let rosters = muster.rosters(&muster.expected());
        let manned = |roster: &Roster| roster.lanes.iter().filter(|lane| !lane.is_empty()).count();
        rosters.iter().map(|(_, roster)| manned(roster)).collect()
    }

    const ALL: [bool; 4] = [true; 4];

    #[test]
    fn lanes_are_manned_in_proportion_and_who_can_do_two_things_helps_where_someone_lacks() {
        let sites = || vec![site(0, 6, 0), site(1, 3, 0)];
        let [scanner, swabber, both] = [
            [true, false, false],
            [false, true, false],
            [true, true, false],
        ];
        let pools = vec![
            pool(2, both, ALL),
            pool(4, scanner, ALL),
            pool(6, swabber, ALL),
        ];
        // Six crews of two, as the two who can do both scan.
        assert_eq!(open(&Muster::new(pools, [1, 1, 0], sites())), [4, 2]);
        let pools = vec![
            pool(2, both, ALL),
            pool(6, scanner, ALL),
            pool(4, swabber, ALL),
        ];
        assert_eq!(open(&Muster::new(pools, [1, 1, 0], sites())), [4, 2]);
        let pools = vec![pool(9, scanner, ALL), pool(4, swabber, ALL)];
        assert_eq!(open(&Muster::new(pools, [1, 2, 0], sites())), [1, 1]);
    }

    #[test]
    fn more_people_never_take_a_lane_from_a_site() {
        let sites = || vec![site(0, 7, 0), site(1, 2, 0), site(2, 5, 0)];
        let mut before = vec![0; 3];
        for people in 0..16 {
            let pools = vec![pool(people, [true; 3], ALL)];
            let now = open(&Muster::new(pools, [0, 1, 0], sites()));
            assert!(now.iter().zip(&before).all(|(now, before)| now >= before));
            assert_eq!(now.iter().sum::<usize>(), people.min(14) as usize);
            before = now;
        }
    }

    #[test]
    fn while_a_share_is_missing_fewer_lanes_are_manned() {
        let pools = vec![pool(10, [true; 3], ALL), pool(5, [true; 3], ALL)];
        let mut muster = Muster::new(pools, [0, 1, 0], vec![site(0, 20, 0)]);
        let [six, eight] = [6, 8].map(|hour| Time::ZERO + crate::units::Span::HOUR * hour);
        let window = Window {
            start: six,
            end: eight,
        };
        let pools = vec![0];
        muster.missing.push(Missing {
            window,
            pools,
            share: 0.2,
        });
        let (_, roster) = muster.rosters(&muster.expected()).remove(0);
        let there = |moment: Time| {
            let here = |lane: &&Vec<Window>| lane.iter().any(|window| window.contains(moment));
            roster.lanes.iter().filter(here).count()
        };
        let hour = crate::units::Span::HOUR;
        assert_eq!([six - hour, six, eight].map(there), [15, 13, 15]);
    }

    #[test]
    fn who_is_locked_to_a_tier_works_nowhere_else() {
        let sealed = [false, false, true, false];
        let others = [true, true, false, false];
        let pools = vec![pool(5, [true; 3], sealed), pool(1, [true; 3], others)];
        let sites = vec![site(0, 4, 0), site(1, 3, 2)];
        assert_eq!(open(&Muster::new(pools, [0, 1, 0], sites)), [1, 3]);
    }
}
