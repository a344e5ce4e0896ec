//! Fields of `Certificate`.

use super::{Call, Node, Resolver, id, maybe_text, text};
use crate::data::certificates::Certificate;

impl<'a> Call<'a> {
    fn certificate(&self) -> &'a Certificate {
        match self.node {
            Node::Certificate(i) => self.store.certificates.get(*i),
            other => unreachable!("{other:?} is not a certificate"),
        }
    }
}

pub(super) fn field(name: &str) -> Option<Resolver> {
    let resolver: Resolver = match name {
        "id" => |c| id(c.certificate().id),
        "name" => |c| text(&c.certificate().name),
        "title" => |c| maybe_text(c.certificate().title.as_deref()),
        _ => return None,
    };
    Some(resolver)
}
