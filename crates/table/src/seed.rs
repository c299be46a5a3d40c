//! Randomness that depends on what it is for, never on who asks first.

/// A key for random numbers. Derive one for each use: `study.derive("bootstrap", replicate)`.
///
/// Two different derivations give unrelated streams, so the order of work and the number of threads change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// The study's seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The seed of one part of the work.
    #[must_use]
    pub fn derive(self, component: &str, index: u64) -> Self {
        let mut hash = mix(self.0 ^ 0x6A09_E667_F3BC_C908);
        for byte in component.bytes() {
            hash = mix(hash ^ u64::from(byte));
        }
        Self(mix(hash ^ mix(index ^ 0xBB67_AE85_84CA_A73B)))
    }

    /// The numbers of this seed, from the first on.
    #[must_use]
    pub fn stream(self) -> Stream {
        Stream { key: [self.0 as u32, (self.0 >> 32) as u32], counter: 0, block: [0; 4], left: 0 }
    }
}

/// `SplitMix64`'s finaliser: Steele, Lea, Flood 2014, doi 10.1145/2714064.2660195.
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Philox 4x32-10: number `n` of a stream is a function of the key and `n` alone.
///
/// Salmon, Moraes, Dror, Shaw 2011, section 3.3, doi 10.1145/2063384.2063405.
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u32; 2],
    counter: u128,
    block: [u32; 4],
    left: usize,
}

impl Stream {
    /// 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.left == 0 {
            self.block = philox(self.counter, self.key);
            self.counter += 1;
            self.left = 4;
        }
        self.left -= 1;
        self.block[3 - self.left]
    }

    /// 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        u64::from(self.next_u32()) | u64::from(self.next_u32()) << 32
    }

    /// A number in [0, 1), with 53 random bits.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// A whole number in [0, below), without bias (Lemire 2019, doi 10.1145/3230636).
    ///
    /// # Panics
    /// If `below` is 0.
    pub fn below(&mut self, below: u32) -> u32 {
        assert!(below > 0, "a range must not be empty");
        loop {
            let wide = u64::from(self.next_u32()) * u64::from(below);
            if wide as u32 >= below.wrapping_neg() % below {
                return (wide >> 32) as u32;
            }
        }
    }

    /// A standard normal number (polar method: Marsaglia, Bray 1964, doi 10.1137/1006063).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                return u * (-2.0 * s.ln() / s).sqrt();
            }
        }
    }

    /// Puts a list in random order (Fisher-Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i as u32 + 1) as usize);
        }
    }
}

fn philox(counter: u128, mut key: [u32; 2]) -> [u32; 4] {
    let mut c = [counter as u32, (counter >> 32) as u32, (counter >> 64) as u32, (counter >> 96) as u32];
    for _ in 0..10 {
        let a = u64::from(c[0]) * 0xD251_1F53;
        let b = u64::from(c[2]) * 0xCD9E_8D57;
        c = [(b >> 32) as u32 ^ c[1] ^ key[0], b as u32, (a >> 32) as u32 ^ c[3] ^ key[1], a as u32];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    c
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known-answer vectors published with the Random123 library.
    #[test]
    fn philox_gives_the_published_answers() {
        assert_eq!(philox(0, [0, 0]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox(u128::MAX, [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let counter = 0x0370_7344_1319_8a2e_85a3_08d3_243f_6a88;
        assert_eq!(
            philox(counter, [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn derived_seeds_differ_by_name_and_index() {
        let study = Seed::new(7);
        let seeds = [study, study.derive("folds", 0), study.derive("folds", 1), study.derive("bootstrap", 0)];
        for (i, a) in seeds.iter().enumerate() {
            assert!(seeds[i + 1..].iter().all(|b| a != b));
        }
    }

    #[test]
    fn uniform_normal_and_below_have_their_moments() {
        let mut stream = Seed::new(1).stream();
        let n = 200_000;
        let mean = |draws: &[f64]| draws.iter().sum::<f64>() / draws.len() as f64;
        let uniform: Vec<f64> = (0..n).map(|_| stream.uniform()).collect();
        assert!((mean(&uniform) - 0.5).abs() < 0.003);
        let normal: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let squares: Vec<f64> = normal.iter().map(|z| z * z).collect();
        assert!(mean(&normal).abs() < 0.01 && (mean(&squares) - 1.0).abs() < 0.015);
        let mut counts = [0; 6];
        (0..60_000).for_each(|_| counts[stream.below(6) as usize] += 1);
        assert!(counts.iter().all(|&c| (9_600..10_400).contains(&c)), "{counts:?}");
    }
}
