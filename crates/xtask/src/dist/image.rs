//! Container images in the OCI image layout.

use std::io;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::commit::Date;
use super::package_file::PackageFile;
use super::sums::hex;
use super::tarball::{gzip, tar};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// The image of one processor.
pub struct ProcessorImage {
    /// The name of the processor in OCI images.
    pub processor: &'static str,
    /// The files of the image.
    pub files: Vec<PackageFile>,
}

/// Returns the files of an OCI image layout with an image for each processor. Its name is `version`.
///
/// # Errors
///
/// Returns an error if a path is too long for a tar archive.
pub fn layout(
    images: &[ProcessorImage],
    version: &str,
    commit: &str,
    date: &Date,
) -> io::Result<Vec<PackageFile>> {
    let mut blobs = Blobs::default();
    let mut manifests = Vec::new();
    for image in images {
        let processor = image.processor;
        let layer = tar(&image.files, date.seconds)?;
        let diff_id = digest(&layer);
        let config = json!({
            "created": date.text,
            "architecture": processor,
            "os": "linux",
            "config": {
                "Entrypoint": ["/usr/bin/khizana"],
                "Env": ["PATH=/usr/bin"],
                "WorkingDir": "/data",
                "Labels": {
                    "org.opencontainers.image.title": "khizana",
                    "org.opencontainers.image.version": version,
                    "org.opencontainers.image.revision": commit,
                    "org.opencontainers.image.licenses": "Apache-2.0 OR MIT",
                },
            },
            "rootfs": { "type": "layers", "diff_ids": [diff_id] },
            "history": [{ "created": date.text, "created_by": "cargo xtask dist" }],
        });
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": blobs.add(CONFIG, config.to_string().into_bytes()),
            "layers": [blobs.add(LAYER, gzip(&layer)?)],
        });
        let mut descriptor = blobs.add(MANIFEST, manifest.to_string().into_bytes());
        insert(
            &mut descriptor,
            "platform",
            json!({ "architecture": processor, "os": "linux" }),
        );
        manifests.push(descriptor);
    }
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
    let mut descriptor = blobs.add(INDEX, index.to_string().into_bytes());
    insert(
        &mut descriptor,
        "annotations",
        json!({ "org.opencontainers.image.ref.name": version }),
    );
    let root = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [descriptor] });

    let mut files = blobs.files;
    let version = json!({ "imageLayoutVersion": "1.0.0" });
    files.push(PackageFile::new("oci-layout", version.to_string()));
    files.push(PackageFile::new("index.json", root.to_string()));
    Ok(files)
}

fn insert(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

fn digest(content: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(content)))
}

/// The content of an image layout, named by its hash.
#[derive(Default)]
struct Blobs {
    files: Vec<PackageFile>,
}

impl Blobs {
    /// Adds content, and returns its descriptor.
    fn add(&mut self, media_type: &str, content: Vec<u8>) -> Value {
        let digest = digest(&content);
        let descriptor =
            json!({ "mediaType": media_type, "digest": digest, "size": content.len() });
        let path = format!("blobs/{}", digest.replace(':', "/"));
        if self.files.iter().all(|file| file.path != path) {
            self.files.push(PackageFile::new(path, content));
        }
        descriptor
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_lead_from_the_index_to_the_layer_of_each_processor() {
        let image = |processor| ProcessorImage {
            processor,
            files: vec![PackageFile::program("usr/bin/khizana", processor)],
        };
        let date = Date {
            seconds: 7,
            text: "1970-01-01T00:00:07Z".into(),
        };
        let images = [image("amd64"), image("arm64")];
        let files = layout(&images, "1.2.3", "abc", &date).unwrap();
        assert_eq!(files, layout(&images, "1.2.3", "abc", &date).unwrap());

        let read = |path: &str| {
            let file = files.iter().find(|file| file.path == path).unwrap();
            serde_json::from_slice::<Value>(&file.content).unwrap()
        };
        let blob = |descriptor: &Value| {
            let digest = descriptor.get("digest").unwrap().as_str().unwrap();
            format!("blobs/{}", digest.replace(':', "/"))
        };
        let root = read("index.json");
        let index = read(&blob(root.pointer("/manifests/0").unwrap()));
        for (number, processor) in ["amd64", "arm64"].into_iter().enumerate() {
            let descriptor = index.pointer(&format!("/manifests/{number}")).unwrap();
            assert_eq!(
                descriptor.pointer("/platform/architecture").unwrap(),
                processor
            );
            let manifest = read(&blob(descriptor));
            let config = read(&blob(manifest.get("config").unwrap()));
            assert_eq!(config.get("architecture").unwrap(), processor);
            let layer = blob(manifest.pointer("/layers/0").unwrap());
            let layer = files.iter().find(|file| file.path == layer).unwrap();
            let mut bytes = Vec::new();
            let mut decoder = flate2::read::GzDecoder::new(layer.content.as_slice());
            io::Read::read_to_end(&mut decoder, &mut bytes).unwrap();
            assert_eq!(
                config.pointer("/rootfs/diff_ids/0").unwrap(),
                digest(&bytes).as_str()
            );
        }
    }
}
