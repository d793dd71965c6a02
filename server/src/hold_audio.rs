//! What callers hear while they wait: two short pieces, made by arithmetic once and kept. A telephone passes 300 to 3,400 Hz, so that is where the notes are.

use std::{f64::consts::TAU, sync::OnceLock};

/// Samples a second: what telephones have.
const RATE_HZ: u32 = 8_000;

/// How loud a note begins, of 1. Up to four sound at once.
const LOUDNESS: f64 = 0.14;

/// How fast a note comes, in seconds; a harder beginning would click.
const ATTACK_S: f64 = 0.04;

/// How slowly a note goes, in seconds until it is down to a third.
const DECAY_S: f64 = 0.8;

/// How long a note is calculated, in seconds; nobody hears it any longer.
const NOTE_S: f64 = 4.0;

/// How long the whole piece takes to come and go, in seconds.
const FADE_S: f64 = 0.25;

/// Overtones of a note and how loud each is: a soft, hollow sound, like a marimba far away.
const OVERTONES: [(f64, f64); 3] = [(1.0, 1.0), (2.0, 0.22), (4.0, 0.06)];

/// The harmonies of the hold audio, each as the notes it is broken into (semitones above A4, 440 Hz).
const HARMONIES: [[i32; 4]; 4] = [[-9, -2, 3, 7], [-5, -2, 2, 7], [-7, 0, 3, 8], [-4, 0, 5, 8]];

/// How long a note waits for the next, in seconds.
const STEP_S: f64 = 0.46;

/// The hold audio, about 15 seconds, as a WAV file.
pub(crate) fn hold() -> &'static [u8] {
    static HOLD: OnceLock<Vec<u8>> = OnceLock::new();
    HOLD.get_or_init(|| {
        // Up and down each harmony, so that the ear finds a slow wave in it.
        let order = [0, 1, 2, 3, 2, 1, 2, 3];
        let steps = HARMONIES.iter().flat_map(|harmony| order.map(|index| harmony[index]));
        let notes: Vec<Note> = (0..)
            .zip(steps)
            .map(|(step, semitones)| Note { at_s: f64::from(step) * STEP_S, semitones })
            .collect();
        wav(15.2, &notes)
    })
}

/// What fills a moment in which the server is not ready to go on: two notes in about two seconds, as a WAV file.
pub(crate) fn moment() -> &'static [u8] {
    static MOMENT: OnceLock<Vec<u8>> = OnceLock::new();
    MOMENT.get_or_init(|| {
        wav(2.0, &[Note { at_s: 0.1, semitones: -2 }, Note { at_s: 0.7, semitones: 3 }])
    })
}

/// A tone that comes softly and dies away.
struct Note {
    at_s: f64,
    semitones: i32,
}

impl Note {
    fn sample(&self, since_s: f64) -> f64 {
        let hertz = 440.0 * (f64::from(self.semitones) / 12.0).exp2();
        let envelope = (since_s / ATTACK_S).min(1.0) * (-since_s / DECAY_S).exp();
        let tones =
            OVERTONES.map(|(multiple, share)| (TAU * hertz * multiple * since_s).sin() * share);
        LOUDNESS * envelope * tones.iter().sum::<f64>()
    }
}

/// The notes as a WAV file: one channel of 16 bits.
fn wav(length_s: f64, notes: &[Note]) -> Vec<u8> {
    let rate = f64::from(RATE_HZ);
    let count = (length_s * rate) as usize;
    let mut sound = vec![0.0; count];
    for note in notes {
        let begin = (note.at_s * rate) as usize;
        let end = count.min(begin + (NOTE_S * rate) as usize);
        for (offset, sample) in sound[begin..end].iter_mut().enumerate() {
            *sample += note.sample(offset as f64 / rate);
        }
    }
    let fade = FADE_S * rate;
    let samples = sound.iter().enumerate().flat_map(|(index, sample)| {
        let from_edge = index.min(count - 1 - index) as f64;
        let faded = sample * (from_edge / fade).min(1.0);
        ((faded.clamp(-1.0, 1.0) * f64::from(i16::MAX)) as i16).to_le_bytes()
    });
    let bytes = u32::try_from(count * 2).unwrap_or(u32::MAX);
    let mut file = Vec::with_capacity(44 + count * 2);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + bytes).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    // Length of this part, PCM, one channel, samples and bytes a second, bytes and bits a sample.
    file.extend_from_slice(&16_u32.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&1_u16.to_le_bytes());
    file.extend_from_slice(&RATE_HZ.to_le_bytes());
    file.extend_from_slice(&(RATE_HZ * 2).to_le_bytes());
    file.extend_from_slice(&2_u16.to_le_bytes());
    file.extend_from_slice(&16_u16.to_le_bytes());
    file.extend_from_slice(b"data");
    file.extend_from_slice(&bytes.to_le_bytes());
    file.extend(samples);
    file
}

#[cfg(test)]
mod tests {
    use super::{RATE_HZ, hold, moment};

    fn samples(file: &[u8]) -> Vec<i16> {
        assert_eq!(
            (&file[..4], &file[8..16], &file[36..40]),
            (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..])
        );
        let length = u32::from_le_bytes([file[40], file[41], file[42], file[43]]);
        assert_eq!(length as usize, file.len() - 44);
        file[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
    }

    #[test]
    fn both_pieces_are_as_long_as_they_say_and_never_loud_or_silent() {
        for (file, length_s) in [(hold(), 15.2), (moment(), 2.0)] {
            let samples = samples(file);
            let rate = RATE_HZ as usize;
            assert_eq!(samples.len(), (length_s * f64::from(RATE_HZ)) as usize);
            let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
            assert!((2_000..20_000).contains(&loudest), "{loudest}");
            for second in samples.chunks(rate).take(length_s as usize) {
                assert!(second.iter().any(|sample| sample.unsigned_abs() > 400), "a silent second");
            }
            // It begins and ends in silence, so that it can be repeated without a click.
            assert!(
                samples[0].unsigned_abs() < 50 && samples[samples.len() - 1].unsigned_abs() < 50
            );
        }
    }
}
