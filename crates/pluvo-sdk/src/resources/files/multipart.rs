//! `multipart/form-data`, as far as forms with one file at their end need it.

use bytes::Bytes;
use std::fmt::Write;

/// A form that is being written.
#[derive(Debug, Clone)]
pub(super) struct Form {
    boundary: String,
    text: String,
}

/// A form round a file's content.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) content_type: String,
    /// What comes before the content.
    pub(super) head: Bytes,
    /// What comes after it.
    pub(super) tail: Bytes,
}

impl Form {
    pub(super) fn new() -> Self {
        // Drawn, so that no content has it by chance or by intent.
        let boundary = format!("pluvo-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        Self {
            boundary,
            text: String::new(),
        }
    }

    pub(super) fn field(&mut self, name: &str, value: &str) {
        self.open(name);
        // Writing to a string does not fail.
        let _ = write!(self.text, "\r\n\r\n{value}\r\n");
    }

    /// The last part: the file.
    pub(super) fn file(mut self, name: &str, file_name: &str, media_type: &str) -> Frame {
        self.open(name);
        let _ = write!(
            self.text,
            "; filename=\"{}\"\r\nContent-Type: {media_type}\r\n\r\n",
            escaped(file_name)
        );
        Frame {
            content_type: format!("multipart/form-data; boundary={}", self.boundary),
            head: self.text.into(),
            tail: format!("\r\n--{}--\r\n", self.boundary).into(),
        }
    }

    fn open(&mut self, name: &str) {
        let _ = write!(
            self.text,
            "--{}\r\nContent-Disposition: form-data; name=\"{}\"",
            self.boundary,
            escaped(name)
        );
    }
}

/// As browsers write names.
fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_as_browsers_write_it() {
        let mut form = Form::new();
        form.boundary = "b".into();
        form.field("key", "uploads/1");
        let frame = form.file("file", "a\"\r\nb.txt", "text/plain");
        assert_eq!(frame.content_type, "multipart/form-data; boundary=b");
        assert_eq!(
            frame.head,
            "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nuploads/1\r\n\
             --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22%0D%0Ab.txt\"\r\n\
             Content-Type: text/plain\r\n\r\n"
        );
        assert_eq!(frame.tail, "\r\n--b--\r\n");
    }
}
