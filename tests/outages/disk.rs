//! A disk so small that it is soon full.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::server::succeed;

/// A file system in memory. It is gone when this is dropped.
pub struct Disk(PathBuf);

impl Disk {
    /// Whether one can be had: whoever runs the tests need not have the right to mount.
    pub fn is_permitted() -> bool {
        let directory = TempDir::new().unwrap();
        let mounted = mount(directory.path(), 1).stderr(Stdio::null()).status();
        let is_mounted = mounted.is_ok_and(|status| status.success());
        if is_mounted {
            drop(Disk(directory.path().to_owned()));
        }
        is_mounted
    }

    pub fn mount(at: &Path, megabytes: u32) -> Self {
        succeed(&mut mount(at, megabytes));
        Disk(at.to_owned())
    }

    /// Leaves nobody any room.
    pub fn fill(&self) {
        let mut ballast = File::options().create(true).append(true).open(self.ballast()).unwrap();
        let full = loop {
            if let Err(error) = ballast.write_all(&[0; 65_536]) {
                break error;
            }
        };
        assert_eq!(full.kind(), ErrorKind::StorageFull);
    }

    /// Undoes that.
    pub fn free(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Processes that are about to end may still have files there.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

fn mount(at: &Path, megabytes: u32) -> Command {
    let mut command = Command::new("mount");
    command.args(["-t", "tmpfs", "-o", &format!("size={megabytes}m,mode=755"), "small"]).arg(at);
    command
}
