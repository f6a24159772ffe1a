# Subscores of the verbal aggression data (three points an item, blocks of six items): Haberman's (2008) reductions of mean squared error
# by the formulas of Sinharay (2010), pp. 172-173, and Wainer's (2001) augmented scores by matrices; alpha by psych.
# The numbers printed are those of SubscoreAnalysisTests.
# Rscript tools/r/subscores.R tests/Diagnostics.Psychometrics.Tests/Reference/verbagg_poly.csv
answers <- as.matrix(read.csv(commandArgs(TRUE)[1])[, -(1:3)])
blocks <- rep(0:3, each = 6)
sums <- sapply(0:3, function(b) rowSums(answers[, blocks == b]))
alpha <- sapply(0:3, function(b) psych::alpha(answers[, blocks == b], check.keys = FALSE, warnings = FALSE)$total$raw_alpha)
# Feldt and Brennan (1989): items that share one true score in unequal parts.
congeneric <- sapply(0:3, function(b) {
  C <- cov(answers[, blocks == b]); part <- rowSums(C) / sum(C)
  (1 - sum(diag(C)) / sum(C)) / (1 - sum(part^2))
})
S <- cov(sums); T <- S; diag(T) <- alpha * diag(S)
x <- rowSums(sums)
cat("alpha", sprintf("%.12f", alpha), "\n")
cat("congeneric", sprintf("%.12f", congeneric), "\n")
for (b in 1:4) {
  # rho2(x_t, x): the total's reliability by true variance over variance; correlations of true scores.
  rel_x <- sum(T) / var(x)
  r_tt <- sum(T[b, ]) / sqrt(T[b, b] * sum(T))
  r_sx <- cor(sums[, b], x)
  tau <- (sqrt(rel_x) * r_tt - r_sx * sqrt(alpha[b])) / (1 - r_sx^2)
  B <- T %*% solve(S)
  C <- T - B %*% T
  cat(sprintf("block %d: own %.10f total %.10f own+total %.10f augmented %.10f error %.10f kelley error %.10f\n", b - 1,
    alpha[b], r_tt^2 * rel_x, alpha[b] + tau^2 * (1 - r_sx^2), 1 - C[b, b] / T[b, b], sqrt(C[b, b]), sqrt(T[b, b] * (1 - alpha[b]))))
}
cat("augmented scores of 9, 3, 5, 0:", sprintf("%.10f", colMeans(sums) + T %*% solve(S) %*% (c(9, 3, 5, 0) - colMeans(sums))), "\n")
