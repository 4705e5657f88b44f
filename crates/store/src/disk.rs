//! Recognition of network disks, where the locks and the shared memory of SQLite do not work reliably.

use std::path::Path;

/// File systems of other computers, as Linux names them. Those that begin with `fuse.` are programs.
const NETWORK_FILE_SYSTEMS: [&str; 28] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "davfs",
    "drvfs",
    "fuse.cephfs",
    "fuse.curlftpfs",
    "fuse.davfs2",
    "fuse.gcsfuse",
    "fuse.glusterfs",
    "fuse.gvfsd-fuse",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.smbnetfs",
    "fuse.sshfs",
    "fuse.vmhgfs-fuse",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "prl_fs",
    "smb3",
    "smbfs",
    "vboxsf",
    "vmhgfs",
];

/// Returns `true` if a folder is on a network disk. Linux lists the file systems; on Windows, such a folder
/// begins with `\\server\share`. On other systems, network disks are not recognised.
pub fn is_on_network(folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else {
        return false;
    };
    if let Some(std::path::Component::Prefix(prefix)) = folder.components().next() {
        use std::path::Prefix;
        return matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..));
    }
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mountinfo") else {
        return false;
    };
    let kind = file_system(&mounts, &folder.to_string_lossy());
    kind.is_some_and(|kind| NETWORK_FILE_SYSTEMS.contains(&kind))
}

/// Returns the file system type of a folder. `mounts` is the text of `/proc/self/mountinfo` (proc(5)).
fn file_system<'a>(mounts: &'a str, folder: &str) -> Option<&'a str> {
    let mut found: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let (before, after) = line.split_once(" - ")?;
        let Some(point) = before.split(' ').nth(4) else {
            continue;
        };
        let point = unescape(point);
        let rest = folder.strip_prefix(point.trim_end_matches('/'));
        let contains = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        // A later line with the same mount point hides the earlier one.
        if contains && found.is_none_or(|(length, _)| point.len() >= length) {
            found = Some((point.len(), after.split(' ').next().unwrap_or_default()));
        }
    }
    found.map(|(_, kind)| kind)
}

/// Replaces the octal escapes of spaces, tabs, line breaks and backslashes.
fn unescape(point: &str) -> String {
    point
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\")
}

/// Returns a name for this computer that no other one on the network has, as far as that can be known.
pub fn computer_name() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let name = [
        read("/proc/sys/kernel/hostname"),
        std::env::var("COMPUTERNAME").unwrap_or_default(),
        std::env::var("HOSTNAME").unwrap_or_default(),
    ]
    .into_iter()
    .map(|name| name.trim().to_owned())
    .find(|name| !name.is_empty());
    let id = read("/etc/machine-id");
    let id: String = id.trim().chars().take(8).collect();
    format!("{} {id}", name.as_deref().unwrap_or("unknown"))
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /mnt/with\\040space rw master:1 - nfs4 nas:/archive rw,vers=4.2
31 22 0:41 / /mnt rw - fuse.sshfs user@host:/ rw
32 31 0:42 / /mnt/disk rw - ext4 /dev/sdb1 rw
33 32 0:43 / /mnt/disk rw - cifs //nas/share rw
";

    #[test]
    fn finds_the_file_system_of_the_innermost_mount_point() {
        let kind = |folder| file_system(MOUNTS, folder);
        assert_eq!(kind("/home/archive"), Some("ext4"));
        assert_eq!(kind("/mnt/with space/archive"), Some("nfs4"));
        assert_eq!(kind("/mnt/other"), Some("fuse.sshfs"));
        assert_eq!(kind("/mntother"), Some("ext4"));
        assert_eq!(kind("/mnt/disk"), Some("cifs"));
        assert_eq!(file_system("", "/"), None);
    }

    #[test]
    fn a_temporary_folder_is_not_on_the_network() {
        assert!(!is_on_network(&std::env::temp_dir()));
        assert!(!computer_name().is_empty());
    }
}
