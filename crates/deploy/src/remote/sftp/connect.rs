//! The connection to an SSH server: its key, and the keys of the user.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use russh::client::{self, AuthResult, Handle};
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::known_hosts::known_host_keys_path;
use russh::keys::{
    Algorithm, HashAlg, PrivateKeyWithHashAlg, PublicKey, PublicKeyOrCertificate, load_secret_key,
};
use russh_sftp::client::{Config as SftpConfig, RawSftpSession};

use super::client::{Client, RENAME};
use crate::DeployError;
use crate::error::Answer;
use crate::target::SftpTarget;

/// The time in which a server must accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// The time without an answer after which the connection is checked.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// The time in seconds in which a request must be answered, which waits for the requests before it.
const REQUEST_TIMEOUT: u64 = 300;

/// The private keys of a user, in the order of `ssh`.
const KEY_FILES: [&str; 3] = ["id_ed25519", "id_ecdsa", "id_rsa"];

/// The known keys of servers, and the error about the key of this one.
pub(super) struct Handler {
    host: String,
    known: Vec<(usize, PublicKey)>,
    rejected: Arc<Mutex<Option<DeployError>>>,
}

impl client::Handler for Handler {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        server_key: &PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        let error = check_key(&self.host, &self.known, &server_key.public_key());
        let is_known = error.is_none();
        *self.rejected.lock().unwrap_or_else(PoisonError::into_inner) = error;
        Ok(is_known)
    }
}

/// Compares the key of a server with the known ones. Returns an error if it is not one of them.
fn check_key(host: &str, known: &[(usize, PublicKey)], key: &PublicKey) -> Option<DeployError> {
    if known
        .iter()
        .any(|(_, known)| known.key_data() == key.key_data())
    {
        return None;
    }
    let (host, fingerprint) = (
        host.to_owned(),
        key.fingerprint(HashAlg::Sha256).to_string(),
    );
    let same = known
        .iter()
        .find(|(_, known)| known.algorithm() == key.algorithm());
    Some(match same {
        Some((line, _)) => DeployError::HostChanged {
            host,
            fingerprint,
            line: *line,
        },
        None => DeployError::HostUnknown { host, fingerprint },
    })
}

/// Returns the folder `~/.ssh`.
fn ssh_folder() -> Option<PathBuf> {
    std::env::home_dir().map(|home| home.join(".ssh"))
}

/// Returns the known keys of a server.
fn known_keys(target: &SftpTarget) -> Vec<(usize, PublicKey)> {
    let of_user = ssh_folder().map(|folder| folder.join("known_hosts"));
    let of_system = PathBuf::from("/etc/ssh/ssh_known_hosts");
    let files = of_user.into_iter().chain([of_system]);
    files
        .filter_map(|file| known_host_keys_path(&target.host, target.port, file).ok())
        .flatten()
        .collect()
}

/// Connects to a server, and opens a session of SFTP. `shown` is the target as the user wrote it.
pub(super) async fn connect(target: &SftpTarget, shown: &str) -> Result<Client, DeployError> {
    let unreachable = |reason: String| DeployError::Unreachable {
        target: shown.to_owned(),
        reason,
    };
    let host = match target.port {
        22 => target.host.clone(),
        port => format!("[{}]:{port}", target.host),
    };
    let known = known_keys(target);
    let mut config = client::Config {
        keepalive_interval: Some(KEEPALIVE),
        nodelay: true,
        ..client::Config::default()
    };
    config.preferred.key = preferred_keys(&known, &config.preferred.key);
    let rejected = Arc::new(Mutex::new(None));
    let handler = Handler {
        host,
        known,
        rejected: rejected.clone(),
    };
    let address = (target.host.as_str(), target.port);
    let connecting = client::connect(Arc::new(config), address, handler);
    let connected = tokio::time::timeout(CONNECT_TIMEOUT, connecting).await;
    if let Some(error) = rejected
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take()
    {
        return Err(error);
    }
    let mut connection = connected
        .map_err(|error| unreachable(error.to_string()))?
        .map_err(|error| unreachable(error.to_string()))?;
    authenticate(&mut connection, target, shown).await?;

    let failed = |error: russh::Error| unreachable(error.to_string());
    let channel = connection.channel_open_session().await.map_err(failed)?;
    channel
        .request_subsystem(true, "sftp")
        .await
        .map_err(failed)?;
    let config = SftpConfig {
        request_timeout_secs: REQUEST_TIMEOUT,
        ..SftpConfig::default()
    };
    let session = RawSftpSession::new_with_config(channel.into_stream(), config);
    let version = session
        .init()
        .await
        .map_err(|error| unreachable(error.to_string()))?;
    let can_replace = version.extensions.contains_key(RENAME);
    Ok(Client::new(
        session,
        connection,
        (shown, &target.path),
        can_replace,
    ))
}

/// Returns the algorithms of the keys of servers. Those of the known keys come first, so that a server which has
/// several keys presents one that is known.
fn preferred_keys(
    known: &[(usize, PublicKey)],
    defaults: &[Algorithm],
) -> Cow<'static, [Algorithm]> {
    let is_known = |algorithm: &&Algorithm| {
        let mut keys = known.iter();
        keys.any(|(_, key)| match (key.algorithm(), algorithm) {
            (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }) => true,
            (known, algorithm) => known == **algorithm,
        })
    };
    let (mut first, others): (Vec<Algorithm>, Vec<Algorithm>) = defaults
        .iter()
        .cloned()
        .partition(|algorithm| is_known(&algorithm));
    first.extend(others);
    first.into()
}

/// Proves the identity of the user with the keys of the agent, or else with those in `~/.ssh`.
async fn authenticate(
    connection: &mut Handle<Handler>,
    target: &SftpTarget,
    shown: &str,
) -> Result<(), DeployError> {
    let of_system = || {
        let variables = ["USER", "LOGNAME", "USERNAME"];
        let mut names = variables.iter();
        names.find_map(|name| std::env::var(name).ok())
    };
    let user = target.user.clone().or_else(of_system).unwrap_or_default();
    let failed = |error: russh::Error| DeployError::Unreachable {
        target: shown.to_owned(),
        reason: error.to_string(),
    };
    let rsa_hash = connection
        .best_supported_rsa_hash()
        .await
        .map_err(failed)?
        .flatten();
    let mut has_key = false;
    if authenticate_with_agent(connection, &user, rsa_hash, &mut has_key).await {
        return Ok(());
    }
    for name in KEY_FILES {
        let Some(path) = ssh_folder().map(|folder| folder.join(name)) else {
            continue;
        };
        // A key with a passphrase is used through an agent.
        let Ok(key) = load_secret_key(path, None) else {
            continue;
        };
        has_key = true;
        let key = PrivateKeyWithHashAlg::new(Arc::new(key), rsa_hash);
        let result = connection.authenticate_publickey(&user, key).await;
        if let AuthResult::Success = result.map_err(failed)? {
            return Ok(());
        }
    }
    if !has_key {
        return Err(DeployError::NoCredentials {
            target: shown.to_owned(),
            expected: "~/.ssh/id_ed25519",
        });
    }
    Err(DeployError::Rejected(Answer {
        target: shown.to_owned(),
        path: String::new(),
        code: "publickey".to_owned(),
    }))
}

/// Proves the identity of the user with the keys of the agent. Returns `false` if there is none, or the server accepts
/// none of its keys.
#[cfg(unix)]
async fn authenticate_with_agent(
    connection: &mut Handle<Handler>,
    user: &str,
    rsa_hash: Option<HashAlg>,
    has_key: &mut bool,
) -> bool {
    let Ok(mut agent) = AgentClient::connect_env().await else {
        return false;
    };
    let identities = agent.request_identities().await.unwrap_or_default();
    for identity in identities {
        let AgentIdentity::PublicKey { key, .. } = identity else {
            continue;
        };
        *has_key = true;
        let result = connection
            .authenticate_publickey_with(user, key, rsa_hash, &mut agent)
            .await;
        if let Ok(AuthResult::Success) = result {
            return true;
        }
    }
    false
}

/// Returns `false`: the agent of Windows is not supported.
#[cfg(not(unix))]
async fn authenticate_with_agent(
    _connection: &mut Handle<Handler>,
    _user: &str,
    _rsa_hash: Option<HashAlg>,
    _has_key: &mut bool,
) -> bool {
    false
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const KEYS: [&str; 2] = [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA6rWI3G1sz07DnfFlrouTcysQlj2P+jpNSOEWD9OJ3X",
    ];

    #[test]
    fn unknown_and_changed_keys_of_servers_are_distinguished() {
        let [a, b] = KEYS.map(|key| PublicKey::from_openssh(key).unwrap());
        let code =
            |known: &[(usize, PublicKey)]| check_key("h", known, &a).map(|error| error.code());
        assert_eq!(code(&[]), Some("deploy-host-unknown"));
        assert_eq!(code(&[(3, b.clone())]), Some("deploy-host-changed"));
        assert_eq!(code(&[(3, b), (4, a.clone())]), None);
    }
}
