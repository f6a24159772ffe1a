using Diagnostics.Engine;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.ItemBank;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>
/// Examples of operations on the item bank for the API description. The description is public: it contains no item of
/// the bank.
/// </summary>
internal static class ItemBankExamples
{
    private const string Code = "math-divisibility";
    private const string File = ExampleStory.Blueprint + "/facets/" + Code + ".yaml";

    /// <summary>A whole facet as an author writes it; the check finds no errors or warnings in it.</summary>
    private const string Facet = """
        facet: math-divisibility
        title: Делимость натуральных чисел
        block: subject
        element: subject.algebra.numbers
        type: short_answer
        difficulty: 1
        points: 1
        scoring: {rule: short_answer}
        status: draft
        author: z.magomedova
        items:
          - item: math-divisibility-1
            variant: 1
            stem: Наибольший общий делитель чисел 84 и 126 равен ____.
            key:
              numbers: [{value: "42", tolerance: "0"}]
            solution: '84 = 2² · 3 · 7, 126 = 2 · 3² · 7; общие множители дают 2 · 3 · 7 = 42.'
          - item: math-divisibility-2
            variant: 2
            stem: Самое маленькое натуральное число, которое делится и на 12, и на 18, — это ____.
            key:
              numbers: [{value: "36", tolerance: "0"}]
            solution: '12 = 2² · 3, 18 = 2 · 3²; наименьшее общее кратное 2² · 3² = 36.'
          - item: math-divisibility-3
            variant: 3
            stem: При делении 2026 на 7 с остатком получается неполное частное 289 и остаток ____.
            key:
              numbers: [{value: "3", tolerance: "0"}]
            solution: '7 · 289 = 2023, 2026 − 2023 = 3.'
          - item: math-divisibility-4
            variant: 4
            stem: У числа 60 всего ____ натуральных делителей, считая единицу и само число.
            key:
              numbers: [{value: "12", tolerance: "0"}]
            solution: '60 = 2² · 3 · 5, делителей (2 + 1)(1 + 1)(1 + 1) = 12.'

        """;

    private static readonly FacetSummary Latest = new(
        Code: Code,
        Version: 1,
        Diagnostic: ExampleStory.Blueprint,
        Title: "Делимость натуральных чисел",
        Block: "subject",
        Element: "subject.algebra.numbers",
        Type: ItemType.ShortAnswer,
        Difficulty: 1,
        Points: Points.From(1),
        Status: ItemStatus.Draft,
        Author: "z.magomedova",
        Reviewer: null,
        CreatedAt: ExampleStory.Drafted
    );

    private static readonly FacetTransition SentToReview = new(
        1,
        ItemStatus.Draft,
        ItemStatus.Review,
        ExampleStory.Account.ToString("D"),
        null,
        ExampleStory.Published
    );

    private static readonly Finding NoGap = new(
        "gap-marked",
        Severity.Error,
        File,
        14,
        Code + "-1",
        "п. 3.7",
        "В условии не обозначено место для ответа.",
        "Поставьте на место ответа прочерк «____»."
    );

    internal static IEnumerable<Example> All =>
        [
            .. Uploads("LintItems"),
            .. Uploads("WriteFacet"),
            Gives("LintItems", new LintReport(1, 0, [NoGap])),
            Gives("LintStoredItems", new LintReport(0, 0, [])),
            .. Refuses(Refusal.Invalid("files-count", "В files от 1 до 50 файлов."), "LintItems"),
            Gives(
                "WriteFacet",
                new FacetView(Latest, [new(1, ItemStatus.Draft, "z.magomedova", null, false, ExampleStory.Drafted, Items)], [], [])
            ),
            .. Refuses(WriteFacet.WithFindings("Файл не принят: исправьте ошибки.", [NoGap]), "WriteFacet"),
            .. Refuses(Revisions.Stale(2), "WriteFacet"),
            Gives("ListFacets", new Page<FacetSummary>([Latest], Code)),
            Gives(
                "GetFacet",
                new FacetView(
                    Latest with
                    {
                        Status = ItemStatus.Review,
                    },
                    [new(1, ItemStatus.Review, "z.magomedova", null, false, ExampleStory.Drafted, Items)],
                    [SentToReview]
                )
            ),
            Gives("ExportFacetVersion", new BankFilesRequest(new Dictionary<string, string> { [File] = Facet })),
            Takes("MoveFacet", "review", "Автор отправляет версию рецензенту", new TransitionRequest(ItemStatus.Review)),
            Takes(
                "MoveFacet",
                "draft",
                "Рецензент возвращает версию автору",
                new TransitionRequest(
                    ItemStatus.Draft,
                    "Варианты 3 и 4 решаются в одно действие, а варианты 1 и 2 — в два: выровняйте трудность."
                )
            ),
            Gives("MoveFacet", SentToReview, 201),
            .. Refuses(ItemLifecycle.Check(ItemStatus.Retired, ItemStatus.Active, "a", "b", false)!, "MoveFacet"),
            .. Refuses(TextRules.Check("reason", "", 2000)!, "MoveFacet"),
            .. Refuses(FacetView.Unknown, "GetFacet", "ExportFacetVersion", "MoveFacet"),
            .. Refuses(ItemView.Unknown, "GetItem", "GetItemVersion"),
        ];

    /// <summary>Both kinds of upload: one file sent as it is, and several files listed by their paths.</summary>
    private static IEnumerable<Example> Uploads(string operation) =>
        [
            Takes(operation, new BankFilesRequest(new Dictionary<string, string> { [File] = Facet })),
            Takes(operation, "body", null, Facet, BankUpload.Yaml),
            Takes(operation, "body", null, Facet, "text/plain"),
        ];

    private static IReadOnlyList<ItemOfFacet> Items =>
        [.. Enumerable.Range(1, 4).Select(variant => new ItemOfFacet($"{Code}-{variant}", 1, variant))];
}
