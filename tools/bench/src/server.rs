//! The servers with which benchmarks compare.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use xtask::failure::Failure;
use xtask::process;

/// The time in which a server must accept connections.
const START: Duration = Duration::from_secs(60);

/// A running server, which is stopped at the end.
pub struct Server(Child);

impl Server {
    /// Starts a server and waits until it accepts connections on a port.
    pub fn start(mut command: Command, port: u16) -> Result<Server, Failure> {
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().map_err(process::not_started(&command))?;
        let server = Server(child);
        let deadline = Instant::now() + START;
        while TcpStream::connect(("127.0.0.1", port)).is_err() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
