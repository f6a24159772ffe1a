# Conditional maximum likelihood of the Rasch model with answers missing here and there, by psychotools.
# The numbers printed are those of ConditionalMaximumLikelihoodTests.
# Rscript tools/r/rasch_missing.R tests/Diagnostics.Psychometrics.Tests/Reference/verbagg_dich.csv
answers <- as.matrix(read.csv(commandArgs(TRUE)[1])[, -(1:3)])
# Rows and columns from 0, as in the test.
for (i in seq_len(nrow(answers))) for (j in seq_len(ncol(answers)))
  if ((7919 * (i - 1) + 104729 * (j - 1) + 31 * (i - 1) * (j - 1)) %% 97 < 10) answers[i, j] <- NA
cat("patterns", nrow(unique(is.na(answers))), "missing", mean(is.na(answers)), "\n")
model <- psychotools::raschmodel(answers, reltol = 1e-14, maxit = 1000)
difficulty <- c(0, model$coefficients)
origin <- diag(length(difficulty)) - 1 / length(difficulty)
covariance <- matrix(0, length(difficulty), length(difficulty))
covariance[-1, -1] <- model$vcov
cat(sprintf("log-likelihood %.8f\n", model$loglik))
cat("difficulty", sprintf("%.7f", origin %*% difficulty), "\n")
cat("error", sprintf("%.7f", sqrt(diag(origin %*% covariance %*% t(origin)))), "\n")
