using Diagnostics.Engine;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.Forms.Writing;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Server.Http;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on forms for the API description.</summary>
internal static class FormsExamples
{
    private static readonly Blueprint Blueprint = new(
        ExampleStory.Blueprint,
        "Учитель математики, 5–9 классы",
        "teacher",
        1,
        120,
        [
            new(1, "subject", "subject.algebra.numbers", ItemType.ShortAnswer, 1, Points.From(1), "math-divisibility"),
            new(2, "subject", "subject.algebra.equations", ItemType.Matching, 2, Points.From(2), "math-root-count"),
            new(3, "methodical", "methodical.assessment.errors", ItemType.ExtendedResponse, 3, Points.From(4), "method-lost-root"),
        ]
    );

    private static readonly BlueprintView BlueprintView = new(Blueprint.Code, 1, ExampleStory.BankLoaded, Blueprint.MaxPoints, Blueprint);

    private static readonly FormSummary Form = new(
        Id: ExampleStory.Form,
        Title: Blueprint.Title,
        Blueprint: Blueprint.Code,
        BlueprintVersion: 1,
        Framework: Blueprint.Framework,
        FrameworkVersion: 1,
        TimeLimitMinutes: Blueprint.TimeLimitMinutes,
        CreatedAt: ExampleStory.BankLoaded,
        FrozenAt: ExampleStory.Published
    );

    private static readonly FormView FormView = new(
        Form,
        [
            .. Blueprint.Slots.Select(slot => new FormSlotView(
                Slot: slot.Number,
                Facet: slot.Facet!,
                FacetVersion: 1,
                Block: slot.Block,
                Element: slot.Element,
                Type: slot.Type,
                Difficulty: slot.Difficulty,
                Points: slot.Points,
                Items: [.. Enumerable.Range(1, Facet.Variants).Select(variant => new FormItem(variant, $"{slot.Facet}-{variant}", 1))]
            )),
        ]
    );

    private static readonly SlotProblem Draft = new(
        1,
        "math-divisibility",
        "facet-not-usable",
        "Фасет «math-divisibility» — черновик, а нужен утверждённый или действующий."
    );

    internal static IEnumerable<Example> All =>
        [
            Takes("AddBlueprint", Blueprint),
            .. new List<string> { BankUpload.Yaml, "text/yaml", "text/plain" }.Select(type =>
                Takes("AddBlueprint", "body", null, BlueprintWriter.Text(Blueprint), type)
            ),
            Gives("AddBlueprint", BlueprintView, 201),
            .. Refuses(
                Refusal
                    .Invalid("blueprint-has-errors", "Спецификация не принята: исправьте ошибки.")
                    .With(
                        "findings",
                        new[]
                        {
                            new Finding(
                                "element-unknown",
                                Severity.Error,
                                "new/blueprint.yaml",
                                8,
                                null,
                                "README банка",
                                "Элемента «subject.algebra.number» нет в рамке компетенций.",
                                "Возьмите коды блока и элемента из папки frameworks."
                            ),
                        }
                    ),
                "AddBlueprint"
            ),
            Gives("ListBlueprints", new Page<BlueprintSummary>([new(Blueprint.Code, 1, Blueprint.Title, ExampleStory.BankLoaded)], null)),
            Gives("GetBlueprint", BlueprintView),
            .. Refuses(FormsStage.NoBlueprint, "GetBlueprint", "AddForm"),
            Takes(
                "AddForm",
                new AddFormRequest(
                    Blueprint.Code,
                    1,
                    new Dictionary<int, string> { [1] = "math-divisibility" },
                    "Входная диагностика учителей математики, осень 2026"
                )
            ),
            Gives("AddForm", FormView with { Form = Form with { FrozenAt = null } }, 201),
            .. Refuses(
                Refusal
                    .Invalid("slots-not-filled", $"Форму собрать нельзя, в скобках номера позиций. [1] {Draft.Detail}")
                    .With("slots", new[] { Draft }),
                "AddForm"
            ),
            Gives("ListForms", new Page<FormSummary>([Form], null)),
            Gives("GetForm", FormView),
            Gives(
                "GetFormParallelism",
                new ParallelismReport(
                    true,
                    [new("same-types", "п. 3.6.2", "Типы заданий одинаковы", true, [])],
                    [
                        .. Enumerable
                            .Range(1, Facet.Variants)
                            .Select(variant => new VariantSummary(
                                variant,
                                Blueprint.Slots.Count,
                                Blueprint.MaxPoints,
                                Blueprint.Slots.ToDictionary(slot => Codes.Of(slot.Type), _ => 1),
                                Blueprint.Slots.ToDictionary(slot => $"{slot.Difficulty}", _ => 1),
                                Blueprint
                                    .Slots.GroupBy(slot => slot.Block)
                                    .ToDictionary(block => block.Key, block => block.Select(slot => slot.Points).Sum())
                            )),
                    ]
                )
            ),
            .. Refuses(FormsStage.NoForm, "GetForm", "GetFormParallelism"),
        ];
}
