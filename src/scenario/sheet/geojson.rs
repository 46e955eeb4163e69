//! Tables in maps: the features of a GeoJSON file, with the middle of each as its place.

use serde_json::{Map, Value};

use super::grid::{Cell, Grid, MOST_COLUMNS, MOST_FIELDS};
use super::workbook::{placed, report_too_large};
use crate::scenario::problem::{Problems, Words};
use crate::scenario::tree::{Content, Place, Spot};

/// The name under which the features of a map are shown.
pub(in crate::scenario) const FEATURES: &str = "features";

/// Whether the text is JSON rather than a table.
pub(super) fn is_geojson(content: &Content) -> bool {
    matches!(content, Content::Text(text) if text.trim_start().starts_with('{'))
}

/// The features as rows: their properties, then `lon` and `lat`. The content becomes those rows.
pub(super) fn grid(content: &mut Content, whole: Place, problems: &mut Problems) -> Option<Grid> {
    let Content::Text(text) = &*content else {
        return None;
    };
    let json: Value = match serde_json::from_str(text) {
        Ok(json) => json,
        Err(error) => {
            let at = offset(text, error.line(), error.column());
            let place = Place {
                source: whole.source,
                spot: Spot::Bytes { start: at, end: at },
            };
            report(
                place,
                Words::new("JSON 写法不对", "this is not well-formed JSON"),
                problems,
            );
            return None;
        }
    };
    let Some(Value::Array(features)) = json.get("features") else {
        let what = Words::new(
            "这里没有 FeatureCollection 的 features",
            "there are no features of a FeatureCollection here",
        );
        report(whole, what, problems);
        return None;
    };
    let rows = rows(features, whole, problems);
    if rows.is_empty() {
        return None;
    }
    let shown = rows
        .iter()
        .map(|cells| cells.iter().map(Cell::shown).collect())
        .collect();
    *content = Content::Sheet {
        sheet: FEATURES.to_owned(),
        rows: shown,
    };
    Some(placed(rows))
}

fn rows(features: &[Value], whole: Place, problems: &mut Problems) -> Vec<Vec<Cell>> {
    let none = Map::new();
    let properties = |feature| Value::as_object(Value::get(feature, "properties")?);
    let mut keys: Vec<String> = Vec::new();
    for key in features.iter().filter_map(properties).flat_map(Map::keys) {
        if keys.len() < MOST_COLUMNS && !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    if (keys.len() + 3) * features.len() > MOST_FIELDS {
        report_too_large(whole, problems);
        return Vec::new();
    }
    let has_id = keys.iter().any(|key| key.eq_ignore_ascii_case("id"));
    let mut header: Vec<_> = keys.iter().map(|key| Cell::text(key)).collect();
    if !has_id && features.iter().any(|feature| feature.get("id").is_some()) {
        header.push(Cell::Text("id".to_owned()));
    }
    let drawn = !keys
        .iter()
        .any(|key| ["boundary", "边界"].contains(&key.to_lowercase().as_str()))
        && features.iter().any(|feature| boundary(feature).is_some());
    if drawn {
        header.push(Cell::Text("boundary".to_owned()));
    }
    let width = header.len();
    header.extend(["lon", "lat"].map(|key| Cell::Text(key.to_owned())));
    let mut rows = vec![header];
    for (index, feature) in features.iter().enumerate() {
        let properties = feature
            .get("properties")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        let mut cells: Vec<_> = keys
            .iter()
            .map(|key| properties.get(key).map_or(Cell::Empty, cell))
            .collect();
        if cells.len() + usize::from(drawn) < width {
            cells.push(feature.get("id").map_or(Cell::Empty, cell));
        }
        if drawn {
            cells.push(boundary(feature).map_or(Cell::Empty, Cell::Text));
        }
        let geometry = feature
            .get("geometry")
            .filter(|geometry| !geometry.is_null());
        let middle = geometry.and_then(middle);
        if geometry.is_some() && middle.is_none() {
            let spot = Spot::Cell {
                row: (index + 1) as u32,
                column: width as u32,
            };
            report_place(
                Place {
                    source: whole.source,
                    spot,
                },
                problems,
            );
        }
        cells.extend(middle.map_or([Cell::Empty, Cell::Empty], |(lon, lat)| {
            [Cell::Float(lon), Cell::Float(lat)]
        }));
        rows.push(cells);
    }
    without_second_places(rows, width)
}

/// Leaves `lon` and `lat` of the geometry out where the properties have them already.
fn without_second_places(mut rows: Vec<Vec<Cell>>, width: usize) -> Vec<Vec<Cell>> {
    let is_place = |cell: &Cell| matches!(cell, Cell::Text(text) if ["lon", "lat", "经度", "纬度"].contains(&text.to_lowercase().as_str()));
    if rows[0][..width]
        .iter()
        .filter(|cell| is_place(cell))
        .count()
        >= 2
    {
        for row in &mut rows {
            row.truncate(width);
        }
    }
    rows
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::Bool(yes) => Cell::Boolean(*yes),
        Value::Number(number) => number.as_i64().map_or_else(
            || Cell::number(number.as_f64().unwrap_or(f64::NAN)),
            Cell::Integer,
        ),
        Value::String(text) => Cell::text(text),
        Value::Array(_) | Value::Object(_) => Cell::text(&value.to_string()),
    }
}

/// The middle of a geometry: the point, the centroid of the largest outline, or the mean of the points.
fn middle(geometry: &Value) -> Option<(f64, f64)> {
    let coordinates = geometry.get("coordinates")?;
    match geometry.get("type")?.as_str()? {
        "Point" => point(coordinates),
        "MultiPoint" | "LineString" => mean(&points(coordinates)?),
        "Polygon" => outline(coordinates).map(|(_, middle)| middle),
        "MultiPolygon" => {
            let outlines = coordinates
                .as_array()?
                .iter()
                .map(outline)
                .collect::<Option<Vec<_>>>()?;
            outlines
                .into_iter()
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .map(|(_, middle)| middle)
        }
        _ => None,
    }
}

/// The outlines of an area as the key `boundary` has them; none of what is no area or cannot be read.
fn boundary(feature: &Value) -> Option<String> {
    let geometry = feature.get("geometry")?;
    let coordinates = geometry.get("coordinates")?;
    let areas: Vec<&Value> = match geometry.get("type")?.as_str()? {
        "Polygon" => vec![coordinates],
        "MultiPolygon" => coordinates.as_array()?.iter().collect(),
        _ => return None,
    };
    let outline = |area: &&Value| {
        let ring = points(area.as_array()?.first()?)?;
        let corners = thinned(&ring).map(|(lon, lat)| format!("{lon} {lat}"));
        Some(corners.collect::<Vec<_>>().join(", "))
    };
    let outlines: Option<Vec<String>> = areas.iter().take(MOST_OUTLINES).map(outline).collect();
    Some(outlines?.join("; ")).filter(|text| !text.is_empty())
}

/// Corners of an outline at most, as more cannot be seen, and outlines of a cell.
const MOST_CORNERS: usize = 200;
const MOST_OUTLINES: usize = 20;

/// Every second, third … corner where there are too many, and always the last.
fn thinned(ring: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> + '_ {
    let step = ring.len().div_ceil(MOST_CORNERS).max(1);
    let last = ring.len().saturating_sub(1);
    ring.iter()
        .enumerate()
        .filter(move |(index, _)| index % step == 0 || *index == last)
        .map(|(_, corner)| *corner)
}

fn point(coordinates: &Value) -> Option<(f64, f64)> {
    let pair = coordinates.as_array()?;
    Some((pair.first()?.as_f64()?, pair.get(1)?.as_f64()?))
}

fn points(coordinates: &Value) -> Option<Vec<(f64, f64)>> {
    coordinates.as_array()?.iter().map(point).collect()
}

fn mean(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = points.len() as f64;
    let sum = points
        .iter()
        .fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    (count > 0.0).then_some((sum.0 / count, sum.1 / count))
}

/// Area and centroid of a polygon's outer ring, in degrees (Bourke, 1988); taken relative to its first point, so that no
/// digits are lost.
fn outline(rings: &Value) -> Option<(f64, (f64, f64))> {
    let ring = points(rings.as_array()?.first()?)?;
    let origin = *ring.first()?;
    let (mut twice_area, mut x, mut y) = (0.0, 0.0, 0.0);
    for pair in ring.windows(2) {
        let (ax, ay) = (pair[0].0 - origin.0, pair[0].1 - origin.1);
        let (bx, by) = (pair[1].0 - origin.0, pair[1].1 - origin.1);
        let cross = ax * by - bx * ay;
        twice_area += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    if twice_area == 0.0 {
        return Some((0.0, mean(&ring)?));
    }
    Some((
        twice_area.abs() / 2.0,
        (
            origin.0 + x / (3.0 * twice_area),
            origin.1 + y / (3.0 * twice_area),
        ),
    ))
}

/// The byte at a line and column (in bytes) counted from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    text.floor_char_boundary((start + column.saturating_sub(1)).min(text.len()))
}

fn report(place: Place, what: Words, problems: &mut Problems) {
    let help = Words::new(
        "从地图软件导出 GeoJSON（FeatureCollection，坐标为经度、纬度）",
        "export GeoJSON from the map program: a FeatureCollection with longitude and latitude",
    );
    problems.error("S064", place, what, help);
}

fn report_place(place: Place, problems: &mut Problems) {
    problems.error(
        "S065",
        place,
        Words::new(
            "这个图形的坐标读不出来",
            "the coordinates of this feature cannot be read",
        ),
        Words::new(
            "只用点或面，坐标为 [经度, 纬度]",
            "use points or polygons only, with coordinates [longitude, latitude]",
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_square_is_its_middle() {
        let square = serde_json::json!({"type": "Polygon", "coordinates": [[[101.0, 35.0], [101.5, 35.0], [101.5, 35.5], [101.0, 35.5], [101.0, 35.0]]]});
        assert_eq!(middle(&square), Some((101.25, 35.25)));
        let with_speck = serde_json::json!({"type": "MultiPolygon", "coordinates": [
            [[[0.0, 0.0], [0.1, 0.0], [0.1, 0.1], [0.0, 0.0]]], square["coordinates"]]});
        assert_eq!(middle(&with_speck), Some((101.25, 35.25)));
    }
}
