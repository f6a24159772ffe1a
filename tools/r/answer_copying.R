# Wollack's (1997) omega with scores in place of options, known dichotomous items; the corrected z by Snijders' (2001) route written with
# projections: weights of the matches less their regression on the derivative of the log-likelihood.
# The numbers printed are those of AnswerCopyingTests. Rscript tools/r/answer_copying.R
a <- seq(0.6, 1.8, length.out = 10); b <- seq(-2, 2, length.out = 10)
P <- function(theta) plogis(a * (theta - b))
x <- rbind(c(1, 1, 1, 1, 1, 0, 1, 0, 0, 0), c(0, 0, 1, 0, 1, 0, 1, 1, 0, 1), c(1, 0, 1, 1, 0, 1, 0, 0, 0, 0))
score <- function(theta, x) sum(a * (x - P(theta)))
for (method in c("ML", "WLE", "MAP")) for (pair in list(c(1, 2), c(2, 3), c(3, 1))) {
  r0 <- switch(method, ML = function(t) 0, WLE = function(t) { p <- P(t); sum(a^3 * p * (1 - p) * (1 - 2 * p)) / (2 * sum(a^2 * p * (1 - p))) }, MAP = function(t) -t)
  own <- x[pair[1], ]; source <- x[pair[2], ]
  theta <- uniroot(function(t) score(t, own) + r0(t), c(-8, 8), tol = 1e-13)$root
  p <- P(theta); v <- p * (1 - p)
  match <- ifelse(source == 1, p, 1 - p)
  # A match is a linear function of the own answer: weight +1 or -1.
  u <- ifelse(source == 1, 1, -1); k <- sum(u * a * v) / sum(a^2 * v); left <- u - k * a
  matches <- sum(own == source)
  z <- (sum(u * (own - p)) + k * r0(theta)) / sqrt(sum(left^2 * v))
  cat(sprintf("%s %d from %d: matches %d expected %.9f omega %.9f z %.9f p %.9f\n", method, pair[1], pair[2], matches, sum(match),
    (matches - sum(match)) / sqrt(sum(match * (1 - match))), z, pnorm(-z)))
}
