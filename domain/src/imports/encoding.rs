//! From the encoding of a file to UTF-8, as a stream.

use std::io::{self, Read};

/// Encodings of an import file (R16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

/// How many bytes a file must show for [`Encoding::detect`] and [`foreign_format`].
pub(super) const PREFIX: usize = 6;

impl Encoding {
    /// The encoding a byte-order mark at the start of a file tells, and the mark's length.
    pub(super) fn detect(start: &[u8]) -> (Self, usize) {
        match start {
            [0xEF, 0xBB, 0xBF, ..] => (Self::Utf8, 3),
            [0xFF, 0xFE, ..] => (Self::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Self::Utf16Be, 2),
            _ => (Self::Utf8, 0),
        }
    }

    /// How many bytes of the file became these bytes from [`Decoder`].
    pub(super) fn length_in_file(self, decoded: &[u8]) -> u64 {
        let in_file = |byte: &u8| match byte {
            0x80..=0xBF => 0,
            0xF0..=0xF7 => 4,
            &ODD_BYTE => 1,
            _ => 2,
        };
        match self {
            Self::Utf8 => u64::try_from(decoded.len()).unwrap_or(u64::MAX),
            Self::Utf16Le | Self::Utf16Be => decoded.iter().map(in_file).sum(),
        }
    }
}

/// The kind of file, if its first bytes are those of a usual kind that is not CSV.
pub(super) fn foreign_format(start: &[u8]) -> Option<&'static str> {
    const FORMATS: [(&[u8], &str); 9] = [
        (&[0x1F, 0x8B], "compressed with gzip"),
        (b"PK\x03\x04", "a zip archive or an Excel workbook"),
        (&[0xD0, 0xCF, 0x11, 0xE0], "an Excel workbook"),
        (b"%PDF", "a PDF document"),
        (b"BZh", "compressed with bzip2"),
        (&[0xFD, b'7', b'z', b'X', b'Z'], "compressed with xz"),
        (&[0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd"),
        (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
        (b"Rar!", "a RAR archive"),
    ];
    FORMATS.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, name)| *name)
}

/// Stands for a byte at the end of UTF-16 that is half a unit. Never part of UTF-8.
const ODD_BYTE: u8 = 0xFF;
/// How many bytes of UTF-16 are decoded at once.
const CHUNK: usize = 8 * 1024;

/// Reads a file without its byte-order mark as UTF-8. What is wrong in UTF-16 (half a pair of
/// surrogates, half a unit) comes out as bytes that are wrong in UTF-8 too, so there is one place
/// to find out: where text is made of the bytes.
pub(super) struct Decoder<R> {
    source: R,
    encoding: Encoding,
    /// Bytes of UTF-16 not decoded yet.
    raw: Vec<u8>,
    /// Decoded bytes, handed out up to `taken`.
    decoded: Vec<u8>,
    taken: usize,
}

impl<R: Read> Decoder<R> {
    pub(super) fn new(source: R, encoding: Encoding) -> Self {
        Self { source, encoding, raw: Vec::new(), decoded: Vec::new(), taken: 0 }
    }

    /// Decodes the next chunk; nothing is decoded at the end of the file only.
    fn fill(&mut self) -> io::Result<()> {
        self.decoded.clear();
        self.taken = 0;
        while self.decoded.is_empty() {
            let mut chunk = [0; CHUNK];
            let read = self.source.read(&mut chunk)?;
            self.raw.extend(chunk.iter().take(read));
            self.decode(read == 0);
            if read == 0 {
                break;
            }
        }
        Ok(())
    }

    fn decode(&mut self, at_end: bool) {
        let (pairs, _) = self.raw.as_chunks::<2>();
        let unit = |pair: &[u8; 2]| match self.encoding {
            Encoding::Utf16Be => u16::from_be_bytes(*pair),
            Encoding::Utf16Le | Encoding::Utf8 => u16::from_le_bytes(*pair),
        };
        let mut units: Vec<u16> = pairs.iter().map(unit).collect();
        // The other half of a pair of surrogates may come with the next chunk.
        if !at_end && units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit)) {
            units.pop();
        }
        self.raw.drain(..units.len() * 2);
        for character in char::decode_utf16(units) {
            match character {
                Ok(c) => self.decoded.extend(c.encode_utf8(&mut [0; 4]).bytes()),
                Err(lone) => self.decoded.extend(surrogate(lone.unpaired_surrogate())),
            }
        }
        if at_end && !self.raw.is_empty() {
            self.raw.clear();
            self.decoded.push(ODD_BYTE);
        }
    }
}

/// The bytes a surrogate would have in UTF-8 if it were allowed there.
fn surrogate(unit: u16) -> [u8; 3] {
    let low_six = |bits: u16| 0x80 | u8::try_from(bits & 0x3F).unwrap_or_default();
    [0xED, low_six(unit >> 6), low_six(unit)]
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.encoding == Encoding::Utf8 {
            return self.source.read(buffer);
        }
        if self.taken == self.decoded.len() {
            self.fill()?;
        }
        let mut left = self.decoded.get(self.taken..).unwrap_or_default();
        let read = left.read(buffer)?;
        self.taken += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Hands out at most so many bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    fn utf16(text: &str, encoding: Encoding) -> Vec<u8> {
        let bytes = |unit: u16| match encoding {
            Encoding::Utf16Be => unit.to_be_bytes(),
            _ => unit.to_le_bytes(),
        };
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn decoded(bytes: &[u8], encoding: Encoding, step: usize) -> Vec<u8> {
        let mut out = Vec::new();
        Decoder::new(Slow(bytes, step), encoding).read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn the_byte_order_mark_tells_the_encoding() {
        assert_eq!(Encoding::detect(b"\xEF\xBB\xBFUser"), (Encoding::Utf8, 3));
        assert_eq!(Encoding::detect(b"\xFF\xFEU\0"), (Encoding::Utf16Le, 2));
        assert_eq!(Encoding::detect(b"\xFE\xFF\0U"), (Encoding::Utf16Be, 2));
        assert_eq!(Encoding::detect(b"User"), (Encoding::Utf8, 0));
        assert_eq!(Encoding::detect(b""), (Encoding::Utf8, 0));
    }

    #[test]
    fn half_a_pair_or_half_a_unit_is_wrong_in_utf8_too() {
        for bytes in [&b"a\0\x00\xD8b\0"[..], b"a\0\x00\xDC", b"a\0\x00\xD8", b"a\0b"] {
            let text = decoded(bytes, Encoding::Utf16Le, 1);
            assert!(std::str::from_utf8(&text).is_err(), "{bytes:?}");
            let length = Encoding::Utf16Le.length_in_file(&text);
            assert_eq!(length, bytes.len() as u64, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn utf16_becomes_the_same_text_in_utf8(text: String, step in 1..5_usize) {
            for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
                let bytes = utf16(&text, encoding);
                let out = decoded(&bytes, encoding, step);
                prop_assert_eq!(std::str::from_utf8(&out), Ok(text.as_str()));
                prop_assert_eq!(encoding.length_in_file(&out), bytes.len() as u64);
            }
        }

        #[test]
        fn any_bytes_keep_their_length(bytes: Vec<u8>, step in 1..5_usize) {
            for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
                let out = decoded(&bytes, encoding, step);
                prop_assert_eq!(encoding.length_in_file(&out), bytes.len() as u64);
            }
        }
    }
}
