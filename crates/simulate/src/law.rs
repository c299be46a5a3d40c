//! How the log odds follow from the predictors.

use bedside_table::Seed;

use crate::Settings;

/// The coefficients of one simulated world: a function of the seed and the settings alone.
#[derive(Debug, Clone)]
pub(crate) struct Law {
    pub(crate) numbers: Vec<f64>,
    /// For each category, the effect of each level.
    pub(crate) levels: Vec<Vec<f64>>,
    /// Pairs of numbers whose product counts, and the effect of the product.
    pub(crate) products: Vec<(usize, usize, f64)>,
    pub(crate) sites: Vec<f64>,
    /// The chance of each level, the same for every category.
    pub(crate) frequencies: Vec<f64>,
}

impl Law {
    pub(crate) fn new(settings: &Settings, seed: Seed) -> Self {
        let mut draw = seed.derive("coefficients", 0).stream();
        // A few strong predictors and many weak ones.
        let weight = |place: usize| 1.0 / (1.0 + place as f64).sqrt();
        let mut numbers: Vec<f64> = (0..settings.numeric)
            .map(|place| weight(place) * if draw.uniform() < 0.5 { -1.0 } else { 1.0 })
            .collect();
        let total: f64 = (0..settings.levels).map(|level| 1.0 / (level as f64 + 1.0)).sum();
        let frequencies: Vec<f64> =
            (0..settings.levels).map(|level| 1.0 / (level as f64 + 1.0) / total).collect();
        let mut levels: Vec<Vec<f64>> = (0..settings.categorical)
            .map(|place| (0..settings.levels).map(|_| 0.7 * weight(place) * draw.normal()).collect())
            .collect();
        let mut products: Vec<(usize, usize, f64)> = (0..settings.interactions)
            .map(|place| {
                let a = draw.below(settings.numeric as u32);
                let b = (a + 1 + draw.below(settings.numeric as u32 - 1)) % settings.numeric as u32;
                (a as usize, b as usize, weight(place))
            })
            .collect();
        let sites = (0..settings.sites).map(|_| settings.site_effect * draw.normal()).collect();
        // Predictors are independent with variance 1, so variances add up; so do those of their products.
        let mut variance = numbers.iter().map(|b| b * b).sum::<f64>();
        variance += products.iter().map(|(_, _, g)| g * g).sum::<f64>();
        for effects in &levels {
            let mean: f64 = effects.iter().zip(&frequencies).map(|(e, f)| e * f).sum();
            variance += effects.iter().zip(&frequencies).map(|(e, f)| f * (e - mean).powi(2)).sum::<f64>();
        }
        let scale = settings.signal / variance.sqrt();
        numbers.iter_mut().for_each(|b| *b *= scale);
        levels.iter_mut().flatten().for_each(|e| *e *= scale);
        products.iter_mut().for_each(|(_, _, g)| *g *= scale);
        Self { numbers, levels, products, sites, frequencies }
    }

    pub(crate) fn log_odds(&self, numbers: &[f64], codes: &[u32], site: usize) -> f64 {
        let mut line = self.sites[site];
        line += self.numbers.iter().zip(numbers).map(|(b, x)| b * x).sum::<f64>();
        line += self.levels.iter().zip(codes).map(|(effects, &code)| effects[code as usize]).sum::<f64>();
        line + self.products.iter().map(|&(a, b, g)| g * numbers[a] * numbers[b]).sum::<f64>()
    }
}
