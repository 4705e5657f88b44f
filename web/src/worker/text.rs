//! The text of a canvas: lines, cues or HTML, with the words of a query marked.

use std::rc::Rc;

use khizana_format::{Canvas, Cue, FileRef, PageLines, Record};
use khizana_json::from_slice;
use khizana_model::{Hash, LangTag};
use khizana_pages::{CanvasText, Cause, Hits, PageText, Route, shown_track};
use khizana_search::Highlighter;

use super::{Worker, cause};

/// The canvas of an item that a request is about.
struct CanvasOf<'a> {
    canvas: &'a Canvas,
    /// The words that are marked.
    query: &'a str,
    /// The track that the visitor chose.
    chosen: Option<u32>,
    /// The track whose cues are displayed.
    track: Option<u32>,
}

fn canvas_of<'a>(
    lang: &str,
    record: &'a Record,
    route: &'a Route,
    chosen: Option<u32>,
) -> Option<CanvasOf<'a>> {
    let Route::Item { canvas, query, .. } = route else {
        return None;
    };
    let canvas = record.canvases.get(*canvas as usize)?;
    Some(CanvasOf {
        canvas,
        query,
        chosen,
        track: shown_track(lang, canvas, chosen),
    })
}

impl Worker {
    /// The text of the canvas of a route, and the track that it is of.
    pub async fn text(
        &self,
        lang: &str,
        route: &Route,
        chosen: Option<u32>,
    ) -> Result<(CanvasText, Option<u32>), Cause> {
        let record = self.record_of(route).await?;
        let canvas = record
            .as_ref()
            .and_then(|record| canvas_of(lang, record, route, chosen));
        let Some(of) = canvas else {
            return Ok((CanvasText::Unasked, None));
        };
        if let (None, Some(hash)) = (of.track, &of.canvas.html) {
            return Ok((self.html(hash).await?, None));
        }
        let marks = self.marks(of.query).await?;
        match of.track {
            Some(track) => self.cues(&of, track, marks.as_ref()).await,
            None => {
                let text = self.page_text(of.canvas, marks.as_ref()).await?;
                Ok((CanvasText::Here(text), None))
            }
        }
    }

    /// The numbers of the cues that contain a text, compared without regard to spelling variants.
    pub async fn find_cues(
        &self,
        lang: &str,
        route: &Route,
        chosen: Option<u32>,
        typed: &str,
    ) -> Result<Vec<u32>, Cause> {
        let record = self.record_of(route).await?;
        let canvas = record
            .as_ref()
            .and_then(|record| canvas_of(lang, record, route, chosen));
        let tracks = canvas.and_then(|of| Some((of.canvas.recording.as_ref()?, of.track?)));
        let Some(origin) = tracks
            .and_then(|(recording, track)| recording.tracks.get(track as usize))
            .and_then(|track| track.cues.as_ref())
        else {
            return Ok(Vec::new());
        };
        let cues = self.read_cues(origin).await?;
        let wanted = khizana_text::fold(typed);
        let numbered = (0u32..).zip(&cues);
        Ok(numbered
            .filter(|(_, (_, text))| khizana_text::fold(text).contains(&wanted))
            .map(|(number, _)| number)
            .collect())
    }

    /// The cues of a track. If the query is not in it and the visitor chose no track, those of the
    /// first track that has it.
    async fn cues(
        &self,
        of: &CanvasOf<'_>,
        track: u32,
        marks: Option<&Highlighter>,
    ) -> Result<(CanvasText, Option<u32>), Cause> {
        let tracks = of.canvas.recording.as_ref();
        let tracks = tracks.map_or(&[][..], |recording| &recording.tracks);
        let mut first = None;
        // The first one is the default, and is displayed if no track has the query.
        let numbers = std::iter::once(track).chain(0..tracks.len() as u32);
        for number in numbers {
            let Some(track) = tracks.get(number as usize) else {
                continue;
            };
            let Some(origin) = &track.cues else { continue };
            let cues = self.read_cues(origin).await?;
            let lang = track.language().map_or("", LangTag::as_str);
            let hits = hits(marks, cues.iter().map(|(_, text)| (text.as_str(), lang)));
            let is_final = marks.is_none() || of.chosen.is_some() || !hits.places.is_empty();
            let text = CanvasText::Said(Rc::new(cues), hits);
            if is_final {
                let other = (first.is_some()).then_some(number);
                return Ok((text, other.or(of.chosen)));
            }
            first.get_or_insert(text);
        }
        Ok((first.unwrap_or_default(), of.chosen))
    }

    async fn read_cues(&self, origin: &FileRef) -> Result<Vec<Cue>, Cause> {
        from_slice(self.read_text(origin).await?.as_bytes())
            .map_err(|error| Cause::Unreadable(error.to_string()))
    }

    /// The HTML that was rendered from a file.
    async fn html(&self, hash: &Hash) -> Result<CanvasText, Cause> {
        let html = self.archive().await?.object(hash).await.map_err(cause)?;
        let html = String::from_utf8_lossy(&html).into_owned();
        Ok(CanvasText::Html(html.into()))
    }

    /// The lines of a page.
    async fn page_text(
        &self,
        canvas: &Canvas,
        marks: Option<&Highlighter>,
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
            hits: hits(marks, tagged),
            lines: Rc::new(lines.lines),
        })
    }

    /// The marks of a query: those of the latest results, or looked up in the index. `None` if the query
    /// is empty.
    async fn marks(&self, query: &str) -> Result<Option<Highlighter>, Cause> {
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

    /// A published text, verified against its hash, without a byte order mark.
    pub async fn read_text(&self, origin: &FileRef) -> Result<String, Cause> {
        let archive = self.archive().await?;
        let bytes = archive.file(origin).await.map_err(cause)?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
    }
}

/// The matches in the lines of a text, each line with its language.
fn hits<'a>(marks: Option<&Highlighter>, lines: impl Iterator<Item = (&'a str, &'a str)>) -> Hits {
    let mut hits = Hits {
        places: Vec::new(),
        searched: marks.is_some(),
    };
    if let Some(marks) = marks {
        for (number, (line, lang)) in lines.enumerate() {
            let ranges = marks.ranges(line, lang).into_iter();
            hits.places.extend(ranges.map(|range| (number, range)));
        }
    }
    hits
}
