namespace Diagnostics.Psychometrics.Assembly;

/// <summary>Lower bounds on the objective: no form can do better.</summary>
internal static class AssemblyBound
{
    /// <summary>
    /// The bound of the linear relaxation. If fractions of orders were allowed, every variant could get each facet's
    /// mean, so only the targets would hold a form back. The bound is then the minimum, over mixtures of facets, of the
    /// largest w(a)·|mean sum − t(a)|. A subgradient method climbs the dual of this problem (Held, Wolfe and Crowder
    /// 1974, Math. Program. 6, 62–88), and the dual value after every step is a valid bound. Without targets the bound
    /// is 0, and the gap equals the objective.
    /// </summary>
    public static double Relaxed(AssemblyProblem problem)
    {
        int[] aimed =
        [
            .. Enumerable
                .Range(0, problem.Attributes)
                .Where(attribute => problem.Targets[attribute] is not null && problem.Weights[attribute] > 0),
        ];
        if (aimed.Length == 0)
            return 0;
        double[][] means =
        [
            .. problem.Facets.Select(facet =>
                aimed.Select(attribute => problem.Weights[attribute] * facet.Average(item => item[attribute])).ToArray()
            ),
        ];
        double[] targets = [.. aimed.Select(attribute => problem.Weights[attribute] * problem.Targets[attribute]!.Value)];
        // Each attribute has two multipliers, one for falling short of the target and one for exceeding it; all
        // multipliers add up to 1.
        var multipliers = new double[2 * aimed.Length];
        Array.Fill(multipliers, 1.0 / multipliers.Length);
        var (best, scale) = (0.0, targets.Max(Math.Abs) + 1e-9);
        for (var round = 1; round <= 2000; round++)
        {
            var miss = new double[aimed.Length];
            for (var place = 0; place < aimed.Length; place++)
                miss[place] = -targets[place];
            foreach (var slot in problem.Slots)
            {
                var facet = slot.MinBy(candidate => Price(means[candidate], multipliers));
                for (var place = 0; place < aimed.Length; place++)
                    miss[place] += means[facet][place];
            }
            best = Math.Max(best, Price(miss, multipliers));
            var step = 1 / (scale * Math.Sqrt(round));
            for (var place = 0; place < aimed.Length; place++)
            {
                multipliers[2 * place] *= Math.Exp(step * miss[place]);
                multipliers[2 * place + 1] *= Math.Exp(-step * miss[place]);
            }
            var sum = multipliers.Sum();
            for (var place = 0; place < multipliers.Length; place++)
                multipliers[place] = Math.Max(multipliers[place] / sum, 1e-12);
        }
        // Slightly lowered, because the floor of 1e-12 on the multipliers lets their sum slightly exceed 1.
        return best * (1 - 1e-9);

        static double Price(double[] values, double[] multipliers)
        {
            var price = 0.0;
            for (var place = 0; place < values.Length; place++)
                price += (multipliers[2 * place] - multipliers[2 * place + 1]) * values[place];
            return price;
        }
    }
}
