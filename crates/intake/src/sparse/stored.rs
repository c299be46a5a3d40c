//! A zip whose members are stored as they are, two of them written at the same time.
//!
//! The sizes of all members are known before their bytes, so every header can be written where it will stand; only the
//! checksums come afterwards. (The zip library writes one member after the other, which for a matrix would mean to write
//! its row numbers twice.) Format: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

/// The archive, and its members so far.
#[derive(Debug)]
pub(super) struct Stored {
    file: File,
    next: u64,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: &'static str,
    at: u64,
    size: u64,
    checksum: u32,
}

/// A member that is being written.
#[derive(Debug)]
pub(super) struct Member {
    file: File,
    place: usize,
    left: u64,
    buffer: Vec<u8>,
    checksum: crc32fast::Hasher,
    /// From where on what was written may still be in memory, and where it ends.
    kept: std::ops::Range<u64>,
}

/// Bytes that are gathered before they go on.
const BUFFER: usize = 1 << 20;

/// Bytes after which what was written is brought to the disk and let go. Else the system keeps gigabytes in memory that
/// nobody reads, at the cost of what others keep there; and asking for that much memory takes longer than the disk.
const LET_GO: u64 = 32 << 20;

impl Stored {
    pub(super) fn new(file: File) -> Self {
        Self { file, next: 0, entries: Vec::new() }
    }

    /// A member that is there in full.
    pub(super) fn add(&mut self, name: &'static str, bytes: &[u8]) -> io::Result<()> {
        let checksum = crc32fast::hash(bytes);
        let header = self.enter(name, bytes.len() as u64, checksum);
        self.file.write_all(&header)?;
        self.file.write_all(bytes)
    }

    /// A member whose bytes come later, through a file of its own that was opened on the same path.
    pub(super) fn member(&mut self, name: &'static str, size: u64, mut file: File) -> io::Result<Member> {
        let at = self.next;
        let header = self.enter(name, size, 0);
        file.seek(SeekFrom::Start(at))?;
        file.write_all(&header)?;
        let begin = at + header.len() as u64;
        let place = self.entries.len() - 1;
        let buffer = Vec::with_capacity(BUFFER + 4096);
        Ok(Member { file, place, left: size, buffer, checksum: crc32fast::Hasher::new(), kept: begin..begin })
    }

    fn enter(&mut self, name: &'static str, size: u64, checksum: u32) -> Vec<u8> {
        let entry = Entry { name, at: self.next, size, checksum };
        let header = entry.header();
        self.next += header.len() as u64 + size;
        self.entries.push(entry);
        header
    }

    /// Ends the archive, flushed to the disk. The members must be whole.
    pub(super) fn finish<const N: usize>(mut self, members: [Member; N]) -> io::Result<()> {
        for mut member in members {
            member.pour()?;
            if member.left > 0 {
                return Err(super::not_as_announced());
            }
            let entry = &mut self.entries[member.place];
            entry.checksum = member.checksum.finalize();
            self.file.seek(SeekFrom::Start(entry.at))?;
            self.file.write_all(&entry.header())?;
        }
        let mut tail = Vec::new();
        for entry in &self.entries {
            entry.list(&mut tail);
        }
        let (count, length) = (self.entries.len() as u64, tail.len() as u64);
        // The end in 64 bits, where to find it, and the end that every reader looks for.
        tail.extend_from_slice(b"PK\x06\x06");
        put(&mut tail, &[44_u64]);
        tail.extend_from_slice(&[VERSION, 0, VERSION, 0]);
        tail.extend_from_slice(&[0; 8]);
        put(&mut tail, &[count, count, length, self.next]);
        tail.extend_from_slice(b"PK\x06\x07\0\0\0\0");
        put(&mut tail, &[self.next + length]);
        tail.extend_from_slice(&[1, 0, 0, 0]);
        tail.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        tail.extend_from_slice(&[0xff; 12]);
        tail.extend_from_slice(&[0; 2]);
        self.file.seek(SeekFrom::Start(self.next))?;
        self.file.write_all(&tail)?;
        self.file.sync_all()
    }
}

/// The version of the format that has sizes of 64 bits: 4.5.
const VERSION: u8 = 45;
/// 1980-01-01, the first day there is.
const DATE: [u8; 4] = [0, 0, 0x21, 0];

impl Entry {
    fn header(&self) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend_from_slice(&[VERSION, 0, 0, 0, 0, 0]);
        bytes.extend_from_slice(&DATE);
        bytes.extend_from_slice(&self.checksum.to_le_bytes());
        bytes.extend_from_slice(&[0xff; 8]);
        bytes.extend_from_slice(&(self.name.len() as u16).to_le_bytes());
        bytes.extend_from_slice(&[20, 0]);
        bytes.extend_from_slice(self.name.as_bytes());
        bytes.extend_from_slice(&[1, 0, 16, 0]);
        put(&mut bytes, &[self.size, self.size]);
        bytes
    }

    fn list(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(b"PK\x01\x02");
        // Made on Unix, so that the permissions below mean something.
        bytes.extend_from_slice(&[VERSION, 3, VERSION, 0, 0, 0, 0, 0]);
        bytes.extend_from_slice(&DATE);
        bytes.extend_from_slice(&self.checksum.to_le_bytes());
        bytes.extend_from_slice(&[0xff; 8]);
        bytes.extend_from_slice(&(self.name.len() as u16).to_le_bytes());
        bytes.extend_from_slice(&[28, 0]);
        bytes.extend_from_slice(&[0; 6]);
        bytes.extend_from_slice(&(0o100_644_u32 << 16).to_le_bytes());
        bytes.extend_from_slice(&[0xff; 4]);
        bytes.extend_from_slice(self.name.as_bytes());
        bytes.extend_from_slice(&[1, 0, 24, 0]);
        put(bytes, &[self.size, self.size, self.at]);
    }
}

fn put(bytes: &mut Vec<u8>, numbers: &[u64]) {
    numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
}

impl Member {
    fn pour(&mut self) -> io::Result<()> {
        self.checksum.update(&self.buffer);
        self.file.write_all(&self.buffer)?;
        self.kept.end += self.buffer.len() as u64;
        self.buffer.clear();
        if self.kept.end - self.kept.start >= LET_GO { self.let_go() } else { Ok(()) }
    }

    fn let_go(&mut self) -> io::Result<()> {
        self.file.sync_data()?;
        #[cfg(target_os = "linux")]
        if let Some(length) = std::num::NonZeroU64::new(self.kept.end - self.kept.start) {
            // It is advice; a system that does not take it does no harm.
            let _ =
                rustix::fs::fadvise(&self.file, self.kept.start, Some(length), rustix::fs::Advice::DontNeed);
        }
        self.kept.start = self.kept.end;
        Ok(())
    }

    /// Adds bytes; more than were announced are an error.
    pub(super) fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or_else(super::not_as_announced)?;
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER { self.pour() } else { Ok(()) }
    }
}
