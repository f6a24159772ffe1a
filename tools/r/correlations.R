# Pearson's and Spearman's correlations by R's own cor; Pearson's interval by cor.test, Spearman's by the formula of Bonett and Wright (2000).
# The numbers printed are those of CorrelationTests.
# Rscript tools/r/correlations.R tests/Diagnostics.Psychometrics.Tests/Reference/attitude.csv
attitude <- read.csv(commandArgs(TRUE)[1])
for (names in list(c("rating", "complaints"), c("rating", "critical"), c("learning", "advance"))) {
  x <- attitude[[names[1]]]; y <- attitude[[names[2]]]
  pearson <- cor.test(x, y, conf.level = 0.95)
  rho <- cor(x, y, method = "spearman")
  z <- qnorm(0.975) * sqrt((1 + rho^2 / 2) / (length(x) - 3))
  cat(names, sprintf("%.15f", c(pearson$estimate, pearson$conf.int, rho, tanh(atanh(rho) - z), tanh(atanh(rho) + z))), "\n")
}
x <- c(1, 2, 2, 3, 3, 3); y <- c(5, 3, 4, 4, 1, 1)
pearson <- cor.test(x, y, conf.level = 0.9); rho <- cor(x, y, method = "spearman"); z <- qnorm(0.95) * sqrt((1 + rho^2 / 2) / 3)
cat("ties", sprintf("%.15f", c(pearson$estimate, pearson$conf.int, rho, tanh(atanh(rho) - z), tanh(atanh(rho) + z))), "\n")
