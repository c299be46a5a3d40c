# Golden paths of penalised regressions, made with glmnet. Run here: Rscript make.R
# Writes paths.json. Tolerances are in crates/models/tests/it/glm/golden.rs, versions in paths.json.
suppressPackageStartupMessages({library(Matrix); library(glmnet); library(jsonlite)})
set.seed(20240607)

dense <- function(n, p) {
  x <- matrix(rnorm(n * p), n)
  x[, 2] <- x[, 1] + 0.3 * x[, 2]
  x[, 3] <- 40 + 12 * x[, 3]
  x[, 4] <- 0.01 * x[, 4]
  round(x, 3)
}
# Two categories in all their levels, and two columns of counts.
one_hot <- function(n, levels) {
  level <- sample(levels, n, TRUE, prob = 1 / seq_len(levels))
  other <- sample(3, n, TRUE, prob = c(0.8, 0.15, 0.05))
  x <- cbind(outer(level, seq_len(levels), "==") * 1, outer(other, 1:3, "==") * 1,
             rpois(n, 0.2), rpois(n, 0.1) * 2.5)
  Matrix(x[, colSums(x) > 0], sparse = TRUE)
}
signal <- function(x) {
  z <- scale(as.matrix(x))
  as.vector(z %*% (c(1, -0.8, 0.6, 0.5, rep(0, ncol(z) - 4))))
}
binary <- function(x) as.numeric(runif(nrow(x)) < plogis(signal(x)))
number <- function(x) round(50 + 7 * signal(x) + 4 * rnorm(nrow(x)), 3)

cases <- list()
case <- function(name, family, x, y, ...) {
  arguments <- list(...)
  defaults <- list(alpha = 1, standardize = TRUE, nlambda = 12)
  used <- modifyList(defaults, arguments)
  fit <- do.call(glmnet, c(list(x = x, y = y, family = family, thresh = 1e-24, maxit = 1e8), used))
  columns <- lapply(seq_len(ncol(x)), function(j) {
    v <- as.vector(x[, j])
    if (inherits(x, "sparseMatrix")) list(rows = which(v != 0) - 1, values = v[v != 0]) else list(dense = v)
  })
  cases[[length(cases) + 1]] <<- list(
    name = name, family = family, alpha = used$alpha, standardize = used$standardize, nlambda = used$nlambda,
    given_lambda = !is.null(used[["lambda"]]), lambda_min_ratio = used$lambda.min.ratio,
    weights = used$weights, penalty_factor = used$penalty.factor, rows = nrow(x), x = columns, y = y,
    lambda = fit$lambda, intercept = as.vector(fit$a0), beta = unname(t(as.matrix(fit$beta))),
    deviance_explained = fit$dev.ratio)
}

n <- 90
x <- dense(n, 7); b <- binary(x); g <- number(x)
w <- round(runif(n, 0, 3), 2); w[c(4, 9)] <- 0
pf <- c(0, 1, 2, 0.5, 1, 1, 3)
for (family in c("binomial", "gaussian")) {
  y <- if (family == "binomial") b else g
  case(paste(family, "lasso"), family, x, y)
  case(paste(family, "ridge"), family, x, y, alpha = 0)
  case(paste(family, "elastic net"), family, x, y, alpha = 0.4)
  case(paste(family, "lasso, not standardised"), family, x, y, standardize = FALSE)
  case(paste(family, "ridge, not standardised"), family, x, y, alpha = 0, standardize = FALSE)
  case(paste(family, "lasso, weights"), family, x, y, weights = w)
  case(paste(family, "elastic net, weights and penalty factors"), family, x, y, alpha = 0.7, weights = w,
       penalty.factor = pf)
  case(paste(family, "elastic net, given penalties"), family, x, y, alpha = 0.5, lambda = c(0.2, 0.05, 0.004))
  case(paste(family, "ridge, given penalties"), family, x, y, alpha = 0, lambda = c(5, 0.5, 0.05))
}
s <- one_hot(140, 9); b <- binary(s); g <- number(s)
for (family in c("binomial", "gaussian")) {
  y <- if (family == "binomial") b else g
  case(paste(family, "lasso, one-hot"), family, s, y)
  case(paste(family, "ridge, one-hot"), family, s, y, alpha = 0, lambda.min.ratio = 1e-3)
  case(paste(family, "elastic net, one-hot, weights"), family, s, y, alpha = 0.5, weights = rep(1:2, 70))
}
wide <- dense(30, 60)
case("binomial lasso, more columns than rows", "binomial", wide, binary(wide))
case("gaussian lasso, more columns than rows", "gaussian", wide, number(wide))
case("gaussian ridge, more columns than rows", "gaussian", wide, number(wide), alpha = 0)
# Classes that one column separates: the path ends early.
case("binomial lasso, separated", "binomial", x, as.numeric(x[, 1] > 0), nlambda = 60, lambda.min.ratio = 1e-6)
case("gaussian lasso, explained", "gaussian", x, 3 + 2 * x[, 1], nlambda = 60, lambda.min.ratio = 1e-6)
# A gain so small that the path ends.
case("gaussian lasso, flat", "gaussian", x, number(x), nlambda = 100, lambda.min.ratio = 1e-6)
case("binomial lasso, flat", "binomial", x, binary(x), nlambda = 100, lambda.min.ratio = 1e-6)

writeLines(toJSON(list(made_with = paste("R", getRversion(), "glmnet", packageVersion("glmnet")), cases = cases),
                  auto_unbox = TRUE, digits = NA, null = "null"), "paths.json")
