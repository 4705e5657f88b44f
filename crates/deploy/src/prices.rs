//! The prices of providers of object storage.
//!
//! They are list prices in US dollars, without taxes, free quotas and discounts, of the cheapest large region of the
//! provider and its standard class.

/// The year of the prices.
pub const PRICES_AS_OF: &str = "2026";

/// A provider of object storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Amazon S3, and servers with the same interface.
    S3,
    /// Google Cloud Storage.
    Gcs,
    /// Azure Blob Storage.
    Azure,
}

/// The prices of a provider, in millionths of a US dollar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prices {
    /// A request that writes or lists.
    pub write: f64,
    /// A request that reads.
    pub read: f64,
    /// A gigabyte that is stored for a month.
    pub gigabyte_month: f64,
}

impl Provider {
    /// Returns the prices of the provider.
    pub fn prices(self) -> Prices {
        let (write, read, gigabyte_month) = match self {
            Provider::S3 => (5.0, 0.4, 23_000.0),
            Provider::Gcs => (5.0, 0.4, 20_000.0),
            Provider::Azure => (5.0, 0.4, 18_000.0),
        };
        Prices {
            write,
            read,
            gigabyte_month,
        }
    }
}

/// Numbers of requests by their price.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Requests {
    /// Requests that write a file or a part of one.
    pub write: u64,
    /// Requests that list files.
    pub list: u64,
    /// Requests that read a file or its properties.
    pub read: u64,
    /// Requests that delete a file, which cost nothing.
    pub delete: u64,
}

impl std::ops::AddAssign for Requests {
    fn add_assign(&mut self, other: Requests) {
        self.write += other.write;
        self.list += other.list;
        self.read += other.read;
        self.delete += other.delete;
    }
}

impl Prices {
    /// Returns the price of requests in US dollars.
    pub fn of_requests(&self, requests: &Requests) -> f64 {
        let (write, read) = (
            (requests.write + requests.list) as f64,
            requests.read as f64,
        );
        (write * self.write + read * self.read) / 1e6
    }

    /// Returns the price of storing a number of bytes for a month in US dollars.
    pub fn of_storage(&self, bytes: u64) -> f64 {
        bytes as f64 / 1e9 * self.gigabyte_month / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_uploads_to_s3_cost_half_a_cent() {
        let prices = Provider::S3.prices();
        let requests = Requests {
            write: 999,
            list: 1,
            read: 2500,
            delete: 1_000_000,
        };
        assert!((prices.of_requests(&requests) - 0.006).abs() < 1e-9);
        assert!((prices.of_storage(10_000_000_000) - 0.23).abs() < 1e-9);
    }
}
