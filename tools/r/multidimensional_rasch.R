# A Rasch model in two correlated dimensions by brute force: plain sums over a product of 61 x 61 points, maximised by optim, errors from its
# Hessian. Items 1-6 and 7-12 of the verbal aggression data. The numbers printed are those of MultidimensionalMaximumLikelihoodTests.
# Rscript tools/r/multidimensional_rasch.R tests/Diagnostics.Psychometrics.Tests/Reference/verbagg_dich.csv
answers <- as.matrix(read.csv(commandArgs(TRUE)[1])[, 4:15])
grid <- seq(-6, 6, length.out = 61)
weight <- dnorm(grid); weight <- weight / sum(weight)
# Two independent standard normals, turned into abilities of the covariance wanted.
z1 <- rep(grid, 61); z2 <- rep(grid, each = 61); w <- rep(weight, 61) * rep(weight, each = 61)
likelihood <- function(p) {
  d <- p[1:12]; s1 <- exp(p[13]); s2 <- exp(p[14]); rho <- tanh(p[15])
  theta <- cbind(s1 * z1, s2 * (rho * z1 + sqrt(1 - rho^2) * z2))
  log_p <- 0
  exponent <- matrix(0, length(w), nrow(answers))
  for (j in 1:12) {
    eta <- theta[, (j > 6) + 1] + d[j]
    exponent <- exponent + outer(eta, answers[, j]) - log1p(exp(eta))
  }
  sum(log(colSums(w * exp(exponent))))
}
start <- c(qlogis(colMeans(answers)), 0, 0, atanh(0.5))
fit <- optim(start, function(p) -likelihood(p), method = "BFGS", control = list(maxit = 500, reltol = 1e-14))
gradient <- function(p) sapply(seq_along(p), function(k) { h <- 1e-5; up <- p; up[k] <- up[k] + h; down <- p; down[k] <- down[k] - h; -(likelihood(up) - likelihood(down)) / (2 * h) })
hessian <- optimHess(fit$par, function(p) -likelihood(p), gradient, control = list(ndeps = rep(1e-4, 15)))
# One Newton step takes the rest off.
par <- fit$par - solve(hessian, gradient(fit$par))
error <- sqrt(diag(solve(hessian)))
cat(sprintf("log-likelihood %.6f, largest gradient %.2g\n", likelihood(par), max(abs(gradient(par)))))
cat("intercept", sprintf("%.6f", par[1:12]), "\n")
cat("intercept error", sprintf("%.6f", error[1:12]), "\n")
cat(sprintf("variance %.6f %.6f correlation %.6f\n", exp(2 * par[13]), exp(2 * par[14]), tanh(par[15])))
cat(sprintf("errors %.6f %.6f %.6f\n", 2 * exp(2 * par[13]) * error[13], 2 * exp(2 * par[14]) * error[14], (1 - tanh(par[15])^2) * error[15]))
