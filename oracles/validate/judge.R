# What R says about risks and outcomes made here: written to judge.json.
#
# Run: Rscript judge.R, then: python judge.py   (versions are written into the files)
# The crate must agree to the tolerances named in crates/validate/tests/it/oracle.rs:
#   pROC      ci.auc(method = "delong"), var(), roc.test(paired = TRUE, method = "delong")
#   rms       val.prob: Brier, Emax, E90, Eavg; Intercept and Slope, whose fit stops early (lrm.fit, eps = 0.025)
#   stats     glm (intercept, slope, calibration in the large), lowess, quantile, prop.test(correct = FALSE)
#   formulas  net benefit (Vickers, Elkin 2006), Wilson limits with a design effect (Rao, Scott 1992)

suppressMessages({
  library(pROC)
  library(rms)
})
set.seed(4)

cluster_of <- function(n, patients) c(seq_len(patients), sample(patients, n - patients, replace = TRUE)) - 1

make <- function(n, digits, patients = NULL) {
  repeat {
    patient <- if (is.null(patients)) seq_len(n) - 1 else cluster_of(n, patients)
    level <- rnorm(n)[patient + 1]
    eta <- -1 + 0.8 * level + 0.5 * rnorm(n)
    y <- rbinom(n, 1, plogis(eta))
    first <- pmin(pmax(round(plogis(-0.7 + 1.3 * eta + 0.6 * rnorm(n)), digits), 0.01), 0.99)
    second <- pmin(pmax(round(plogis(eta + rnorm(n)), digits), 0.01), 0.99)
    overlap <- function(p) max(p[y == 0]) > min(p[y == 1]) && max(p[y == 1]) > min(p[y == 0])
    if (sum(y) > 2 && sum(1 - y) > 2 && overlap(first) && overlap(second)) break
  }
  list(y = y, first = first, second = second, patient = patient)
}

wilson_clustered <- function(hit, patient) {
  n <- length(hit)
  p <- mean(hit)
  if (p == 0 || p == 1 || !anyDuplicated(patient)) return(NULL)
  away <- tapply(hit - p, patient, sum)
  m <- length(away)
  effect <- max(1, m / (m - 1) * sum(away^2) / (n * p * (1 - p)))
  size <- n / effect
  z <- qnorm(0.975)
  middle <- (p + z^2 / (2 * size)) / (1 + z^2 / size)
  half <- z / (1 + z^2 / size) * sqrt(p * (1 - p) / size + z^2 / (4 * size^2))
  c(p, middle - half, middle + half, effect)
}

judge <- function(d) {
  first <- roc(d$y, d$first, direction = "<", levels = c(0, 1), quiet = TRUE)
  second <- roc(d$y, d$second, direction = "<", levels = c(0, 1), quiet = TRUE)
  test <- roc.test(first, second, paired = TRUE, method = "delong")
  interval <- as.numeric(ci.auc(first, method = "delong"))
  rms <- val.prob(d$first, d$y, pl = FALSE)
  exact <- glm.control(epsilon = 1e-15, maxit = 100)
  line <- coef(glm(d$y ~ qlogis(d$first), family = binomial, control = exact))
  large <- coef(glm(d$y ~ offset(qlogis(d$first)), family = binomial, control = exact))
  curve <- lowess(d$first, d$y, iter = 0)
  far <- abs(d$first - approx(curve, xout = d$first, ties = mean)$y)
  thresholds <- c(0.1, 0.25, 0.5, 0.75)
  net <- sapply(thresholds, function(t) {
    act <- d$first >= t
    mean(act & d$y == 1) - mean(act & d$y == 0) * t / (1 - t)
  })
  wilson <- t(sapply(c(0.25, 0.5), function(t) {
    hit <- d$first[d$y == 1] >= t
    as.numeric(prop.test(sum(hit), length(hit), correct = FALSE)$conf.int)
  }))
  clustered <- wilson_clustered(as.numeric(d$first[d$y == 1] >= 0.5), d$patient[d$y == 1])
  c(d, Filter(Negate(is.null), list(
    auc = interval[2], auc_low = interval[1], auc_high = interval[3], variance = var(first, method = "delong"),
    auc_second = as.numeric(auc(second)), variance_second = var(second, method = "delong"),
    paired_z = as.numeric(test$statistic), paired_p = test$p.value,
    brier = rms[["Brier"]], emax = rms[["Emax"]], e90 = rms[["E90"]], ici = rms[["Eavg"]], e50 = median(far),
    rms_intercept = rms[["Intercept"]], rms_slope = rms[["Slope"]],
    intercept = line[[1]], slope = line[[2]], in_the_large = large[[1]],
    lowess = curve$y[!duplicated(curve$x)],
    thresholds = thresholds, net_benefit = net,
    wilson_low = wilson[, 1], wilson_high = wilson[, 2], clustered = clustered
  )))
}

# JSON by hand: every number with 17 significant digits, so nothing is lost on the way.
json <- function(x) {
  if (is.character(x)) return(paste0("\"", x, "\""))
  if (is.list(x)) return(paste0("{", paste0("\"", names(x), "\":", vapply(x, json, ""), collapse = ","), "}"))
  numbers <- sprintf("%.17g", x)
  if (length(x) == 1) numbers else paste0("[", paste(numbers, collapse = ","), "]")
}

cases <- list(
  plain = make(300, 6),
  ties = make(240, 1),
  tiny = make(12, 2),
  patients = make(400, 4, 150),
  large = make(3000, 6)
)
versions <- list(
  R = as.character(getRversion()), pROC = as.character(packageVersion("pROC")), rms = as.character(packageVersion("rms"))
)
# lowess over x with gaps, ties and points closer than its `delta`.
x <- sort(c(round(runif(150), 2), 5 + round(rexp(80), 3), 5, 5, 5, 60))
y <- sin(x) + rnorm(length(x))
curve <- list(x = x, y = y, smooth = lowess(x, y, iter = 0)$y)
normal <- list(p = c(1e-10, 0.001, 0.3, 0.5, 0.9, 0.975), z = qnorm(c(1e-10, 0.001, 0.3, 0.5, 0.9, 0.975)))
writeLines(json(list(made_by = versions, curve = curve, normal = normal, cases = lapply(cases, judge))), "judge.json")
