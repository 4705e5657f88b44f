//! Starting and running a preview.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use khizana_publish::Viewer;
use khizana_store::config;

use crate::PreviewError;
use crate::config_files::ConfigFolders;
use crate::draft_images::DraftImages;
use crate::publisher::{Publisher, Request, publish_empty};
use crate::reader::{Reader, folder_of};
use crate::server::{self, Context};
use crate::state::Shared;
use crate::stop::StopSignals;
use crate::translations::KnownMessages;
use crate::watcher::{Signal, Watcher};
use crate::workspace::Workspace;

/// Options of a preview.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of the source, or its table.
    pub source: PathBuf,
    /// An archive whose configuration the site has, and with which the source is compared.
    pub archive: Option<PathBuf>,
    /// The address of the server.
    pub address: SocketAddr,
    /// The language of the page: `ar`, `en` or `fr`. The default is the first language of the site.
    pub language: Option<String>,
}

/// A preview that is listening but does not respond to requests yet.
pub struct Preview {
    runtime: tokio::runtime::Runtime,
    signals: StopSignals,
    listener: std::net::TcpListener,
    address: SocketAddr,
    context: Context,
    workspace: Arc<Workspace>,
    stop_reader: Sender<Signal>,
    stop_publisher: Sender<Request>,
}

impl Preview {
    /// Starts to read the source, and listens.
    ///
    /// # Errors
    /// Returns an error if the source or the archive does not exist, the temporary folder cannot be written to, or the
    /// address cannot be used.
    pub fn start(
        options: Options,
        viewer: &'static Viewer<'static>,
    ) -> Result<Preview, PreviewError> {
        let Options {
            source,
            archive,
            address,
            language,
        } = options;
        if let Some(archive) = &archive {
            config::load(archive)?;
        }
        if !source.exists() {
            // The error names the path.
            khizana_source::open(&source)?;
        }
        let unusable = |error| PreviewError::Address { address, error };
        let listener = std::net::TcpListener::bind(address).map_err(unusable)?;
        listener.set_nonblocking(true).map_err(unusable)?;
        let address = listener.local_addr().map_err(unusable)?;

        let runtime = tokio::runtime::Runtime::new().map_err(PreviewError::Stopped)?;
        let signals = {
            let _context = runtime.enter();
            StopSignals::new().map_err(PreviewError::Stopped)?
        };
        let folders = ConfigFolders::new(&source, archive.as_deref());
        let workspace = Arc::new(Workspace::new()?);
        let configuration = folders.read().unwrap_or_default();
        workspace.write_configuration(&configuration, &Vec::new())?;
        let (settings, configuration) = match config::load(&workspace.archive()) {
            Ok(settings) => (settings, configuration),
            Err(_) => {
                // The publisher reports the error.
                workspace.write_default_configuration()?;
                (config::load(&workspace.archive())?, Vec::new())
            }
        };
        workspace.create_store()?;
        let documents = publish_empty(&workspace, viewer)?;
        let shared = Arc::new(Shared::new());
        shared.lock().documents = Some(Arc::new(documents));

        let images = Arc::new(DraftImages::new(workspace.images()));
        let (watcher, stop_reader) = Watcher::new(&folder_of(&source), folders.clone());
        let (requests, receiver) = channel();
        let reader = Reader {
            source: source.clone(),
            archive: archive.map(|archive| (archive, workspace.catalogue())),
            shared: shared.clone(),
            images: images.clone(),
            widths: settings.widths.clone(),
            requests: requests.clone(),
        };
        let publisher = Publisher {
            source,
            config: folders,
            workspace: workspace.clone(),
            viewer,
            shared: shared.clone(),
            configuration,
            collection: None,
            messages: KnownMessages::default(),
        };
        let first = settings.languages.first();
        let language = language.or_else(|| first.cloned());
        // The threads may be busy for long, so nothing waits for their end.
        std::thread::spawn(move || reader.run(watcher));
        std::thread::spawn(move || publisher.run(&receiver));
        Ok(Preview {
            runtime,
            signals,
            listener,
            address,
            context: Context {
                shared,
                images,
                site: workspace.site(),
                address,
                language: language.unwrap_or_else(|| "ar".to_owned()),
            },
            workspace,
            stop_reader,
            stop_publisher: requests,
        })
    }

    /// Returns the address of the page.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, server::PAGE)
    }

    /// Responds to requests until the user ends the preview. Then removes the temporary folder.
    ///
    /// # Errors
    /// Returns an error if the runtime cannot be started or the listener fails.
    pub fn run(self) -> Result<(), PreviewError> {
        let signals = self.signals;
        let result = self.runtime.block_on(async {
            let listener =
                khizana_serve::listener(self.listener).map_err(PreviewError::Stopped)?;
            let app = server::app(Arc::new(self.context));
            tokio::select! {
                served = axum::serve(listener, app).into_future() => served.map_err(PreviewError::Stopped),
                () = signals.received() => Ok(()),
            }
        });
        let _ = self.stop_reader.send(Signal::Stop);
        let _ = self.stop_publisher.send(Request::Stop);
        self.runtime.shutdown_background();
        self.workspace.remove();
        result
    }
}
