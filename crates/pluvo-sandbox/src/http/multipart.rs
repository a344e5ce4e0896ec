//! GraphQL multipart requests: operations, a map from parts to variables, and the parts.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures::stream;
use serde_json::Value;

/// A file that came with a request.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    /// What stands in the variables in its place.
    pub(crate) variable: String,
    pub(crate) name: String,
    pub(crate) content: Bytes,
}

/// Reads a request into its `operations`, with a name for each file in the place of the file, and the files.
pub(crate) async fn read(content_type: &str, body: Bytes) -> Result<(Value, Vec<Upload>), String> {
    let boundary = multer::parse_boundary(content_type).map_err(|error| error.to_string())?;
    let body = stream::once(async { Ok::<_, std::convert::Infallible>(body) });
    let mut form = multer::Multipart::new(body, boundary);
    let (mut operations, mut map) = (None, None::<BTreeMap<String, Vec<String>>>);
    let mut uploads = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|error| error.to_string())? {
        let part = field.name().unwrap_or_default().to_owned();
        let name = field.file_name().unwrap_or_default().to_owned();
        let content = field.bytes().await.map_err(|error| error.to_string())?;
        let json = |error: serde_json::Error| format!("{part}: {error}");
        match part.as_str() {
            "operations" => operations = Some(serde_json::from_slice::<Value>(&content).map_err(json)?),
            "map" => map = Some(serde_json::from_slice(&content).map_err(json)?),
            _ => {
                let (Some(operations), Some(map)) = (&mut operations, &map) else {
                    return Err("`operations` and `map` have to come before the files.".to_owned());
                };
                let variable = format!("part {part}");
                let paths = map
                    .get(&part)
                    .ok_or_else(|| format!("`map` has no entry for the part {part}."))?;
                for path in paths {
                    let place = operations.pointer_mut(&format!("/{}", path.replace('.', "/")));
                    match place {
                        Some(place) if place.is_null() => *place = Value::String(variable.clone()),
                        _ => return Err(format!("There is no null at {path}, where a file should go.")),
                    }
                }
                uploads.push(Upload {
                    variable,
                    name,
                    content,
                });
            }
        }
    }
    let operations = operations.ok_or("The form has no part named operations.")?;
    Ok((operations, uploads))
}
