//! Files that are there whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A file that is written under another name in the same folder and renamed at the end. Dropped before that, it leaves
/// nothing behind, and what stood at its place before stays as it was.
pub(crate) struct Aside {
    /// None where the place is a device or a pipe, which is written straight.
    temporary: Option<NamedTempFile>,
    file: File,
    place: PathBuf,
}

impl Aside {
    pub(crate) fn new(place: &Path) -> io::Result<Self> {
        // Through a symbolic link to what it points to: the link is to stay.
        let place = fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
        let before = fs::metadata(&place).ok();
        if before.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
        }
        if before.as_ref().is_some_and(|before| !before.is_file()) {
            let file = File::options().write(true).open(&place)?;
            return Ok(Self {
                temporary: None,
                file,
                place,
            });
        }
        let folder = match place.parent() {
            Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
            Some(folder) => folder,
            None => return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file name")),
        };
        let mut builder = Builder::new();
        builder.prefix(".pluvo-").suffix(".part");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any other program would make it, within the user's mask.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let temporary = builder.tempfile_in(folder)?;
        if let Some(before) = before {
            fs::set_permissions(temporary.path(), before.permissions())?;
        }
        Ok(Self {
            file: temporary.as_file().try_clone()?,
            temporary: Some(temporary),
            place,
        })
    }

    /// A handle to write through.
    pub(crate) fn writer(&self) -> io::Result<impl Write + Send + 'static> {
        Ok(io::BufWriter::with_capacity(1 << 18, self.file.try_clone()?))
    }

    /// Puts it into its place, and tells its size.
    pub(crate) fn put(self) -> io::Result<u64> {
        let size = self.file.metadata()?.len();
        if let Some(temporary) = self.temporary {
            self.file.sync_all()?;
            temporary.persist(&self.place).map_err(|error| error.error)?;
        }
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn it_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("users.csv");
        fs::write(&place, "before").unwrap();
        let given_up = Aside::new(&place).unwrap();
        given_up.writer().unwrap().write_all(b"half").unwrap();
        drop(given_up);
        assert_eq!(fs::read_to_string(&place).unwrap(), "before");
        assert_eq!(names(folder.path()), ["users.csv"]);

        let finished = Aside::new(&place).unwrap();
        let mut writer = finished.writer().unwrap();
        writer.write_all(b"after").unwrap();
        writer.flush().unwrap();
        assert_eq!(finished.put().unwrap(), 5);
        assert_eq!(fs::read_to_string(&place).unwrap(), "after");
        assert_eq!(names(folder.path()), ["users.csv"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_modes_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        Aside::new(&link).unwrap().put().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn what_is_no_place_for_a_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            Aside::new(folder.path()).err().unwrap().kind(),
            io::ErrorKind::IsADirectory
        );
        let nowhere = folder.path().join("none").join("x");
        assert_eq!(
            Aside::new(&nowhere).err().unwrap().kind(),
            io::ErrorKind::NotFound
        );
    }
}
