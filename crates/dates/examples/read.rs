//! Reads wordings, one on each line of the standard input, and prints their readings.

fn main() -> std::io::Result<()> {
    for line in std::io::stdin().lines() {
        let line = line?;
        match khizana_dates::read(&line) {
            Some(reading) => {
                let hijri = reading.hijri.map(|hijri| hijri.text);
                println!("{line}\t{}\t{}", reading.text, hijri.unwrap_or_default());
            }
            None => println!("{line}\t\t"),
        }
    }
    Ok(())
}
