//! The free times of servers that share a line, kept in order.

/// When each server is free, soonest first; of several the lowest number. Each is packed into one number: the moment above the server.
pub(super) struct Free(Vec<i64>);

const SERVER_BITS: u32 = 16;

/// From so many servers on it is faster to search for a place than to compare with all.
const MANY: usize = 8;

impl Free {
    pub(super) fn new(free: &[i64]) -> Self {
        let mut servers: Vec<i64> = free
            .iter()
            .enumerate()
            .map(|(server, &free)| Self::pack(free, server))
            .collect();
        servers.sort_unstable();
        Self(servers)
    }

    #[inline]
    fn pack(free: i64, server: usize) -> i64 {
        (free << SERVER_BITS) | server as i64
    }

    #[inline]
    fn unpack(entry: i64) -> (i64, usize) {
        (
            entry >> SERVER_BITS,
            (entry & ((1 << SERVER_BITS) - 1)) as usize,
        )
    }

    /// When the first server is free, and which it is.
    #[inline]
    pub(super) fn first(&self) -> (i64, usize) {
        Self::unpack(self.0[0])
    }

    /// The first server is now free at `free`.
    #[inline]
    pub(super) fn reinsert(&mut self, free: i64, server: usize) {
        let mut entry = Self::pack(free, server);
        let servers = self.0.as_mut_slice();
        let last = servers.len() - 1;
        if last < MANY {
            for place in 0..last {
                let other = servers[place + 1];
                servers[place] = entry.min(other);
                entry = entry.max(other);
            }
            servers[last] = entry;
        } else {
            let place = servers[1..].partition_point(|&other| other < entry);
            servers.copy_within(1..=place, 0);
            servers[place] = entry;
        }
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// When the server is free that is at this place in the order, if there are so many.
    pub(super) fn at(&self, place: usize) -> Option<i64> {
        self.0.get(place).map(|&entry| Self::unpack(entry).0)
    }

    /// How many are free before a moment.
    pub(super) fn before(&self, moment: i64) -> usize {
        self.0
            .partition_point(|&entry| Self::unpack(entry).0 < moment)
    }

    /// Every server with when it is free, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i64, usize)> {
        self.0.iter().map(|&entry| Self::unpack(entry))
    }
}
