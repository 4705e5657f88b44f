//! The text of a canvas: lines, cues or HTML, with the matches of a query.

use std::rc::Rc;

use khizana_format::{Canvas, Cue, FileRef, PageLines, Record};
use khizana_json::from_slice;
use khizana_model::{Hash, LangTag};
use khizana_pages::{CanvasText, Cause, PageText, Route, TextMatches, displayed_track};
use khizana_search::Highlighter;

use super::{Worker, cause};

/// The canvas of a request.
struct RequestedCanvas<'a> {
    canvas: &'a Canvas,
    /// The query whose matches are highlighted.
    query: &'a str,
    /// The track that the visitor selected.
    selected: Option<u32>,
    /// The track whose cues are displayed.
    track: Option<u32>,
}

fn requested_canvas<'a>(
    lang: &str,
    record: &'a Record,
    route: &'a Route,
    selected: Option<u32>,
) -> Option<RequestedCanvas<'a>> {
    let Route::Item { canvas, query, .. } = route else {
        return None;
    };
    let canvas = record.canvases.get(*canvas as usize)?;
    Some(RequestedCanvas {
        canvas,
        query,
        selected,
        track: displayed_track(lang, canvas, selected),
    })
}

impl Worker {
    /// Returns the text of the canvas of a route, and the track to which the cues belong.
    pub async fn text(
        &self,
        lang: &str,
        route: &Route,
        selected: Option<u32>,
    ) -> Result<(CanvasText, Option<u32>), Cause> {
        let record = self.record_of(route).await?;
        let canvas = record
            .as_ref()
            .and_then(|record| requested_canvas(lang, record, route, selected));
        let Some(requested) = canvas else {
            return Ok((CanvasText::NotLoaded, None));
        };
        if let (None, Some(hash)) = (requested.track, &requested.canvas.html) {
            return Ok((self.html(hash).await?, None));
        }
        let highlighter = self.highlighter(requested.query).await?;
        let highlighter = highlighter.as_ref();
        match requested.track {
            Some(track) => self.cues(&requested, track, highlighter).await,
            None => {
                let text = self.page_text(requested.canvas, highlighter).await?;
                Ok((CanvasText::Lines(text), None))
            }
        }
    }

    /// Returns the indexes of the cues that contain a text. Both are folded, so that spelling
    /// variants match.
    pub async fn find_cues(
        &self,
        lang: &str,
        route: &Route,
        selected: Option<u32>,
        input: &str,
    ) -> Result<Vec<u32>, Cause> {
        let record = self.record_of(route).await?;
        let canvas = record
            .as_ref()
            .and_then(|record| requested_canvas(lang, record, route, selected));
        let recording = canvas
            .and_then(|requested| Some((requested.canvas.recording.as_ref()?, requested.track?)));
        let Some(origin) = recording
            .and_then(|(recording, track)| recording.tracks.get(track as usize))
            .and_then(|track| track.cues.as_ref())
        else {
            return Ok(Vec::new());
        };
        let cues = self.read_cues(origin).await?;
        let input = khizana_text::fold(input);
        let indexed = (0u32..).zip(&cues);
        Ok(indexed
            .filter(|(_, (_, text))| khizana_text::fold(text).contains(&input))
            .map(|(index, _)| index)
            .collect())
    }

    /// Returns the cues of a track. If it has no match and the visitor has not selected a track,
    /// returns those of the first track with a match.
    async fn cues(
        &self,
        requested: &RequestedCanvas<'_>,
        track: u32,
        highlighter: Option<&Highlighter>,
    ) -> Result<(CanvasText, Option<u32>), Cause> {
        let tracks = requested.canvas.recording.as_ref();
        let tracks = tracks.map_or(&[][..], |recording| &recording.tracks);
        let mut first = None;
        // The first track is displayed if no track has a match.
        let indexes = std::iter::once(track).chain(0..tracks.len() as u32);
        for index in indexes {
            let Some(track) = tracks.get(index as usize) else {
                continue;
            };
            let Some(origin) = &track.cues else { continue };
            let cues = self.read_cues(origin).await?;
            let lang = track.language().map_or("", LangTag::as_str);
            let lines = cues.iter().map(|(_, text)| (text.as_str(), lang));
            let matches = find_matches(highlighter, lines);
            let is_final =
                highlighter.is_none() || requested.selected.is_some() || !matches.ranges.is_empty();
            let text = CanvasText::Cues(Rc::new(cues), matches);
            if is_final {
                let other = first.is_some().then_some(index);
                return Ok((text, other.or(requested.selected)));
            }
            first.get_or_insert(text);
        }
        Ok((first.unwrap_or_default(), requested.selected))
    }

    async fn read_cues(&self, origin: &FileRef) -> Result<Vec<Cue>, Cause> {
        from_slice(self.read_text(origin).await?.as_bytes())
            .map_err(|error| Cause::Unreadable(error.to_string()))
    }

    /// Returns the HTML that was rendered from a file.
    async fn html(&self, hash: &Hash) -> Result<CanvasText, Cause> {
        let html = self.archive().await?.object(hash).await.map_err(cause)?;
        let html = String::from_utf8_lossy(&html).into_owned();
        Ok(CanvasText::Html(html.into()))
    }

    /// Returns the lines of a page.
    async fn page_text(
        &self,
        canvas: &Canvas,
        highlighter: Option<&Highlighter>,
    ) -> Result<PageText, Cause> {
        let lines = match (&canvas.lines, &canvas.text) {
            (Some(hash), _) => {
                let json = self.archive().await?.object(hash).await.map_err(cause)?;
                from_slice(&json).map_err(|error| Cause::Unreadable(error.to_string()))?
            }
            (None, Some(origin)) => PageLines::from_plain_text(&self.read_text(origin).await?),
            (None, None) => PageLines::default(),
        };
        let lang = canvas.text.as_ref().and_then(|text| text.language.as_ref());
        let tagged = lines.lines.iter().map(|line| {
            let lang = line.language.as_ref().or(lang);
            (line.text.as_str(), lang.map_or("", LangTag::as_str))
        });
        Ok(PageText {
            matches: find_matches(highlighter, tagged),
            lines: Rc::new(lines.lines),
        })
    }

    /// Returns the highlighter of a query: that of the latest results, or a new one from the index.
    /// Returns `None` if the query is empty.
    async fn highlighter(&self, query: &str) -> Result<Option<Highlighter>, Cause> {
        if query.is_empty() {
            return Ok(None);
        }
        if let Some((text, results)) = &*self.results.borrow()
            && text == query
        {
            return Ok(Some(results.highlighter.clone()));
        }
        let is_complete = !query.ends_with(char::is_alphanumeric);
        let archive = self.archive().await?;
        khizana_search::highlighter(&archive, query, is_complete)
            .await
            .map(Some)
            .map_err(cause)
    }

    /// Returns a published text, verified against its hash, without a byte order mark.
    pub async fn read_text(&self, origin: &FileRef) -> Result<String, Cause> {
        let archive = self.archive().await?;
        let bytes = archive.file(origin).await.map_err(cause)?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
    }
}

/// Finds the matches in lines. Each line is given with its language.
fn find_matches<'a>(
    highlighter: Option<&Highlighter>,
    lines: impl Iterator<Item = (&'a str, &'a str)>,
) -> TextMatches {
    TextMatches {
        ranges: highlighter
            .map(|highlighter| highlighter.line_ranges(lines))
            .unwrap_or_default(),
        has_query: highlighter.is_some(),
    }
}
