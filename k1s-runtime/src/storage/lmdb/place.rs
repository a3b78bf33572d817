//! The directory of a store: created for its owner alone, and refused where LMDB cannot keep its promises.

use std::fs::{DirBuilder, File};
use std::io::{Error as IoError, ErrorKind};
use std::path::{Path, PathBuf};

use super::LmdbOptions;
use crate::storage::{Error, Result};

/// LMDB's file of objects.
pub(super) const DATA: &str = "data.mdb";
/// LMDB's file of locks and readers.
const LOCK: &str = "lock.mdb";
/// How much of a new lock file gets its disk space at once. Less than LMDB asks for, so that its size stays LMDB's choice.
#[cfg(target_os = "linux")]
const LOCK_BYTES: u64 = 64 << 10;

/// Makes the directory ready and returns its canonical path.
pub(super) fn prepare(path: &Path, options: &LmdbOptions) -> Result<PathBuf> {
    let failed = |source| Error::Open { path: path.to_owned(), source };
    if path.exists() && !path.is_dir() {
        return Err(failed(IoError::new(
            ErrorKind::NotADirectory,
            "a file is in the place of its directory",
        )));
    }
    if !options.read_only {
        create(path).map_err(failed)?;
    }
    let path = path.canonicalize().map_err(failed)?;
    if !options.allow_network
        && let Some(name) = network_file_system(&path)
    {
        let text = format!(
            "it is on {name}, over which a store cannot be shared safely; use a local disk, or allow_network if no other machine uses it"
        );
        return Err(failed(IoError::new(ErrorKind::Unsupported, text)));
    }
    if options.read_only && !path.join(DATA).exists() {
        return Err(failed(IoError::new(ErrorKind::NotFound, "there is no store")));
    }
    Ok(path)
}

/// Creates a directory for its owner alone.
pub(super) fn create(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Creates a file for its owner alone, where none is.
pub(super) fn create_file(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the names of new files in the directory durable, and that of the directory.
pub(super) fn sync(directory: &Path) -> std::io::Result<()> {
    if cfg!(unix) {
        File::open(directory)?.sync_all()?;
        if let Some(parent) = directory.parent() {
            // A parent that may not be read is not ours to sync.
            File::open(parent).and_then(|parent| parent.sync_all()).or_else(ignore_denied)?;
        }
    }
    Ok(())
}

fn ignore_denied(error: IoError) -> std::io::Result<()> {
    if error.kind() == ErrorKind::PermissionDenied { Ok(()) } else { Err(error) }
}

/// Gives a new lock file its disk space. LMDB writes to it through a map, which on a full disk ends in a crash instead
/// of an error.
///
/// To be called only when the store is not open in this process: closing any handle of the file drops the locks that this
/// process has on it.
#[cfg(target_os = "linux")]
pub(super) fn reserve_lock(directory: &Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;

    let path = directory.join(LOCK);
    if path.exists() {
        return Ok(());
    }
    let file = match File::options().write(true).create_new(true).mode(0o600).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
        Err(source) => return Err(failure(directory, source)),
    };
    match rustix::fs::fallocate(&file, rustix::fs::FallocateFlags::empty(), 0, LOCK_BYTES) {
        Err(error) if is_full(&error.into()) => {
            let _ = std::fs::remove_file(&path);
            Err(failure(directory, error.into()))
        }
        // File systems that cannot reserve are as good as before.
        _ => Ok(()),
    }
}

/// Nothing is reserved on other systems.
#[cfg(not(target_os = "linux"))]
pub(super) fn reserve_lock(directory: &Path) -> Result<()> {
    let _ = directory.join(LOCK);
    Ok(())
}

/// The error for a failed call of the system.
pub(super) fn failure(directory: &Path, source: IoError) -> Error {
    if is_full(&source) || (source.raw_os_error() == Some(EIO) && no_space_left(directory)) {
        return Error::Full {
            reason: format!("no space is left for {}; free some on its disk", directory.display()),
        };
    }
    if source.raw_os_error() == Some(EIO) && file_size_limit_reached(directory) {
        let reason = format!("{} has reached the limit that this process has for files", directory.display());
        return Error::Full { reason };
    }
    Error::Open { path: directory.to_owned(), source }
}

/// LMDB reports a write that the disk cut short as an input/output error.
const EIO: i32 = 5;

fn is_full(error: &IoError) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

#[cfg(target_os = "linux")]
fn no_space_left(directory: &Path) -> bool {
    rustix::fs::statvfs(directory).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < 1 << 20)
}

/// Whether the data file is within a growth step of what `ulimit -f` allows.
#[cfg(target_os = "linux")]
fn file_size_limit_reached(directory: &Path) -> bool {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Fsize).current;
    let size = std::fs::metadata(directory.join(DATA)).map_or(0, |data| data.len());
    limit.is_some_and(|limit| size.saturating_add(1 << 20) > limit)
}

#[cfg(not(target_os = "linux"))]
fn no_space_left(_directory: &Path) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn file_size_limit_reached(_directory: &Path) -> bool {
    false
}

/// The name of the network file system that a directory is on.
#[cfg(target_os = "linux")]
fn network_file_system(directory: &Path) -> Option<String> {
    let kind = rustix::fs::statfs(directory).ok()?.f_type as u32;
    if kind == FUSE {
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
        return network_mount(&mounts, directory).map(str::to_owned);
    }
    network_name(kind).map(str::to_owned)
}

/// File systems of programs, of which some are on networks.
#[cfg(target_os = "linux")]
const FUSE: u32 = 0x6573_5546;

/// The name of a network file system by its number, which is that of `linux/magic.h`.
#[cfg(any(target_os = "linux", test))]
fn network_name(kind: u32) -> Option<&'static str> {
    Some(match kind {
        0x6969 => "NFS",
        0x517B | 0xFF53_4D42 | 0xFE53_4D42 => "SMB",
        0x5346_414F | 0x6B41_4653 => "AFS",
        0x00C3_6400 => "Ceph",
        0x7375_7245 => "Coda",
        0x0BD0_0BD0 => "Lustre",
        0x4750_4653 => "GPFS",
        0x1983_0326 => "BeeGFS",
        _ => return None,
    })
}

/// The type of the network file system that a directory is mounted from, by the text of `/proc/self/mountinfo`. Only those of
/// programs need be told so; the kernel knows the others by number.
#[cfg(any(target_os = "linux", test))]
fn network_mount<'m>(mounts: &'m str, directory: &Path) -> Option<&'m str> {
    const NETWORKS: [&str; 12] = [
        "sshfs",
        "glusterfs",
        "s3fs",
        "rclone",
        "davfs",
        "cephfs",
        "ceph-fuse",
        "gcsfuse",
        "goofys",
        "curlftpfs",
        "smbnetfs",
        "juicefs",
    ];
    let mount = |line: &'m str| {
        let (mount, source) = line.split_once(" - ")?;
        // Blanks are written in octal.
        let at = mount.split(' ').nth(4)?.replace("\\040", " ");
        directory.starts_with(&at).then_some((at.len(), source.split(' ').next()?))
    };
    // Of mounts on one place the last is seen.
    let (_, kind) = mounts.lines().filter_map(mount).max_by_key(|(length, _)| *length)?;
    let name = kind.strip_prefix("fuse.")?;
    NETWORKS.iter().any(|network| name.starts_with(network)).then_some(name)
}

#[cfg(not(target_os = "linux"))]
fn network_file_system(_directory: &Path) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{network_mount, network_name};

    #[test]
    fn network_file_systems_are_known_by_number() {
        assert_eq!(network_name(0x6969), Some("NFS"));
        assert_eq!(network_name(0xFF53_4D42), Some("SMB"));
        for local in [0xEF53, 0x0102_1994, 0x5846_5342, 0x9123_683E, 0x794C_7630] {
            assert_eq!(network_name(local), None, "ext4, tmpfs, XFS, Btrfs, overlay");
        }
    }

    #[test]
    fn those_of_programs_are_known_by_their_mount() {
        let mounts = "22 1 254:0 / / rw - ext4 /dev/vda rw\n\
            40 22 0:40 / /mnt rw - fuse.ntfs-3g /dev/sdb rw\n\
            41 40 0:41 / /mnt/far\\040away rw - fuse.sshfs far:/ rw\n";
        let kind = |path: &str| network_mount(mounts, Path::new(path));
        assert_eq!(kind("/mnt/far away/store"), Some("sshfs"));
        assert_eq!((kind("/mnt/store"), kind("/home"), kind("/mnt/far")), (None, None, None));
    }
}
