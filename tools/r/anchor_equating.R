# Equating by an anchor that two groups share, by the formulas of Kolen and Brennan (2014), chs. 4-5, written out; standard errors of the linear
# methods by the infinitesimal jackknife, which needs no formula of the delta method. X: items 1-16 of odd rows, Y: items 9-24 of even rows,
# anchor: items 9-16. The numbers printed are those of AnchorEquatingTests.
# Rscript tools/r/anchor_equating.R tests/Diagnostics.Psychometrics.Tests/Reference/verbagg_dich.csv
answers <- as.matrix(read.csv(commandArgs(TRUE)[1])[, -(1:3)])
odd <- seq(1, nrow(answers), 2); even <- seq(2, nrow(answers), 2)
x <- rowSums(answers[odd, 1:16]); xv <- rowSums(answers[odd, 9:16]); y <- rowSums(answers[even, 9:24]); yv <- rowSums(answers[even, 9:16])
moments <- function(t, v, w = rep(1 / length(t), length(t))) { w <- w / sum(w); mt <- sum(w * t); mv <- sum(w * v)
  list(t = mt, v = mv, tt = sum(w * (t - mt)^2), vv = sum(w * (v - mv)^2), tv = sum(w * (t - mt) * (v - mv))) }
line <- function(method, X, Y, w1, score) {
  w2 <- 1 - w1
  gamma <- function(m) switch(method, tucker = m$tv / m$vv, chained = sqrt(m$tt / m$vv), external = , trueexternal = (m$tt + m$tv) / (m$vv + m$tv), m$tt / m$tv)
  g1 <- gamma(X); g2 <- gamma(Y)
  if (method %in% c("chained", "true", "trueexternal")) return(Y$t + g2 * (X$v - Y$v) + g2 / g1 * (score - X$t))
  mx <- X$t - w2 * g1 * (X$v - Y$v); my <- Y$t + w1 * g2 * (X$v - Y$v)
  vx <- X$tt - w2 * g1^2 * (X$vv - Y$vv) + w1 * w2 * g1^2 * (X$v - Y$v)^2
  vy <- Y$tt + w1 * g2^2 * (X$vv - Y$vv) + w1 * w2 * g2^2 * (X$v - Y$v)^2
  my + sqrt(vy / vx) * (score - mx)
}
scores <- c(0, 5, 16)
for (w1 in c(0.5, 1)) for (method in c("chained", "tucker", "levine", "external", "true", "trueexternal")) {
  e <- line(method, moments(x, xv), moments(y, yv), w1, scores)
  variance <- 0
  for (i in seq_along(x)) { h <- 1e-5; d <- function(s) { w <- rep(1, length(x)); w[i] <- 1 + s; line(method, moments(x, xv, w), moments(y, yv), w1, scores) }
    variance <- variance + ((d(h) - d(-h)) / (2 * h))^2 }
  for (i in seq_along(y)) { h <- 1e-5; d <- function(s) { w <- rep(1, length(y)); w[i] <- 1 + s; line(method, moments(x, xv), moments(y, yv, w), w1, scores) }
    variance <- variance + ((d(h) - d(-h)) / (2 * h))^2 }
  cat(w1, method, sprintf("%.8f", e), "errors", sprintf("%.7f", sqrt(variance)), "\n")
}
# Equipercentile functions of whole scores spread over +-1/2; where nobody has a score, the middle of the upper and the lower inverse.
rank <- function(f, s) { k <- pmin(pmax(floor(s + 0.5), 0), length(f) - 1); F <- cumsum(f); c(0, F)[k + 1] + (s - k + 0.5) * f[k + 1] }
inverse <- function(f, p) sapply(p, function(q) { F <- cumsum(f); K <- length(f) - 1
  up <- which(F > q + 1e-12); upper <- if (length(up)) up[1] - 1.5 + (q - c(0, F)[up[1]]) / f[up[1]] else K + 0.5
  low <- which(F < q - 1e-12); l <- if (length(low)) max(low) else 0
  lower <- if (q > 0) l - 0.5 + (q - c(0, F)[l + 1]) / f[l + 1] else -0.5
  (upper + lower) / 2 })
share <- function(s, top) tabulate(s + 1, top + 1) / length(s)
fx <- share(x, 16); hx <- share(xv, 8); fy <- share(y, 16); hy <- share(yv, 8)
cat("chained equipercentile", sprintf("%.8f", inverse(fy, rank(hy, inverse(hx, rank(fx, 0:16))))), "\n")
joint <- function(t, v) table(factor(t, 0:16), factor(v, 0:8)) / length(t)
for (w1 in c(0.5, 1)) {
  given_x <- sweep(joint(x, xv), 2, hx, "/"); given_y <- sweep(joint(y, yv), 2, hy, "/")
  sx <- w1 * fx + (1 - w1) * as.vector(given_x %*% hy); sy <- w1 * as.vector(given_y %*% hx) + (1 - w1) * fy
  cat("frequency estimation", w1, sprintf("%.8f", inverse(sy, rank(sx, 0:16))), "\n")
}
