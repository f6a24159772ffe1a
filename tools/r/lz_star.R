# lz* by Snijders' (2001) own formulas for dichotomous items (weights w, c_n, equation 15), and Q3 as correlations of residuals; known items.
# The numbers printed are those of PersonFitTests. Rscript tools/r/lz_star.R
a <- seq(0.6, 1.8, length.out = 10); b <- seq(-2, 2, length.out = 10)
P <- function(theta) plogis(a * (theta - b))
patterns <- rbind(c(1, 1, 1, 1, 1, 0, 1, 0, 0, 0), c(0, 0, 1, 0, 1, 0, 1, 1, 0, 1), c(1, 0, 1, 1, 0, 1, 0, 0, 0, 0))
score <- function(theta, x) sum(a * (x - P(theta)))
for (method in c("ML", "WLE", "MAP")) {
  r0 <- switch(method,
    ML = function(theta) 0,
    WLE = function(theta) { p <- P(theta); sum(a^3 * p * (1 - p) * (1 - 2 * p)) / (2 * sum(a^2 * p * (1 - p))) },
    MAP = function(theta) -theta)
  for (k in 1:3) {
    x <- patterns[k, ]
    theta <- uniroot(function(t) score(t, x) + r0(t), c(-8, 8), tol = 1e-13)$root
    p <- P(theta); q <- 1 - p; dp <- a * p * q
    w <- log(p / q); r <- dp / (p * q)
    cn <- sum(dp * w) / sum(dp * r)
    tilde <- w - cn * r
    cat(sprintf("%s pattern %d: theta %.9f lz* %.9f\n", method, k, theta, (sum((x - p) * w) + cn * r0(theta)) / sqrt(sum(tilde^2 * p * q))))
  }
}
# Q3: Rscript tools/r/lz_star.R tests/Diagnostics.Psychometrics.Tests/Reference/verbagg_dich.csv
if (length(commandArgs(TRUE)) == 1) {
  answers <- as.matrix(read.csv(commandArgs(TRUE)[1])[, 4:9])
  theta <- qlogis((rowSums(answers) + 0.5) / 7)
  residuals <- answers - plogis(outer(theta, seq(-1, 1, length.out = 6), "-"))
  q3 <- cor(residuals); pairs <- t(q3)[lower.tri(q3)]
  cat("Q3", sprintf("%.10f", pairs), "mean", sprintf("%.10f", mean(pairs)), "\n")
}
