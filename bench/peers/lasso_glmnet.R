# glmnet's path for logistic regression, fold by fold. Arguments: inputs, output, thresh, processes, folds.
suppressPackageStartupMessages({library(Matrix); library(glmnet); library(jsonlite); library(parallel)})
arguments <- commandArgs(TRUE)
inputs <- arguments[1]; out <- arguments[2]; thresh <- as.numeric(arguments[3])
processes <- as.integer(arguments[4]); folds <- as.integer(strsplit(arguments[5], ",")[[1]])
meta <- fromJSON(file.path(inputs, "meta.json"))
raw <- function(name, what, n, size, signed = TRUE)
  readBin(file.path(inputs, name), what, n, size, endian = "little", signed = signed)
p <- meta$onehot_columns; entries <- meta$onehot_entries; n <- meta$rows
x <- new("dgCMatrix", Dim = c(n, p), p = raw("onehot.indptr.i32", "integer", p + 1, 4),
         i = raw("onehot.indices.i32", "integer", entries, 4), x = raw("onehot.values.f64", "double", entries, 8))
y <- raw("outcome.u8", "integer", n, 1, FALSE); fold <- raw("fold.u8", "integer", n, 1, FALSE)
lambda <- meta$lambda
# The whole sequence is asked for: no early stop.
glmnet.control(fdev = 0, devmax = 1)
samples <- lapply(folds, function(f) list(x = x[fold != f, ], y = y[fold != f]))
path <- function(s) {
  fit <- glmnet(s$x, s$y, family = "binomial", lambda = lambda, standardize = FALSE, thresh = thresh, maxit = 1e7)
  stopifnot(length(fit$lambda) == length(lambda))
  fit
}
start <- proc.time()[["elapsed"]]
fits <- if (processes > 1) mclapply(samples, path, mc.cores = processes, mc.preschedule = FALSE) else lapply(samples, path)
seconds <- proc.time()[["elapsed"]] - start
file <- file(out, "wb")
for (fit in fits) writeBin(as.double(as.matrix(rbind(fit$a0, fit$beta))), file, 8, endian = "little")
close(file)
cat(toJSON(list(seconds_inside = seconds), auto_unbox = TRUE, digits = 9), "\n", sep = "")
