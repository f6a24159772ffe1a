# Marginal maximum likelihood by brute force: 121 points on +-8, optim, Newton steps with differences; errors from the Hessian.
# Graded response and rating scale models, new items beside known ones, the drift of a known item, errors of linking, M2.
# The numbers printed are those of MarginalModelTests, FixedItemCalibrationTests, LimitedInformationTests and LinkingErrorsTests.
# Rscript tools/r/marginal_models.R tests/Diagnostics.Psychometrics.Tests/Reference
folder <- commandArgs(TRUE)[1]
poly <- as.matrix(read.csv(file.path(folder, "verbagg_poly.csv"))[, -(1:3)])
dich <- as.matrix(read.csv(file.path(folder, "verbagg_dich.csv"))[, -(1:3)])
z <- seq(-8, 8, length.out = 121); w <- dnorm(z); w <- w / sum(w)
# probabilities(p): a list of matrices, categories by points.
loglik <- function(p, x, probabilities) {
  P <- probabilities(p); e <- matrix(0, nrow(x), length(z))
  for (j in seq_len(ncol(x))) e <- e + log(pmax(P[[j]], 1e-300))[x[, j] + 1, ]
  sum(log(exp(e) %*% w))
}
gradient <- function(f, p, h = 1e-4) sapply(seq_along(p), function(k) {
  d <- replace(numeric(length(p)), k, h); (8 * (f(p + d) - f(p - d)) - (f(p + 2 * d) - f(p - 2 * d))) / (12 * h) })
hessian <- function(f, p, h = 1e-3) { H <- sapply(seq_along(p), function(k) {
  d <- replace(numeric(length(p)), k, h); (8 * (gradient(f, p + d) - gradient(f, p - d)) - (gradient(f, p + 2 * d) - gradient(f, p - 2 * d))) / (12 * h) }); (H + t(H)) / 2 }
fit <- function(start, x, probabilities) {
  f <- function(p) loglik(p, x, probabilities)
  p <- optim(start, function(p) -f(p), function(p) -gradient(f, p), method = "BFGS", control = list(maxit = 500, reltol = 1e-14))$par
  for (k in 1:2) { H <- hessian(f, p); p <- p - solve(H, gradient(f, p)) }
  list(p = p, value = f(p), covariance = solve(-H))
}
show <- function(name, values, digits = 6) cat(name, sprintf(paste0("%.", digits, "f"), values), "\n")
credit <- function(slope, d) { e <- rbind(0, outer(seq_along(d), slope * z) + d); e <- exp(e - rep(apply(e, 2, max), each = nrow(e))); t(t(e) / colSums(e)) }

cat("== graded response, 6 items\n")
x <- poly[, 1:6]
graded <- function(p) lapply(1:6, function(j) { q <- p[3 * j - 2:0]; S <- rbind(1, plogis(q[1] * z + q[2]), plogis(q[1] * z + q[3]), 0); S[1:3, ] - S[2:4, ] })
start <- unlist(lapply(1:6, function(j) c(1, qlogis(mean(x[, j] >= 1)), qlogis(mean(x[, j] >= 2)))))
g <- fit(start, x, graded)
show("log-likelihood", g$value)
for (j in 1:6) { q <- g$p[3 * j - 2:0]; C <- g$covariance[3 * j - 2:0, 3 * j - 2:0]; b <- -q[-1] / q[1]
  e <- sapply(1:2, function(k) { D <- c(q[k + 1] / q[1]^2, 0, 0); D[k + 1] <- -1 / q[1]; sqrt(D %*% C %*% D) })
  show(paste("item", j), c(q[1], b, sqrt(C[1, 1]), e)) }
P <- graded(g$p); e <- log(P[[1]][x[1, 1] + 1, ]); for (j in 2:6) e <- e + log(P[[j]][x[1, j] + 1, ])
post <- w * exp(e); post <- post / sum(post); m <- sum(post * z)
show("ability of the first person", c(m, sqrt(sum(post * (z - m)^2))))

cat("== rating scale, 6 items\n")
scale <- function(p) lapply(1:6, function(j) credit(p[1], c(p[j + 1] + p[8], 2 * p[j + 1])))
r <- fit(c(1, rep(0, 7)), x, scale)
show("log-likelihood", r$value)
show("variance, error", c(r$p[1]^2, 2 * r$p[1] * sqrt(r$covariance[1, 1])))
show("locations", -r$p[2:7]); show("location errors", sqrt(diag(r$covariance)[2:7]))
# Steps of the first item: -(beta + T) and -(beta - T).
D <- rbind(c(0, -1, rep(0, 5), -1), c(0, -1, rep(0, 5), 1))
show("steps of item 1, errors", c(D %*% r$p, sqrt(diag(D %*% r$covariance %*% t(D)))))

cat("== new items 7-10 beside known items 1-6, odd rows\n")
group <- dich[seq(1, nrow(dich), 2), 1:10]
a <- c(1.2, 1.4, 1.5, 1.1, 1.3, 0.9); b <- c(-1.0, -0.4, -0.1, -1.3, -0.6, 0.1)
known <- function(free, p, j) if (j %in% free) NULL else credit(a[j] * p[1], -a[j] * b[j] + a[j] * p[2])
two <- function(free) function(p) { at <- 3; lapply(1:10, function(j) { K <- if (j <= 6) known(free, p, j); if (!is.null(K)) return(K)
  K <- credit(p[at], p[at + 1]); at <<- at + 2; K }) }
new_items <- function(f, places) for (k in places) {
  # a = alpha/sigma, b = mu - sigma delta/alpha
  i <- 2 * k + 1; al <- f$p[i]; de <- f$p[i + 1]; s <- f$p[1]; m <- f$p[2]; D <- matrix(0, 2, length(f$p))
  D[1, i] <- 1 / s; D[1, 1] <- -al / s^2; D[2, 2] <- 1; D[2, i + 1] <- -s / al; D[2, i] <- s * de / al^2; D[2, 1] <- -de / al
  show(paste("free item", k), c(al / s, m - s * de / al, sqrt(diag(D %*% f$covariance %*% t(D))))) }
held <- fit(c(1, 0, rep(c(1, 0), 4)), group, two(integer(0)))
show("log-likelihood, mean, deviation, errors", c(held$value, held$p[2:1], sqrt(diag(held$covariance)[2:1])))
new_items(held, 1:4)
released <- fit(c(1, 0, rep(c(1, 0), 5)), group, two(3))
show("item 3 released: statistic", 2 * (released$value - held$value)); new_items(released, 1)
cat("== the same under Rasch: known difficulties b\n")
one <- function(free) function(p) { at <- 3; lapply(1:10, function(j) if (j <= 6 && !(j %in% free)) credit(p[1], -b[j] + p[2]) else { K <- credit(p[1], p[at]); at <<- at + 1; K }) }
held <- fit(c(1, 0, rep(0, 4)), group, one(integer(0)))
show("log-likelihood, mean, deviation, errors", c(held$value, held$p[2:1], sqrt(diag(held$covariance)[2:1])))
for (k in 3:6) { D <- replace(numeric(6), c(2, k), c(1, -1)); show(paste("item", k + 4), c(D %*% held$p, sqrt(D %*% held$covariance %*% D))) }
released <- fit(c(1, 0, rep(0, 5)), group, one(3)); D <- replace(numeric(7), c(2, 3), c(1, -1))
show("item 3 released: statistic, difficulty, error", c(2 * (released$value - held$value), D %*% released$p, sqrt(D %*% released$covariance %*% D)))

cat("== errors of linking: 2PL, items 1-6, odd and even rows\n")
pl <- function(p) lapply(1:6, function(j) credit(p[2 * j - 1], p[2 * j]))
half <- lapply(1:2, function(k) fit(rep(c(1, 0), 6), dich[seq(k, nrow(dich), 2), 1:6], pl))
# p holds slopes and difficulties in turn.
ab <- function(p) { p <- matrix(p, 2); rbind(p[1, ], -p[2, ] / p[1, ]) }
theta <- seq(-4, 4, length.out = 161)
prob <- function(m, A = 1, B = 0) plogis(sweep(outer(theta, A * m[2, ] + B, "-"), 2, m[1, ] / A, "*"))
curve <- function(x, y, total) { crit <- function(q) { A <- exp(q[1]); B <- q[2]
    d1 <- prob(x, A, B) - prob(y); d2 <- prob(y, 1 / A, -B / A) - prob(x)
    if (total) sum(rowSums(d1)^2) + sum(rowSums(d2)^2) else sum(d1^2) + sum(d2^2) }
  q <- c(0, 0); for (k in 1:4) q <- optim(q, crit, method = "BFGS", control = list(reltol = 1e-16, maxit = 1000))$par
  for (k in 1:2) q <- q - solve(hessian(crit, q, 1e-3), gradient(crit, q, 1e-4)); c(exp(q[1]), q[2]) }
links <- list(
  "mean/mean" = function(x, y) { A <- mean(x[1, ]) / mean(y[1, ]); c(A, mean(y[2, ]) - A * mean(x[2, ])) },
  "mean/sigma" = function(x, y) { A <- sd(y[2, ]) / sd(x[2, ]); c(A, mean(y[2, ]) - A * mean(x[2, ])) },
  "Haebara" = function(x, y) curve(x, y, FALSE), "Stocking-Lord" = function(x, y) curve(x, y, TRUE))
for (name in names(links)) {
  f <- function(p) links[[name]](ab(p[1:12]), ab(p[13:24]))
  p <- c(half[[1]]$p, half[[2]]$p)
  J <- sapply(1:24, function(k) { d <- replace(numeric(24), k, 1e-3); (8 * (f(p + d) - f(p - d)) - (f(p + 2 * d) - f(p - 2 * d))) / 12e-3 })
  C <- matrix(0, 24, 24); C[1:12, 1:12] <- half[[1]]$covariance; C[13:24, 13:24] <- half[[2]]$covariance
  V <- J %*% C %*% t(J)
  show(name, c(f(p), sqrt(diag(V)), V[1, 2]))
}

cat("== M2 of five items with three categories, by all 243 patterns\n")
x <- poly[, 1:5]; patterns <- as.matrix(expand.grid(rep(list(0:2), 5)))
M <- rbind(t(patterns), t(combn(5, 2, function(i) patterns[, i[1]] * patterns[, i[2]])))
observed <- c(colMeans(x), combn(5, 2, function(i) mean(x[, i[1]] * x[, i[2]])))
m2 <- function(name, start, probabilities) {
  f <- fit(start, x, probabilities)
  shares <- function(p) { P <- probabilities(p); apply(patterns, 1, function(v) sum(w * Reduce(`*`, lapply(1:5, function(j) P[[j]][v[j] + 1, ])))) }
  s <- shares(f$p); Xi <- M %*% (diag(s) - s %o% s) %*% t(M)
  D <- sapply(seq_along(f$p), function(k) { d <- replace(numeric(length(f$p)), k, 1e-4); M %*% (shares(f$p + d) - shares(f$p - d)) / 2e-4 })
  r <- observed - M %*% s; I <- solve(Xi); n <- nrow(x)
  value <- n * (t(r) %*% (I - I %*% D %*% solve(t(D) %*% I %*% D) %*% t(D) %*% I) %*% r); df <- nrow(M) - length(f$p)
  bound <- function(q) if (pchisq(value, df) < q) 0 else uniroot(function(l) pchisq(value, df, l) - q, c(0, 1000), tol = 1e-12)$root
  show(name, c(value, df, pchisq(value, df, lower.tail = FALSE), sqrt(pmax(0, c(value - df, bound(.95), bound(.05))) / df / (n - 1)))) }
m2("partial credit", c(1, rep(0, 10)), function(p) lapply(1:5, function(j) credit(p[1], p[2 * j + 0:1])))
m2("rating scale", c(1, rep(0, 6)), function(p) lapply(1:5, function(j) credit(p[1], c(p[j + 1] + p[7], 2 * p[j + 1]))))
