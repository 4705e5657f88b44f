//! The outline of the land, from which `khizana publish` draws maps.
//!
//! The source is Natural Earth (public domain) in the npm package `world-atlas`, a TopoJSON file: polygons
//! whose rings are composed of arcs, which are lists of differences between grid points. The outline is a
//! text file with one ring per line: the longitude and latitude of its first point, and the differences of
//! the further points, in [`UNITS`] per degree.

use std::fmt::Write;
use std::path::Path;

use serde::Deserialize;

use crate::failure::Failure;
use crate::project::Project;

/// The name of the outline in the folder of the built viewer.
const OUTLINE: &str = "land.txt";

/// Units of the outline per degree. A unit is at most 5.6 km.
const UNITS: f64 = 20.0;

/// The units of a full turn, and of a quarter.
const TURN: i32 = 360 * 20;
const QUARTER: i32 = TURN / 4;

/// A TopoJSON file with the land as a single object.
#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    arcs: Vec<Vec<[i64; 2]>>,
    objects: Objects,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Objects {
    land: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<MultiPolygon>,
}

/// The polygons of a geometry, each with its rings, which are lists of arcs.
#[derive(Deserialize)]
struct MultiPolygon {
    arcs: Vec<Vec<Vec<i64>>>,
}

/// A point: longitude and latitude in units.
type Point = [i32; 2];

/// Converts the land of `world-atlas` into an outline in a folder.
pub fn write(project: &Project, folder: &Path) -> Result<(), Failure> {
    let source = project.path("node_modules/world-atlas/land-50m.json");
    let json = std::fs::read(&source).map_err(Failure::file(&source))?;
    let topology: Topology =
        serde_json::from_slice(&json).map_err(|error| Failure::malformed(&source, error))?;
    let outline = outline(&topology)
        .ok_or_else(|| Failure::malformed(&source, "a ring refers to an arc that is missing"))?;
    let path = folder.join(OUTLINE);
    std::fs::write(&path, outline).map_err(Failure::file(&path))
}

/// Returns the outline. Returns `None` if an arc is missing.
fn outline(topology: &Topology) -> Option<String> {
    let arcs: Vec<Vec<Point>> = topology
        .arcs
        .iter()
        .map(|arc| decode(arc, &topology.transform))
        .collect();
    let polygons = topology.objects.land.geometries.iter();
    let rings = polygons.flat_map(|geometry| geometry.arcs.iter().flatten());
    let mut out = String::new();
    for ring in rings {
        let ring = unwrap(&join(ring, &arcs)?);
        if ring.len() < 3 {
            continue;
        }
        let mut previous = [0, 0];
        for [x, y] in ring {
            let _ = write!(out, "{} {} ", x - previous[0], y - previous[1]);
            previous = [x, y];
        }
        out.pop();
        out.push('\n');
    }
    Some(out)
}

/// Returns the points of an arc.
fn decode(arc: &[[i64; 2]], transform: &Transform) -> Vec<Point> {
    let mut at = [0, 0];
    let points = arc.iter().map(|step| {
        at = [at[0] + step[0], at[1] + step[1]];
        [0, 1].map(|axis| {
            let degrees = at[axis] as f64 * transform.scale[axis] + transform.translate[axis];
            (degrees * UNITS).round() as i32
        })
    });
    points.collect()
}

/// Joins the arcs of a ring. The index of an arc that is traversed backwards is the complement of its
/// number. The last point of an arc is the first one of the next.
fn join(ring: &[i64], arcs: &[Vec<Point>]) -> Option<Vec<Point>> {
    let mut points: Vec<Point> = Vec::new();
    for index in ring {
        let number = if *index < 0 { !*index } else { *index };
        let arc = arcs.get(usize::try_from(number).ok()?)?;
        if *index < 0 {
            points.extend(arc.iter().rev());
        } else {
            points.extend(arc);
        }
    }
    points.dedup();
    Some(points)
}

/// Makes the longitudes of a ring continuous where it crosses the antimeridian, and closes a ring around a
/// pole along the pole. The last point of the result differs from the first one.
fn unwrap(points: &[Point]) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::new();
    for [x, y] in points {
        let turns = out.last().map_or(0, |last| {
            (f64::from(last[0] - x) / f64::from(TURN)).round() as i32
        });
        out.push([x + turns * TURN, *y]);
    }
    if let (Some(first), Some(last)) = (out.first().copied(), out.last().copied()) {
        if first[0] == last[0] {
            out.pop();
        } else {
            let pole = if first[1] < 0 { -QUARTER } else { QUARTER };
            out.extend([[last[0], pole], [first[0], pole]]);
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A file with a scale of one unit and the origin in the middle.
    fn topology(arcs: &str, rings: &str) -> Topology {
        let json = format!(
            r#"{{"type":"Topology","transform":{{"scale":[0.05,0.05],"translate":[0,0]}},"arcs":{arcs},
            "objects":{{"land":{{"type":"GeometryCollection","geometries":[{{"type":"MultiPolygon","arcs":{rings}}}]}}}}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn joins_arcs_in_both_directions() {
        let arcs = "[[[0,0],[4,0],[0,4]],[[0,0],[0,4],[4,0]]]";
        assert_eq!(
            outline(&topology(arcs, "[[[0,-2]]]")).unwrap(),
            "0 0 4 0 0 4 -4 0\n"
        );
        assert_eq!(outline(&topology(arcs, "[[[2]]]")), None);
        assert_eq!(outline(&topology(arcs, "[[[-9]]]")), None);
    }

    #[test]
    fn omits_rings_that_are_smaller_than_a_unit() {
        let arcs = "[[[5,5],[0,0],[0,0]],[[0,0],[1,0],[-1,0]],[]]";
        assert_eq!(outline(&topology(arcs, "[[[0]],[[1]],[[2]]]")).unwrap(), "");
    }

    #[test]
    fn continues_a_ring_beyond_the_antimeridian() {
        let arcs = "[[[3590,0],[0,10],[-7180,0],[0,-10],[7180,0]]]";
        assert_eq!(
            outline(&topology(arcs, "[[[0]]]")).unwrap(),
            "3590 0 0 10 20 0 0 -10\n"
        );
    }

    #[test]
    fn closes_a_ring_around_a_pole() {
        let arcs = "[[[-3600,-1600],[2400,50],[2400,0],[2400,-50]]]";
        assert_eq!(
            outline(&topology(arcs, "[[[0]]]")).unwrap(),
            "-3600 -1600 2400 50 2400 0 2400 -50 0 -200 -7200 0\n"
        );
    }
}
