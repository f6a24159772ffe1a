# Mantel-Haenszel where every stratum points the same way: the chi-square of base R, whose odds ratio is infinite.
# The numbers printed are those of DifferentialTests. Rscript tools/r/mantel_haenszel_one_sided.R
# Strata 2 x 2: rows reference, focal; columns right, wrong. The focal group never has the item right.
table <- array(c(4, 0, 2, 5,  6, 0, 1, 4,  5, 0, 0, 3), dim = c(2, 2, 3))
for (correct in c(TRUE, FALSE)) {
  test <- mantelhaen.test(table, correct = correct)
  cat(sprintf("continuity %s: chi-square %.12f, p %.12g, odds ratio %s\n", correct, test$statistic, test$p.value, format(test$estimate)))
}
# The score test of |Delta| = 1 from the noncentral hypergeometric distribution, term by term.
odds <- exp(1 / 2.35); difference <- 0; variance <- 0
for (k in 1:3) {
  t <- table[, , k]; n1 <- sum(t[1, ]); n2 <- sum(t[2, ]); m <- sum(t[, 1])
  x <- max(0, m - n2):min(n1, m)
  w <- choose(n1, x) * choose(n2, m - x) * odds^x; w <- w / sum(w)
  difference <- difference + t[1, 1] - sum(w * x); variance <- variance + sum(w * x^2) - sum(w * x)^2
}
cat(sprintf("score test of Delta = 1: z %.12f\n", difference / sqrt(variance)))
