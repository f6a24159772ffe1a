using System.Diagnostics;
using System.Globalization;
using Diagnostics.Psychometrics;
using Diagnostics.Psychometrics.ItemResponse;
using Diagnostics.TestKit;

namespace Diagnostics.Benchmarks;

/// <summary>
/// Compares the conditional Rasch fit with psychotools and eRm (Debian: r-cran-psychotools, r-cran-erm) on the same
/// answers in one run, and reports the log-likelihood that each reached. The report names packages that are not
/// installed.
/// </summary>
internal static class BesideR
{
    private const int Repetitions = 5;

    private const string Script = """
        answers <- as.matrix(read.csv(commandArgs(TRUE)[1], header = FALSE))
        time <- function(name, fit, likelihood) {
          if (!requireNamespace(name, quietly = TRUE)) { cat(name, "is not installed\n"); return(invisible()) }
          seconds <- sapply(1:3, function(i) system.time(model <<- fit())[["elapsed"]])
          cat(sprintf("%-12s %9.1f ms  %.5f\n", name, 1000 * median(seconds), likelihood(model)))
        }
        time("psychotools", function() psychotools::raschmodel(answers), function(model) as.numeric(logLik(model)))
        time("eRm", function() eRm::RM(answers), function(model) model$loglik)
        """;

    internal static void Run()
    {
        var answers = PsychometricsBenchmarks.Answers(5_000, 40, 1, false);
        var times = new List<double>();
        var likelihood = 0d;
        for (var repetition = 0; repetition <= Repetitions; repetition++)
        {
            var watch = Stopwatch.StartNew();
            likelihood = ConditionalMaximumLikelihood.Fit(answers).Value.LogLikelihood;
            // The first run compiles the code, so its time does not count.
            if (repetition > 0)
                times.Add(watch.Elapsed.TotalMilliseconds);
        }
        Console.WriteLine("Rasch, conditional maximum likelihood with standard errors, 5,000 x 40: median time, log-likelihood");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{"here", -12} {times.Order().ElementAt(Repetitions / 2), 9:F1} ms  {likelihood:F5}"
            )
        );
        using var folder = new TemporaryFolder();
        var (data, script) = (folder.File("answers.csv"), folder.File("time.R"));
        File.WriteAllLines(data, Rows(answers));
        File.WriteAllText(script, Script);
        try
        {
            using var r = Process.Start(new ProcessStartInfo("Rscript", [script, data]))!;
            r.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.WriteLine("Rscript is not installed");
        }
    }

    private static IEnumerable<string> Rows(ScoreMatrix answers) =>
        Enumerable
            .Range(0, answers.Persons)
            .Select(person => string.Join(',', Enumerable.Range(0, answers.Items).Select(item => answers[person, item])));
}
