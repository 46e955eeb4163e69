//! People whose swabs are in, on their way to the listener.

use super::observer::{SiteObserver, Swabbed};
use super::tubes::Swab;
use crate::random::block::BLOCK;

/// Some people, column by column.
pub(super) struct Told {
    /// Whether they are those who are taken first.
    first: bool,
    len: usize,
    columns: Box<Columns>,
}

struct Columns {
    source: [u32; BLOCK],
    arrival: [i64; BLOCK],
    waited: [u32; BLOCK],
    end: [i64; BLOCK],
}

impl Told {
    pub(super) fn new(first: bool) -> Self {
        let columns = Columns {
            source: [0; BLOCK],
            arrival: [0; BLOCK],
            waited: [0; BLOCK],
            end: [0; BLOCK],
        };
        Self {
            first,
            len: 0,
            columns: Box::new(columns),
        }
    }

    /// A person is done.
    #[inline]
    pub(super) fn add(&mut self, swab: &Swab, waited: u32, seen: &mut impl SiteObserver) {
        let (at, columns) = (self.len, &mut *self.columns);
        columns.source[at] = swab.source;
        columns.arrival[at] = swab.arrival;
        columns.waited[at] = waited;
        columns.end[at] = swab.end;
        self.len += 1;
        if self.len == BLOCK {
            self.tell(seen);
        }
    }

    pub(super) fn tell(&mut self, seen: &mut impl SiteObserver) {
        let (len, columns) = (self.len, &*self.columns);
        if len > 0 {
            seen.swabbed(&Swabbed {
                source: &columns.source[..len],
                arrival: &columns.arrival[..len],
                waited: &columns.waited[..len],
                end: &columns.end[..len],
                first: self.first,
            });
        }
        self.len = 0;
    }
}
