//! Where things are: coordinates to WGS 84, and the nearest site.

use super::super::checked::{Datum, Table};
use super::Build;
use crate::geo;
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

impl Build<'_, '_, '_> {
    /// The outlines of a cell, in WGS 84.
    pub(super) fn boundary(&mut self, table: &Table<'_>) -> Vec<Vec<Position>> {
        let Some(Datum::Text(text)) = table.item("boundary").map(|item| &item.datum) else {
            return Vec::new();
        };
        let coordinates = self.root.word("coordinates");
        let Some(outlines) = outlines(text) else {
            let what = (
                "边界要写成 经度 纬度, 经度 纬度, …，至少三个点",
                "a boundary is longitude latitude, longitude latitude, … with at least three corners",
            );
            self.error(
                "S475",
                table.place_of("boundary"),
                (what.0.to_owned(), what.1.to_owned()),
                (
                    "例如 101.44 35.02, 101.46 35.02, 101.46 35.04；几块之间用分号",
                    "such as 101.44 35.02, 101.46 35.02, 101.46 35.04; a semicolon between outlines",
                ),
            );
            return Vec::new();
        };
        let placed = |position: Position| to_wgs84(position, coordinates);
        let outlines = outlines.into_iter();
        outlines
            .map(|outline| outline.into_iter().map(placed).collect())
            .collect()
    }
}

/// Corners of outlines as they are written; none if that cannot be read.
fn outlines(text: &str) -> Option<Vec<Vec<Position>>> {
    let corner = |text: &str| {
        let mut numbers = text.split_whitespace().map(str::parse::<f64>);
        let (longitude, latitude) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        let on_earth = longitude.abs() <= 180.0 && latitude.abs() <= 90.0;
        (on_earth && numbers.next().is_none()).then_some(Position {
            longitude,
            latitude,
        })
    };
    let outline = |text: &str| {
        let corners: Option<Vec<Position>> = text.split([',', '，']).map(corner).collect();
        corners.filter(|corners| corners.len() >= 3)
    };
    text.split([';', '；']).map(outline).collect()
}

/// A place given in the system the scenario names.
fn to_wgs84(position: Position, coordinates: Option<&str>) -> Position {
    let datum = match coordinates {
        Some("gcj02") => geo::Datum::Gcj02,
        Some("bd09") => geo::Datum::Bd09,
        _ => geo::Datum::Wgs84,
    };
    geo::to_wgs84(position, datum)
}
