//! Files that were uploaded, or wait for their content.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use super::table::Record;

/// A file. Files that the seed's records refer to are not among them: they have an address and no content.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct File {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) public: bool,
    /// Nothing until it was sent.
    #[serde(serialize_with = "encode", deserialize_with = "decode")]
    pub(crate) content: Option<Vec<u8>>,
}

impl Record for File {
    fn id(&self) -> Uuid {
        self.id
    }
    fn label(&self) -> &str {
        &self.name
    }
}

#[expect(clippy::ref_option, reason = "serde hands it over so")]
fn encode<S: Serializer>(content: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    content
        .as_ref()
        .map(|bytes| STANDARD.encode(bytes))
        .serialize(serializer)
}

fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| STANDARD.decode(text).map_err(serde::de::Error::custom))
        .transpose()
}
