//! Reading JSON objects.

use crate::error::JsonErrorKind;
use crate::from_json::FromJson;
use crate::scanner::Scanner;

impl Scanner<'_> {
    /// Reads an object into `members`.
    ///
    /// `names` has an entry for each element of `members`: the name of the member, and `true` if
    /// the member may be absent. There may be at most 64 members. Unknown members are skipped.
    pub fn object(
        &mut self,
        names: &'static [(&'static str, bool)],
        members: &mut [&mut dyn FromJson],
    ) -> Option<()> {
        // Bit `i` is set once member `i` has been read.
        let mut seen = 0u64;
        self.open(b'{')?;
        while self.next_element(b'}')? {
            let name = self.string()?;
            self.colon()?;
            let index = names.iter().position(|(known, _)| *known == name);
            match index.and_then(|index| Some((index, members.get_mut(index)?, names.get(index)?)))
            {
                Some((index, member, (name, _))) => {
                    if seen & 1 << index != 0 {
                        return self.fail(JsonErrorKind::Duplicate(name));
                    }
                    seen |= 1 << index;
                    member.read(self)?;
                }
                None => self.skip_value()?,
            }
        }
        self.close(b'}')?;
        for (index, (name, is_optional)) in names.iter().enumerate() {
            if !is_optional && seen & 1 << index == 0 {
                return self.fail(JsonErrorKind::Missing(name));
            }
        }
        Some(())
    }

    /// Reads an externally tagged enum: an object with a single member, whose name is one of
    /// `tags`.
    ///
    /// To read the value of the member, calls `read_content` with the index of the tag.
    pub fn tagged(
        &mut self,
        tags: &[&str],
        read_content: impl FnOnce(usize, &mut Self) -> Option<()>,
    ) -> Option<()> {
        self.open(b'{')?;
        if !self.next_element(b'}')? {
            return self.unexpected();
        }
        let name = self.string()?;
        let Some(index) = tags.iter().position(|tag| *tag == name) else {
            return self.unexpected();
        };
        self.colon()?;
        read_content(index, self)?;
        self.close(b'}')
    }
}
