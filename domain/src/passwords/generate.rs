//! New passwords (R54).

use super::policy::{Context, problems};

/// Letters and digits that nobody confuses when reading them aloud or from paper: no `0Oo`, no
/// `1lIi`.
const ALPHABET: &[u8; 55] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters of a new password: 16 of 55 are 92 bits.
const LENGTH: usize = 16;

/// Draws a password of lower-case letters, capitals and digits that the policy accepts for this
/// person. `random` fills its buffer with random bytes; with a source that only repeats itself
/// this never returns.
pub fn generate(context: &Context<'_>, random: &mut dyn FnMut(&mut [u8])) -> String {
    loop {
        let password = draw(random);
        // About one draw in twelve lacks a digit. Drawing anew keeps all accepted passwords
        // equally likely; mending a draw would not.
        if problems(&password, context).is_empty() {
            return password;
        }
    }
}

/// Draws characters, each equally likely.
fn draw(random: &mut dyn FnMut(&mut [u8])) -> String {
    let mut password = String::with_capacity(LENGTH);
    let mut bytes = [0; LENGTH];
    while password.len() < LENGTH {
        random(&mut bytes);
        let wanted = LENGTH - password.len();
        password.extend(bytes.iter().filter_map(|byte| character(*byte)).take(wanted));
    }
    bytes.fill(0);
    password
}

/// The character that stands for a random byte. The top 36 values stand for none: with them the
/// first 36 characters would come up more often than the others.
fn character(byte: u8) -> Option<char> {
    let size = ALPHABET.len();
    let byte = usize::from(byte);
    let fair = byte < 256 / size * size;
    let letter = ALPHABET.get(byte % size)?;
    fair.then_some(char::from(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{HashMap, HashSet};

    /// SplitMix64: even enough to test with.
    fn source(mut state: u64) -> impl FnMut(&mut [u8]) {
        move |buffer| {
            for byte in buffer {
                state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                *byte = (mixed >> 40) as u8;
            }
        }
    }

    #[test]
    fn every_byte_stands_for_a_character_equally_often() {
        let mut counts = HashMap::new();
        for c in (0..=255).filter_map(character) {
            *counts.entry(c).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 55);
        assert!(counts.values().all(|count| *count == 4));
    }

    #[test]
    fn sixteen_characters_carry_more_than_80_bits() {
        let passing = 0.9; // the share of draws with all three kinds, rounded down
        let bits = 16.0 * f64::from(u8::try_from(ALPHABET.len()).unwrap()).log2();
        assert!(bits + f64::log2(passing) > 80.0);
    }

    #[test]
    fn look_alikes_do_not_occur() {
        assert!(!ALPHABET.iter().any(|letter| b"0Oo1lIi".contains(letter)));
    }

    #[test]
    fn passwords_do_not_repeat() {
        let mut random = source(7);
        let drawn: HashSet<String> =
            (0..500).map(|_| generate(&Context::default(), &mut random)).collect();
        assert_eq!(drawn.len(), 500);
    }

    proptest! {
        #[test]
        fn a_new_password_obeys_the_policy_and_has_three_kinds(seed: u64) {
            let password = generate(&Context::default(), &mut source(seed));
            prop_assert_eq!(password.len(), 16);
            prop_assert!(problems(&password, &Context::default()).is_empty());
            for kind in [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit] {
                prop_assert!(password.bytes().any(|b| kind(&b)));
            }
        }
    }
}
