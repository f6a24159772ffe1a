using System.Globalization;
using System.Text;
using Diagnostics.Engine;
using Diagnostics.Engine.Calibration;
using Diagnostics.Engine.ItemBank;

namespace Diagnostics.UseCases.Calibration;

/// <summary>
/// The matrix of a calibration as files that R reads. Each export numbers people, schools and sites in a new random
/// order, so that two exports cannot be matched. Nothing in the files names anybody.
/// </summary>
internal static class ScoreFiles
{
    private const string NotPresented = "NA";

    /// <param name="random">Gives the random order; it is not kept.</param>
    /// <returns>The text of each file, by its name.</returns>
    internal static SortedDictionary<string, string> Of(CalibrationInputs inputs, SeededRandom random)
    {
        var persons = random.Permutation(inputs.Persons.Count).Select(at => inputs.Persons[at]).ToList();
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["README.md"] = Readme,
            ["analyse.R"] = Script,
            ["items.csv"] = Items(inputs),
            ["persons.csv"] = Persons(persons, random),
            ["scores.csv"] = Wide(inputs, persons, (person, at) => person.Scores[at].ToString(CultureInfo.InvariantCulture)),
            ["options.csv"] = Wide(inputs, persons, (person, at) => Chosen(inputs.Of(person.Variant)[at], person.Choices[at])),
            ["answered.csv"] = Wide(inputs, persons, (person, at) => person.Answered[at] ? "1" : "0"),
        };
    }

    private static string Items(CalibrationInputs inputs)
    {
        var lines = new StringBuilder("item,variant,slot,version,block,element,type,difficulty,maximum,key\n");
        foreach (var item in inputs.Items)
        {
            var keys = string.Join('+', item.Keys.Select(key => item.Options[key]));
            lines
                .Append(CultureInfo.InvariantCulture, $"{Column(item)},{item.Variant},{item.Slot},{item.Version},")
                .Append(CultureInfo.InvariantCulture, $"{Cell(item.Block)},{Cell(item.Element)},{Codes.Of(item.Type)},")
                .Append(CultureInfo.InvariantCulture, $"{item.Difficulty},{item.Maximum},{Cell(keys)}\n");
        }
        return lines.ToString();
    }

    private static string Persons(List<CalibrationPerson> persons, SeededRandom random)
    {
        var organisations = Pseudonyms("o", persons.Select(person => person.Organisation), random);
        var sites = Pseudonyms("s", persons.Select(person => person.Site), random);
        var lines = new StringBuilder("person,variant,territory,organisation,site\n");
        for (var at = 0; at < persons.Count; at++)
        {
            var (person, name) = (persons[at], Name(at));
            var organisation = person.Organisation is { } own ? organisations[own] : NotPresented;
            lines.Append(
                CultureInfo.InvariantCulture,
                $"{name},{person.Variant},{(person.Territory is { } territory ? Cell(territory) : NotPresented)},{organisation},{sites[person.Site]}\n"
            );
        }
        return lines.ToString();
    }

    private static string Wide(CalibrationInputs inputs, List<CalibrationPerson> persons, Func<CalibrationPerson, int, string> cell)
    {
        var lines = new StringBuilder("person,variant,").AppendJoin(',', inputs.Items.Select(Column)).Append('\n');
        for (var at = 0; at < persons.Count; at++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{Name(at)},{persons[at].Variant}");
            var place = 0;
            foreach (var item in inputs.Items)
                lines.Append(',').Append(item.Variant == persons[at].Variant ? cell(persons[at], place++) : NotPresented);
            lines.Append('\n');
        }
        return lines.ToString();
    }

    /// <summary>
    /// Writes a text as RFC 4180 requires: in quotes when it contains a comma, a quote or a line break.
    /// </summary>
    internal static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Chosen(CalibrationItem item, int choice) =>
        choice < 0 ? NotPresented
        : item.Type.ChoosesOne() ? item.Options[choice]
        : string.Join('+', Enumerable.Range(0, item.Options.Count).Where(at => (choice >> at & 1) == 1).Select(at => item.Options[at]));

    private static Dictionary<string, string> Pseudonyms(string prefix, IEnumerable<string?> names, SeededRandom random)
    {
        // These names are shuffled, too; otherwise the first number would give away the first name in alphabetical
        // order.
        var all = names.OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        return random
            .Permutation(all.Count)
            .Select((at, number) => (Name: all[at], Number: number + 1))
            .ToDictionary(pair => pair.Name, pair => string.Create(CultureInfo.InvariantCulture, $"{prefix}{pair.Number:000}"));
    }

    private static string Name(int at) => string.Create(CultureInfo.InvariantCulture, $"p{at + 1:00000}");

    // Column names have no hyphens, because data.frame in R would replace them.
    private static string Column(CalibrationItem item) => item.Code.Replace('-', '_');

    private const string Readme = """
        # Баллы для расчётов в R

        Выгружено службой «Diagnostics». Людей, школ и площадок здесь нет: номера придуманы для этой выгрузки и больше нигде не
        хранятся. Ключи в `items.csv` — есть: держите файлы так же, как банк заданий.

        | файл | что внутри |
        |---|---|
        | `scores.csv` | человек × задания всех вариантов, баллы; `NA` — задание другого варианта, пропуск — 0 |
        | `options.csv` | что выбрано в заданиях с выбором (`a+c` — несколько); `NA` — не предъявлено, не ответил или не выбор |
        | `answered.csv` | 1 — ответ дан, 0 — пропущено |
        | `persons.csv` | вариант, территория, школа, площадка |
        | `items.csv` | вариант, позиция, версия, блок, элемент, тип, сложность, максимум, ключ |

        `analyse.R` читает их и показывает, какими вызовами повторить расчёты службы: `TAM`, `mirt`, `psychotools`, `psych`, `equate`,
        `difR`.

        """;

    private const string Script = """
        # install.packages(c("TAM", "mirt", "psychotools", "psych", "equate", "difR")); what is not installed is passed over.
        has <- function(package) requireNamespace(package, quietly = TRUE)
        scores  <- read.csv("scores.csv", na.strings = "NA")
        items   <- read.csv("items.csv")
        persons <- read.csv("persons.csv")
        points <- as.matrix(scores[, items$item])
        items  <- items[colSums(!is.na(points)) > 0, ]
        points <- points[, items$item]
        # An item without some of its points (all or nothing) has fewer categories: 0 and 2 become 0 and 1, as in the service.
        X <- apply(points, 2, function(x) match(x, sort(unique(x))) - 1)

        # Partial credit, marginal maximum likelihood, abilities N(0, s2): model "pcm" of the service.
        if (has("TAM")) {
          pcm <- TAM::tam.mml(X, irtmodel = "PCM", verbose = FALSE)
          print(c(logLik = as.numeric(logLik(pcm)), AIC = AIC(pcm), BIC = BIC(pcm)))
          print(pcm$xsi)
        }

        # Generalized partial credit: model "gpcm".
        if (has("mirt")) {
          gpcm <- mirt::mirt(as.data.frame(X), 1, itemtype = "gpcm", SE = TRUE, verbose = FALSE)
          print(mirt::coef(gpcm, IRTpars = TRUE, simplify = TRUE)$items)
        }

        for (variant in sort(unique(persons$variant))) {
          here <- persons$variant == variant
          own  <- items$item[items$variant == variant]
          cat("variant", variant, "n =", sum(here), "mean =", mean(rowSums(points[here, own])), "\n")
          if (has("psych")) cat("alpha =", psych::alpha(points[here, own], warnings = FALSE)$total$raw_alpha, "\n")
          # Partial credit by conditional maximum likelihood, one variant at a time: variants have no common items.
          if (has("psychotools")) print(psychotools::itempar(psychotools::pcmodel(X[here, own], hessian = FALSE), vcov = FALSE))
        }

        # Variants beside the first, random groups, equipercentile with log-linear smoothing.
        if (has("equate")) {
          total <- rowSums(points, na.rm = TRUE)
          most  <- sum(items$maximum[items$variant == 1])
          for (variant in setdiff(sort(unique(persons$variant)), 1)) {
            x <- equate::freqtab(total[persons$variant == variant], scales = 0:most)
            y <- equate::freqtab(total[persons$variant == 1], scales = 0:most)
            print(equate::equate(x, y, type = "equipercentile", smoothmethod = "loglinear"))
          }
        }

        # Differential functioning of dichotomous items: difR::difMH(X[here, own], group, focal.name = ...), group from persons.csv.

        """;
}
