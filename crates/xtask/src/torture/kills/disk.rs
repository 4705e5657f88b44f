//! A model of a file system that distinguishes the content of the disk from what was only written to the
//! cache of the operating system.
//!
//! - The content of a file is durable once the file has been synced after its last write.
//! - A new name, a rename and a removal are durable once a folder that they change has been synced.
//! - As in a journal, the changes of one folder become durable in their order. A rename between two folders
//!   becomes durable in both or in neither.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use super::trace::{Call, Place, Step, SyncTarget};
use crate::failure::Failure;
use crate::torture::random::Random;
use crate::torture::tree::Tree;

const ROOT: usize = 0;

/// The modelled folder, and the state of the process that changes it.
pub struct Disk<'a> {
    root: PathBuf,
    nodes: Vec<Node>,
    /// Changes of names, in their order.
    changes: Vec<Change>,
    descriptors: BTreeMap<i32, Descriptor>,
    /// The syncs that have begun: thread, what it covers.
    syncs: Vec<(u32, Covered)>,
    /// Syncs of paths that contain this text are ignored.
    ignored_syncs: Option<&'a str>,
}

#[derive(Clone)]
enum Node {
    File {
        content: Rc<Vec<u8>>,
        /// The content that survives in any case.
        durable: Rc<Vec<u8>>,
    },
    Folder {
        names: BTreeMap<String, usize>,
        /// The names at the beginning, which are durable.
        durable: BTreeMap<String, usize>,
    },
}

/// A change of names: each of them is set to a node, or removed.
struct Change {
    entries: Vec<(usize, String, Option<usize>)>,
    is_durable: bool,
}

#[derive(Clone)]
struct Descriptor {
    /// The path at the time of opening.
    path: PathBuf,
    /// The node, or `None` if the file is not part of the modelled folder.
    node: Option<usize>,
    position: u64,
    appends: bool,
}

/// The part of the disk that a sync makes durable when it ends.
struct Covered {
    /// Files, with their content when the sync began.
    files: Vec<(usize, Rc<Vec<u8>>)>,
    /// The folder whose changes are covered. `None` for all folders.
    folder: Option<usize>,
    /// The number of changes when the sync began.
    changes: usize,
}

impl<'a> Disk<'a> {
    /// Creates the model of a folder whose content is durable.
    pub fn new(root: &Path, tree: &Tree, folders: &[PathBuf], ignored: Option<&'a str>) -> Self {
        let mut disk = Disk {
            root: root.to_owned(),
            nodes: vec![Node::folder()],
            changes: Vec::new(),
            descriptors: BTreeMap::new(),
            syncs: Vec::new(),
            ignored_syncs: ignored,
        };
        for folder in folders {
            disk.initial_folder(folder);
        }
        for (path, content) in tree {
            let folder = disk.initial_folder(path.parent().unwrap_or(Path::new("")));
            let content = Rc::new(content.clone());
            let node = Node::File {
                durable: Rc::clone(&content),
                content,
            };
            disk.initial_entry(folder, &name_of(path), node);
        }
        disk
    }

    fn initial_folder(&mut self, path: &Path) -> usize {
        let mut folder = ROOT;
        for part in path.components() {
            let name = part.as_os_str().to_string_lossy().into_owned();
            folder = match self.entry(folder, &name) {
                Some(node) => node,
                None => self.initial_entry(folder, &name, Node::folder()),
            };
        }
        folder
    }

    fn initial_entry(&mut self, folder: usize, name: &str, node: Node) -> usize {
        let number = self.add(node);
        if let Some(Node::Folder { names, durable }) = self.nodes.get_mut(folder) {
            names.insert(name.to_owned(), number);
            durable.insert(name.to_owned(), number);
        }
        number
    }

    fn add(&mut self, node: Node) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn entry(&self, folder: usize, name: &str) -> Option<usize> {
        match self.nodes.get(folder)? {
            Node::Folder { names, .. } => names.get(name).copied(),
            Node::File { .. } => None,
        }
    }

    /// Applies steps of a trace.
    ///
    /// # Errors
    /// Returns an error if a step does not fit the model.
    pub fn apply(&mut self, steps: &[Step]) -> Result<(), Failure> {
        for step in steps {
            self.step(step).map_err(|reason| {
                let mut text = format!("{step:?}");
                text.truncate(text.floor_char_boundary(300));
                Failure::malformed(&self.root, format!("{reason}: {text}"))
            })?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> Result<(), &'static str> {
        match step {
            Step::SyncBegins { thread, target } => {
                if let Some(covered) = self.covered(*target) {
                    self.syncs.push((*thread, covered));
                }
            }
            Step::SyncEnds { thread } => {
                let ended = self.syncs.iter().position(|(other, _)| other == thread);
                if let Some(index) = ended {
                    let (_, covered) = self.syncs.swap_remove(index);
                    self.make_durable(covered);
                }
            }
            Step::Done(call) => self.call(call)?,
        }
        Ok(())
    }

    fn covered(&self, target: SyncTarget) -> Option<Covered> {
        let changes = self.changes.len();
        let content_of = |number: usize| match self.nodes.get(number)? {
            Node::File { content, .. } => Some((number, Rc::clone(content))),
            Node::Folder { .. } => None,
        };
        match target {
            SyncTarget::Everything => {
                let is_ignored = self.ignored_syncs == Some("syncfs");
                (!is_ignored).then(|| Covered {
                    files: (0..self.nodes.len()).filter_map(content_of).collect(),
                    folder: None,
                    changes,
                })
            }
            SyncTarget::Descriptor(descriptor) => {
                let open = self.descriptors.get(&descriptor)?;
                let path = open.path.to_string_lossy();
                if self.ignored_syncs.is_some_and(|part| path.contains(part)) {
                    return None;
                }
                let node = open.node?;
                let files: Vec<_> = content_of(node).into_iter().collect();
                Some(Covered {
                    changes: if files.is_empty() { changes } else { 0 },
                    files,
                    folder: Some(node),
                })
            }
        }
    }

    fn make_durable(&mut self, covered: Covered) {
        for (number, synced) in covered.files {
            if let Some(Node::File { durable, .. }) = self.nodes.get_mut(number) {
                *durable = synced;
            }
        }
        // Earlier changes of the same folders are durable too.
        let mut folders: Vec<usize> = covered.folder.into_iter().collect();
        let earlier = self.changes.iter_mut().take(covered.changes);
        for change in earlier.rev() {
            let touched = change.entries.iter().map(|(folder, ..)| *folder);
            let touched: Vec<usize> = touched.collect();
            if covered.folder.is_none() || touched.iter().any(|folder| folders.contains(folder)) {
                change.is_durable = true;
                folders.extend(touched);
            }
        }
    }

    fn call(&mut self, call: &Call) -> Result<(), &'static str> {
        match call {
            Call::Open {
                place,
                descriptor,
                creates,
                truncates,
                appends,
            } => {
                let path = self.absolute(place);
                let mut node = self.find(&path);
                if node.is_none() && *creates && path.starts_with(&self.root) {
                    let file = self.add(Node::File {
                        content: Rc::default(),
                        durable: Rc::default(),
                    });
                    let (folder, name) = self.parent(&path)?;
                    self.change(vec![(folder, name, Some(file))]);
                    node = Some(file);
                }
                if *truncates && let Some(node) = node {
                    self.content(node)?.clear();
                }
                let opened = Descriptor {
                    path,
                    node,
                    position: 0,
                    appends: *appends,
                };
                self.descriptors.insert(*descriptor, opened);
            }
            Call::Close(descriptor) => drop(self.descriptors.remove(descriptor)),
            Call::Duplicate { from, to } => {
                if let Some(descriptor) = self.descriptors.get(from).cloned() {
                    self.descriptors.insert(*to, descriptor);
                }
            }
            Call::Seek {
                descriptor,
                position,
            } => {
                if let Some(open) = self.descriptors.get_mut(descriptor) {
                    open.position = *position;
                }
            }
            Call::Write {
                descriptor,
                at,
                bytes,
            } => self.write(*descriptor, *at, bytes)?,
            Call::Truncate { descriptor, length } => {
                if let Some(node) = self.node_of(*descriptor) {
                    self.content(node)?.resize(*length as usize, 0);
                }
            }
            Call::Copy { from, to, count } => {
                let source = self.descriptors.get(from).cloned().ok_or("not open")?;
                let content = match source.node.and_then(|node| self.nodes.get(node)) {
                    Some(Node::File { content, .. }) => content.as_ref().clone(),
                    _ => std::fs::read(&source.path).map_err(|_| "unreadable")?,
                };
                let begin = source.position as usize;
                let bytes = content
                    .get(begin..begin + *count as usize)
                    .ok_or("the copied file is too short")?;
                self.write(*to, None, bytes)?;
                if let Some(open) = self.descriptors.get_mut(from) {
                    open.position += count;
                }
            }
            Call::Rename {
                from,
                to,
                exchanges,
            } => {
                let (from, to) = (self.absolute(from), self.absolute(to));
                if !from.starts_with(&self.root) && !to.starts_with(&self.root) {
                    return Ok(());
                }
                let node = self.find(&from).ok_or("the renamed file does not exist")?;
                let target = self.find(&to);
                let (folder, name) = self.parent(&from)?;
                let (target_folder, target_name) = self.parent(&to)?;
                let remains = target.filter(|_| *exchanges);
                self.change(vec![
                    (folder, name, remains),
                    (target_folder, target_name, Some(node)),
                ]);
            }
            Call::Link { from, to } => {
                let (from, to) = (self.absolute(from), self.absolute(to));
                if to.starts_with(&self.root) {
                    let node = self.find(&from).ok_or("the linked file does not exist")?;
                    let (folder, name) = self.parent(&to)?;
                    self.change(vec![(folder, name, Some(node))]);
                }
            }
            Call::Remove(place) => {
                let path = self.absolute(place);
                if path.starts_with(&self.root) {
                    let (folder, name) = self.parent(&path)?;
                    self.change(vec![(folder, name, None)]);
                }
            }
            Call::MakeFolder(place) => {
                let path = self.absolute(place);
                if path.starts_with(&self.root) {
                    let (folder, name) = self.parent(&path)?;
                    let node = self.add(Node::folder());
                    self.change(vec![(folder, name, Some(node))]);
                }
            }
        }
        Ok(())
    }

    fn write(
        &mut self,
        descriptor: i32,
        at: Option<u64>,
        bytes: &[u8],
    ) -> Result<(), &'static str> {
        let Some(open) = self.descriptors.get(&descriptor).cloned() else {
            return Ok(());
        };
        let Some(node) = open.node else {
            return Ok(());
        };
        let content = self.content(node)?;
        let begin = match at {
            Some(at) => at as usize,
            None if open.appends => content.len(),
            None => open.position as usize,
        };
        let end = begin + bytes.len();
        if content.len() < end {
            content.resize(end, 0);
        }
        if let Some(part) = content.get_mut(begin..end) {
            part.copy_from_slice(bytes);
        }
        if at.is_none()
            && let Some(open) = self.descriptors.get_mut(&descriptor)
        {
            open.position = end as u64;
        }
        Ok(())
    }

    fn node_of(&self, descriptor: i32) -> Option<usize> {
        self.descriptors.get(&descriptor)?.node
    }

    fn content(&mut self, node: usize) -> Result<&mut Vec<u8>, &'static str> {
        match self.nodes.get_mut(node) {
            Some(Node::File { content, .. }) => Ok(Rc::make_mut(content)),
            _ => Err("not a file"),
        }
    }

    /// Changes names, and records the change.
    fn change(&mut self, entries: Vec<(usize, String, Option<usize>)>) {
        for (folder, name, node) in &entries {
            if let Some(Node::Folder { names, .. }) = self.nodes.get_mut(*folder) {
                set(names, name, *node);
            }
        }
        self.changes.push(Change {
            entries,
            is_durable: false,
        });
    }

    fn absolute(&self, place: &Place) -> PathBuf {
        let folder = place
            .folder
            .and_then(|number| self.descriptors.get(&number));
        folder.map_or_else(|| place.path.clone(), |open| open.path.join(&place.path))
    }

    fn find(&self, path: &Path) -> Option<usize> {
        let relative = path.strip_prefix(&self.root).ok()?;
        relative
            .components()
            .filter(|part| *part != Component::CurDir)
            .try_fold(ROOT, |folder, part| {
                self.entry(folder, &part.as_os_str().to_string_lossy())
            })
    }

    fn parent(&self, path: &Path) -> Result<(usize, String), &'static str> {
        let folder = path.parent().and_then(|folder| self.find(folder));
        Ok((folder.ok_or("the folder does not exist")?, name_of(path)))
    }

    /// Returns the files as a process sees them.
    pub fn files(&self) -> Tree {
        let mut tree = Tree::new();
        self.collect(ROOT, Path::new(""), &mut |path, node| {
            if let Node::File { content, .. } = node {
                tree.insert(path, content.as_ref().clone());
            }
        });
        tree
    }

    fn collect(&self, folder: usize, path: &Path, visit: &mut dyn FnMut(PathBuf, &Node)) {
        let Some(Node::Folder { names, .. }) = self.nodes.get(folder) else {
            return;
        };
        for (name, number) in names {
            let path = path.join(name);
            if let Some(node) = self.nodes.get(*number) {
                visit(path.clone(), node);
            }
            self.collect(*number, &path, visit);
        }
    }

    /// Returns the files and the folders after a power failure: what is durable, and a random part of the
    /// rest.
    pub fn after_power_failure(mut self, random: &mut Random) -> (Tree, Vec<PathBuf>) {
        for node in &mut self.nodes {
            if let Node::Folder { names, durable } = node {
                names.clone_from(durable);
            }
        }
        // All of the changes that are not durable survive, or none, or those of each folder until a random
        // one.
        let loss = [0, 1, 3, 10].get(random.below(4)).copied().unwrap_or(1);
        let mut stopped: Vec<usize> = Vec::new();
        for change in std::mem::take(&mut self.changes) {
            let folders = || change.entries.iter().map(|(folder, ..)| *folder);
            let is_stopped = folders().any(|folder| stopped.contains(&folder));
            let is_lost = is_stopped || (loss > 0 && random.one_in(loss));
            if is_lost && !change.is_durable {
                stopped.extend(folders());
                continue;
            }
            for (folder, name, node) in &change.entries {
                if let Some(Node::Folder { names, .. }) = self.nodes.get_mut(*folder) {
                    set(names, name, *node);
                }
            }
        }
        for node in &mut self.nodes {
            if let Node::File { content, durable } = node
                && content != durable
            {
                *content = Rc::new(partly_written(content, durable, random));
            }
        }
        let mut tree = Tree::new();
        let mut folders = Vec::new();
        self.collect(ROOT, Path::new(""), &mut |path, node| match node {
            Node::File { content, .. } => drop(tree.insert(path, content.as_ref().clone())),
            Node::Folder { .. } => folders.push(path),
        });
        (tree, folders)
    }
}

impl Node {
    fn folder() -> Self {
        Node::Folder {
            names: BTreeMap::new(),
            durable: BTreeMap::new(),
        }
    }
}

fn set(names: &mut BTreeMap<String, usize>, name: &str, node: Option<usize>) {
    match node {
        Some(node) => drop(names.insert(name.to_owned(), node)),
        None => drop(names.remove(name)),
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Returns the content of a file that was not synced after its last write: the old or the new content, the
/// new one cut, or the new length with zeros instead of the new content.
fn partly_written(content: &[u8], durable: &[u8], random: &mut Random) -> Vec<u8> {
    match random.below(4) {
        0 => content.to_vec(),
        1 => durable.to_vec(),
        2 => {
            let common = durable.len().min(content.len());
            let length = common + random.below(content.len() - common + 1);
            content.get(..length).unwrap_or_default().to_vec()
        }
        _ => {
            let mut zeros = durable.to_vec();
            zeros.resize(content.len(), 0);
            zeros
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::torture::kills::trace;

    /// A run that writes, syncs and renames a file, and syncs the folder if `syncs_folder` is `true`.
    fn steps(syncs_file: bool, syncs_folder: bool) -> Vec<Step> {
        // `/r/a` is written and renamed to `/r/b`.
        let mut text = String::from(
            "1 openat(AT_FDCWD, \"\\x2f\\x72\\x2f\\x61\", O_WRONLY|O_CREAT, 0666) = 3\n\
             1 write(3, \"\\x6e\\x65\\x77\", 3) = 3\n",
        );
        if syncs_file {
            text.push_str("1 fdatasync(3) = 0\n");
        }
        text.push_str(
            "1 close(3) = 0\n\
             1 rename(\"\\x2f\\x72\\x2f\\x61\", \"\\x2f\\x72\\x2f\\x62\") = 0\n\
             1 openat(AT_FDCWD, \"\\x2f\\x72\", O_RDONLY) = 3\n",
        );
        if syncs_folder {
            text.push_str("1 fsync(3) = 0\n");
        }
        trace::parse(Path::new("trace"), &text).unwrap()
    }

    /// Returns the contents of `/r/b`, of which `old` is the first, after 200 power failures.
    fn outcomes(syncs_file: bool, syncs_folder: bool, ignored: Option<&str>) -> Vec<String> {
        let tree = Tree::from([(PathBuf::from("b"), b"old".to_vec())]);
        let mut outcomes: Vec<String> = (0..200)
            .map(|trial| {
                let mut disk = Disk::new(Path::new("/r"), &tree, &[], ignored);
                disk.apply(&steps(syncs_file, syncs_folder)).unwrap();
                let (files, _) = disk.after_power_failure(&mut Random::new(1, trial));
                String::from_utf8(files[Path::new("b")].clone()).unwrap()
            })
            .collect();
        outcomes.sort();
        outcomes.dedup();
        outcomes
    }

    #[test]
    fn a_synced_file_in_a_synced_folder_survives() {
        assert_eq!(outcomes(true, true, None), ["new"]);
        assert_eq!(outcomes(true, false, None), ["new", "old"]);
        let damaged = outcomes(false, true, None);
        assert!(damaged.contains(&"\0\0\0".to_owned()) && damaged.contains(&String::new()));
        assert!(!damaged.contains(&"old".to_owned()));
        assert_eq!(outcomes(true, true, Some("/r/a")), damaged);
    }

    #[test]
    fn the_files_are_those_of_the_process() {
        let mut disk = Disk::new(Path::new("/r"), &Tree::new(), &[], None);
        disk.apply(&steps(false, false)).unwrap();
        let files = disk.files();
        assert_eq!(files, Tree::from([(PathBuf::from("b"), b"new".to_vec())]));
    }
}
