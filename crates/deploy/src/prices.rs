//! The prices of providers of object storage.
//!
//! They are list prices in US dollars, without taxes, free quotas and discounts, of the cheapest large region of the
//! provider and its standard class.

use khizana_model::{Message, message};

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

/// A kind of hosting with its prices, in millionths of a US dollar.
#[derive(Debug, Clone, Copy)]
pub struct Hosting {
    /// The name of the kind.
    pub name: fn() -> Message,
    /// The product whose prices are used.
    pub product: &'static str,
    /// The page from which the prices were taken.
    pub source: &'static str,
    /// The date of that page.
    pub as_of: &'static str,
    prices: Prices,
    /// A gigabyte that is sent to visitors.
    gigabyte_sent: f64,
    /// The price of a month with everything else.
    month: f64,
    /// Gigabytes that are included in the price of the month.
    included: Option<f64>,
}

/// The kinds of hosting that an estimate compares.
pub const HOSTINGS: [Hosting; 3] = [
    Hosting {
        name: || message!("object storage that charges for traffic"),
        product: "Amazon S3 Standard",
        source: "https://aws.amazon.com/s3/pricing/ (as quoted by third parties)",
        as_of: "2026",
        prices: Prices {
            write: 5.0,
            read: 0.4,
            gigabyte_month: 23_000.0,
        },
        gigabyte_sent: 90_000.0,
        month: 0.0,
        included: None,
    },
    Hosting {
        name: || message!("object storage that does not charge for traffic"),
        product: "Cloudflare R2 Standard",
        source: "https://developers.cloudflare.com/r2/pricing/",
        as_of: "2026-06-13",
        prices: Prices {
            write: 4.5,
            read: 0.36,
            gigabyte_month: 15_000.0,
        },
        gigabyte_sent: 0.0,
        month: 0.0,
        included: None,
    },
    Hosting {
        name: || message!("small rented server with nginx"),
        product: "Hetzner CX23, 40 GB, 20 TB of traffic, at 1.16 US dollars per euro",
        source: "https://www.hetzner.com/cloud (as quoted by third parties)",
        as_of: "early 2026",
        prices: Prices {
            write: 0.0,
            read: 0.0,
            gigabyte_month: 0.0,
        },
        gigabyte_sent: 0.0,
        month: 4_050_000.0,
        included: Some(36.0),
    },
];

impl Hosting {
    /// Returns the price of the first upload in US dollars.
    pub fn of_upload(&self, files: u64) -> f64 {
        let requests = Requests {
            write: files,
            ..Requests::default()
        };
        self.prices.of_requests(&requests)
    }

    /// Returns the price of a month in US dollars, with a number of requests by visitors and of bytes sent to them. Returns
    /// `None` if the site does not fit.
    pub fn of_month(&self, bytes: u64, requests: u64, sent: u64) -> Option<f64> {
        if self
            .included
            .is_some_and(|included| bytes as f64 / 1e9 > included)
        {
            return None;
        }
        let requests = Requests {
            read: requests,
            ..Requests::default()
        };
        let sent = sent as f64 / 1e9 * self.gigabyte_sent / 1e6;
        let fixed = self.month / 1e6;
        Some(self.prices.of_storage(bytes) + self.prices.of_requests(&requests) + sent + fixed)
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

    #[test]
    fn traffic_dominates_where_it_is_charged() {
        let [charged, free, server] = HOSTINGS;
        let gigabyte = 1_000_000_000;
        // 10 GB stored, a million requests, 100 GB sent.
        let month = |hosting: &Hosting, stored| hosting.of_month(stored, 1_000_000, 100 * gigabyte);
        let costs = [&charged, &free, &server].map(|hosting| month(hosting, 10 * gigabyte));
        assert!((costs[0].unwrap_or_default() - 9.63).abs() < 1e-9);
        assert!((costs[1].unwrap_or_default() - 0.51).abs() < 1e-9);
        assert!((costs[2].unwrap_or_default() - 4.05).abs() < 1e-9);
        assert_eq!(month(&server, 50 * gigabyte), None);
        assert!((free.of_upload(1_000_000) - 4.5).abs() < 1e-9);
    }
}
