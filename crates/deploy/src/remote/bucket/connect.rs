//! Connections to providers of object storage, with the credentials of the environment.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use khizana_model::message;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};
use tokio::sync::Semaphore;

use super::{Bucket, profile};
use crate::DeployError;
use crate::prices::Provider;

/// The time in which a server must accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// The time in which a request must end: a part of a large file on a line with 200 kbit/s.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(600);
/// Number of times that a request is repeated after an error of the server or the network.
const RETRIES: usize = 6;

/// The variables of the environment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Returns the variables of the process. Variables that are not Unicode are left out.
    pub(crate) fn of_process() -> Environment {
        let variables = std::env::vars_os();
        let text = variables.filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Environment(text.collect())
    }

    /// Returns the value of a variable that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name).is_some())
    }

    /// Returns the variables whose names begin with `prefix`, with names in lower case.
    fn starting_with(&self, prefix: &str) -> impl Iterator<Item = (String, &str)> {
        let variables = self.0.iter();
        variables
            .filter(move |(name, value)| name.starts_with(prefix) && !value.is_empty())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str()))
    }
}

/// The settings of a connection.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub environment: Environment,
    /// The address of a server with the interface of the provider.
    pub endpoint: Option<String>,
    pub connections: NonZeroUsize,
}

/// Prepares requests to a bucket. `target` is the target as the user wrote it.
pub(crate) fn connect(
    (provider, bucket, prefix): (Provider, &str, &str),
    settings: &Settings,
    target: &str,
) -> Result<Bucket, DeployError> {
    // The same provider as for other connections. It may have been installed before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let store: Result<Arc<dyn ObjectStore>, DeployError> = match provider {
        Provider::S3 => s3(bucket, settings, target).map(|store| Arc::new(store) as _),
        Provider::Gcs => gcs(bucket, settings, target).map(|store| Arc::new(store) as _),
        Provider::Azure => azure(bucket, settings, target).map(|store| Arc::new(store) as _),
    };
    Ok(Bucket {
        store: store?,
        target: target.to_owned(),
        prefix: prefix.to_owned(),
        parts: Arc::new(Semaphore::new(settings.connections.get())),
    })
}

fn client(settings: &Settings, endpoint: Option<&str>) -> ClientOptions {
    ClientOptions::new()
        .with_connect_timeout(CONNECT_TIMEOUT)
        .with_timeout(REQUEST_TIMEOUT)
        .with_pool_max_idle_per_host(settings.connections.get())
        .with_allow_http(endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")))
}

fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig::default(),
        max_retries: RETRIES,
        retry_timeout: REQUEST_TIMEOUT,
    }
}

/// Returns an error about a value that cannot be used, without the value.
fn invalid(name: &str) -> DeployError {
    DeployError::Settings {
        name: name.to_owned(),
        reason: message!("the value cannot be used"),
    }
}

fn s3(
    bucket: &str,
    settings: &Settings,
    target: &str,
) -> Result<impl ObjectStore + use<>, DeployError> {
    let environment = &settings.environment;
    let mut builder = AmazonS3Builder::new();
    for (name, value) in environment.starting_with("AWS_") {
        if let Ok(key) = name.parse::<AmazonS3ConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    let profile = profile::load(environment);
    let of_profile = |name: &str| profile.get(name).filter(|value| !value.is_empty());
    if environment.get("AWS_ACCESS_KEY_ID").is_none() {
        let key = of_profile("aws_access_key_id").zip(of_profile("aws_secret_access_key"));
        let has_other = environment.has_any(&[
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_SKIP_SIGNATURE",
        ]);
        match key {
            Some((id, secret)) => {
                builder = builder
                    .with_access_key_id(id)
                    .with_secret_access_key(secret);
                if let Some(token) = of_profile("aws_session_token") {
                    builder = builder.with_token(token);
                }
            }
            None if has_other => {}
            None => {
                return Err(DeployError::NoCredentials {
                    target: target.to_owned(),
                    expected: "AWS_ACCESS_KEY_ID",
                });
            }
        }
    } else if environment.get("AWS_SECRET_ACCESS_KEY").is_none() {
        return Err(DeployError::NoCredentials {
            target: target.to_owned(),
            expected: "AWS_SECRET_ACCESS_KEY",
        });
    }
    if !environment.has_any(&["AWS_REGION", "AWS_DEFAULT_REGION"])
        && let Some(region) = of_profile("region")
    {
        builder = builder.with_region(region);
    }
    let configured = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];
    let endpoint = settings.endpoint.as_deref().or_else(|| {
        let mut variables = configured.iter();
        variables.find_map(|name| environment.get(name))
    });
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint.trim_end_matches('/'));
    }
    let store = builder
        .with_bucket_name(bucket)
        .with_client_options(client(settings, endpoint))
        .with_retry(retry())
        .build();
    store.map_err(|_| invalid("AWS_*"))
}

fn gcs(
    bucket: &str,
    settings: &Settings,
    target: &str,
) -> Result<impl ObjectStore + use<>, DeployError> {
    let environment = &settings.environment;
    let mut builder = GoogleCloudStorageBuilder::new();
    for (name, value) in environment.starting_with("GOOGLE_") {
        if let Ok(key) = name.parse::<GoogleConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    let of_user = std::env::home_dir()
        .map(|home| home.join(".config/gcloud/application_default_credentials.json"));
    let has_credentials = environment.has_any(&[
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_SERVICE_ACCOUNT",
        "GOOGLE_SERVICE_ACCOUNT_PATH",
        "GOOGLE_SERVICE_ACCOUNT_KEY",
        "GOOGLE_BEARER_TOKEN",
        "GOOGLE_SKIP_SIGNATURE",
    ]) || of_user.is_some_and(|path| path.is_file());
    if !has_credentials {
        return Err(DeployError::NoCredentials {
            target: target.to_owned(),
            expected: "GOOGLE_APPLICATION_CREDENTIALS",
        });
    }
    let endpoint = settings
        .endpoint
        .as_deref()
        .or_else(|| environment.get("GOOGLE_BASE_URL"));
    if let Some(endpoint) = endpoint {
        builder = builder.with_base_url(endpoint.trim_end_matches('/'));
    }
    let store = builder
        .with_bucket_name(bucket)
        .with_client_options(client(settings, endpoint))
        .with_retry(retry())
        .build();
    store.map_err(|_| invalid("GOOGLE_APPLICATION_CREDENTIALS"))
}

fn azure(
    container: &str,
    settings: &Settings,
    target: &str,
) -> Result<impl ObjectStore + use<>, DeployError> {
    let environment = &settings.environment;
    let mut builder = MicrosoftAzureBuilder::new();
    for (name, value) in environment.starting_with("AZURE_") {
        if let Ok(key) = name.parse::<AzureConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    // The names of the command line of Azure.
    let connection = connection_string(environment);
    let value = |key: &str, variable: &'static str| {
        let value = connection.get(key).copied();
        value.or_else(|| environment.get(variable))
    };
    let account = value("AccountName", "AZURE_STORAGE_ACCOUNT");
    if let Some(account) = account {
        builder = builder.with_account(account);
    }
    if let Some(key) = value("AccountKey", "AZURE_STORAGE_KEY") {
        builder = builder.with_access_key(key);
    }
    let has_credentials = connection.contains_key("AccountKey")
        || environment.has_any(&[
            "AZURE_STORAGE_KEY",
            "AZURE_STORAGE_ACCOUNT_KEY",
            "AZURE_STORAGE_ACCESS_KEY",
            "AZURE_STORAGE_SAS_TOKEN",
            "AZURE_STORAGE_SAS_KEY",
            "AZURE_STORAGE_TOKEN",
            "AZURE_STORAGE_USE_EMULATOR",
            "AZURE_CLIENT_SECRET",
            "AZURE_STORAGE_CLIENT_SECRET",
            "AZURE_FEDERATED_TOKEN_FILE",
            "AZURE_USE_AZURE_CLI",
            "AZURE_MSI_ENDPOINT",
        ]);
    if !has_credentials {
        return Err(DeployError::NoCredentials {
            target: target.to_owned(),
            expected: "AZURE_STORAGE_KEY",
        });
    }
    let endpoint = settings
        .endpoint
        .as_deref()
        .or_else(|| connection.get("BlobEndpoint").copied())
        .or_else(|| environment.get("AZURE_STORAGE_ENDPOINT"));
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint.trim_end_matches('/').to_owned());
    }
    let store = builder
        .with_container_name(container)
        .with_client_options(client(settings, endpoint))
        .with_retry(retry())
        .build();
    store.map_err(|_| invalid("AZURE_STORAGE_*"))
}

/// Returns the parts of the connection string of Azure.
fn connection_string(environment: &Environment) -> BTreeMap<&str, &str> {
    let text = environment.get("AZURE_STORAGE_CONNECTION_STRING");
    let parts = text.unwrap_or_default().split(';');
    parts.filter_map(|part| part.split_once('=')).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Settings {
        let variables = variables.iter();
        let mut all: BTreeMap<String, String> = variables
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        // The files of the user who runs the tests are not read.
        for name in ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"] {
            all.entry(name.to_owned())
                .or_insert_with(|| "/nonexistent".to_owned());
        }
        Settings {
            environment: Environment(all),
            endpoint: None,
            connections: NonZeroUsize::MIN,
        }
    }

    fn code(provider: Provider, variables: &[(&str, &str)]) -> Option<&'static str> {
        let connected = connect((provider, "bucket", ""), &settings(variables), "x://bucket");
        connected.err().map(|error| error.code())
    }

    #[test]
    fn missing_credentials_are_reported() {
        let missing = Some("deploy-credentials-missing");
        assert_eq!(code(Provider::S3, &[]), missing);
        assert_eq!(code(Provider::S3, &[("AWS_ACCESS_KEY_ID", "A")]), missing);
        assert_eq!(code(Provider::Azure, &[]), missing);
        let key = [("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "B")];
        assert_eq!(code(Provider::S3, &key), None);
    }

    #[test]
    fn the_credentials_of_a_profile_are_used() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("credentials");
        std::fs::write(&file, "[a]\naws_access_key_id=1\naws_secret_access_key=2\n").unwrap();
        let file = file.to_str().unwrap();
        let profile = |name| [("AWS_SHARED_CREDENTIALS_FILE", file), ("AWS_PROFILE", name)];
        assert_eq!(code(Provider::S3, &profile("a")), None);
        let missing = Some("deploy-credentials-missing");
        assert_eq!(code(Provider::S3, &profile("b")), missing);
    }

    #[test]
    fn invalid_values_are_reported_without_the_value() {
        let settings = settings(&[("GOOGLE_SERVICE_ACCOUNT_KEY", "secret")]);
        let error = connect((Provider::Gcs, "bucket", ""), &settings, "gs://bucket").err();
        let error = error.unwrap();
        assert_eq!(error.code(), "deploy-settings");
        assert!(!format!("{error} {error:?}").contains("secret"));
    }

    #[test]
    fn a_connection_string_has_parts() {
        let settings = settings(&[(
            "AZURE_STORAGE_CONNECTION_STRING",
            "AccountName=a;AccountKey=a2V5YQ==;BlobEndpoint=http://h/a",
        )]);
        let parts = connection_string(&settings.environment);
        assert_eq!(parts.get("AccountKey"), Some(&"a2V5YQ=="));
        assert!(connect((Provider::Azure, "c", ""), &settings, "az://c").is_ok());
    }
}
