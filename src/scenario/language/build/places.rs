//! Where things are: coordinates to WGS 84, and the nearest site.

use super::super::checked::Table;
use super::Build;
use crate::geo::Datum;
use crate::units::Position;

impl Build<'_, '_, '_> {
    /// Where an entry is, in WGS 84.
    pub(super) fn position(&mut self, table: &Table<'_>) -> Option<Position> {
        match (table.get::<f64>("lon"), table.get::<f64>("lat")) {
            (Some(longitude), Some(latitude)) => Some(to_wgs84(
                Position {
                    longitude,
                    latitude,
                },
                self.root.word("coordinates"),
            )),
            (None, None) => None,
            (longitude, _) => {
                let there = if longitude.is_some() { "lon" } else { "lat" };
                let missing = if longitude.is_some() {
                    ("纬度 lat", "lat")
                } else {
                    ("经度 lon", "lon")
                };
                if !table.is_broken(missing.1) {
                    self.error(
                        "S212",
                        table.place_of(there),
                        (
                            format!("只有 {there}，缺少{}", missing.0),
                            format!("there is `{there}` without `{}`", missing.1),
                        ),
                        ("经纬度要一起写，或都不写", "give both, or neither"),
                    );
                }
                None
            }
        }
    }
}

/// A place given in the system the scenario names.
fn to_wgs84(position: Position, coordinates: Option<&str>) -> Position {
    let datum = match coordinates {
        Some("gcj02") => Datum::Gcj02,
        Some("bd09") => Datum::Bd09,
        _ => Datum::Wgs84,
    };
    crate::geo::to_wgs84(position, datum)
}
