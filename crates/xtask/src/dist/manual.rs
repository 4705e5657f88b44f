//! Manual pages and completions, made from the arguments of the program.

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use khizana_args::Args;

use super::package_file::PackageFile;
use crate::failure::Failure;

/// Returns the manual pages of the program and of its commands, named `khizana.1`, `khizana-ingest.1` and so on.
pub fn pages() -> Result<Vec<PackageFile>, Failure> {
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    add_pages(&command, &mut pages)?;
    Ok(pages)
}

fn add_pages(command: &Command, pages: &mut Vec<PackageFile>) -> Result<(), Failure> {
    // Without this, the introduction of the help would be missing, which `Man` does not render.
    let mut page_command = command.clone();
    if let Some(guide) = command.get_before_help() {
        page_command = page_command.after_long_help(guide.clone());
    }
    let page = Man::new(page_command).manual("Khizana Manual");
    let name = page.get_filename();
    let mut content = Vec::new();
    page.render(&mut content)
        .map_err(Failure::file(name.as_ref()))?;
    pages.push(PackageFile::new(name, content));
    for subcommand in command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        add_pages(subcommand, pages)?;
    }
    Ok(())
}

/// Returns the completions for a shell.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut content = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "khizana", &mut content);
    content
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_program_and_each_command_have_a_page() {
        let pages = pages().unwrap();
        let page = |name: &str| {
            let page = pages.iter().find(|page| page.path == name).unwrap();
            String::from_utf8(page.content.clone()).unwrap()
        };
        assert!(page("khizana.1").contains("khizana publish"));
        assert!(page("khizana-ingest.1").contains("accept\\-state"));
        assert!(page("khizana-pack-inspect.1").contains("tiles.pack"));
    }

    #[test]
    fn completions_contain_the_commands() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell] {
            let text = String::from_utf8(completions(shell)).unwrap();
            assert!(text.contains("publish"), "{shell}");
        }
    }
}
