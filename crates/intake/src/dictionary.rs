//! Distinct texts, each kept once, numbered in order of first appearance.

use std::hash::BuildHasher as _;
use std::sync::OnceLock;

const FREE: u32 = u32::MAX;

/// Distinct texts in one buffer. Their numbers depend only on the order in which they came, never on the hash, so the
/// hash may be seeded from the process's entropy: nobody can prepare a file whose texts all collide.
#[derive(Debug, Clone)]
pub(crate) struct Dictionary {
    text: String,
    /// Where each entry ends in `text`.
    ends: Vec<usize>,
    hashes: Vec<u32>,
    /// Open addressing with linear probing; a power of two, at most 2/3 full.
    slots: Vec<u32>,
}

impl Dictionary {
    pub(crate) fn new() -> Self {
        Self { text: String::new(), ends: Vec::new(), hashes: Vec::new(), slots: vec![FREE; 16] }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The entry of a number.
    pub(crate) fn get(&self, code: u32) -> &str {
        let code = code as usize;
        let start = if code == 0 { 0 } else { self.ends[code - 1] };
        &self.text[start..self.ends[code]]
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|code| self.get(code as u32))
    }

    /// The number of a text, given now if it is new.
    pub(crate) fn intern(&mut self, entry: &str) -> u32 {
        let hash = hash(entry.as_bytes());
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let code = self.slots[slot];
            if code == FREE {
                break;
            }
            if self.hashes[code as usize] == hash && self.get(code) == entry {
                return code;
            }
            slot = (slot + 1) & mask;
        }
        let code = self.ends.len() as u32;
        self.slots[slot] = code;
        self.text.push_str(entry);
        self.ends.push(self.text.len());
        self.hashes.push(hash);
        if self.ends.len() * 3 > self.slots.len() * 2 {
            self.grow();
        }
        code
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![FREE; mask + 1];
        for (code, &hash) in self.hashes.iter().enumerate() {
            let mut slot = hash as usize & mask;
            while slots[slot] != FREE {
                slot = (slot + 1) & mask;
            }
            slots[slot] = code as u32;
        }
        self.slots = slots;
    }
}

/// Multiply-and-fold over eight bytes at a time, as in the wyhash family (Wang Yi, <https://github.com/wangyi-fudan/wyhash>):
/// the high half of a 64 × 64 bit product mixes every input bit.
fn hash(bytes: &[u8]) -> u32 {
    static SEED: OnceLock<u64> = OnceLock::new();
    let seed = *SEED.get_or_init(|| std::hash::RandomState::new().hash_one(0_u64) | 1);
    let fold = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        (product as u64) ^ (product >> 64) as u64
    };
    let mut state = seed ^ (bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (words, tail) = bytes.as_chunks::<8>();
    for word in words {
        state = fold(state ^ u64::from_le_bytes(*word), 0xA076_1D64_78BD_642F ^ seed);
    }
    let mut last = 0;
    for &byte in tail {
        last = last << 8 | u64::from(byte);
    }
    state = fold(state ^ last, 0xE703_7ED1_A0B4_28DB ^ seed);
    (state ^ state >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        #[test]
        fn it_is_a_map_of_first_appearances(texts in proptest::collection::vec("[ab]{0,3}|.{0,20}", 0..300)) {
            let (mut ours, mut model) = (Dictionary::new(), HashMap::new());
            for text in &texts {
                let next = model.len() as u32;
                let expected = *model.entry(text.clone()).or_insert(next);
                prop_assert_eq!(ours.intern(text), expected);
                prop_assert_eq!(ours.get(expected), text.as_str());
            }
            prop_assert_eq!(ours.len(), model.len());
        }
    }

    #[test]
    fn many_entries_grow_it() {
        let mut dictionary = Dictionary::new();
        for number in 0..50_000_u32 {
            assert_eq!(dictionary.intern(&number.to_string()), number);
        }
        assert_eq!(dictionary.intern("49999"), 49_999);
        assert_eq!(dictionary.iter().len(), 50_000);
    }
}
