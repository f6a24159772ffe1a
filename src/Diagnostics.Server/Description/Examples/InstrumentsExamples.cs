using System.Text.Json.Nodes;
using Diagnostics.Engine.Instruments;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Instruments;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on instruments for the API description.</summary>
internal static class InstrumentsExamples
{
    private static readonly InstrumentDocument Map = new(
        InstrumentKind.SkillMap,
        "reading-literacy-5-9",
        1,
        "Читательская грамотность, 5–9 классы",
        new("teacher", 1),
        ExampleStory.BankLoaded,
        new JsonObject
        {
            ["passMark"] = 51,
            ["skills"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "Формулировать основную мысль текста",
                    ["also"] = new JsonArray("Определять основную мысль текста"),
                    ["shows"] = new JsonArray(
                        new JsonObject
                        {
                            ["deficit"] = "Формирование читательской грамотности",
                            ["competency"] = "methodical.planning",
                            ["weight"] = 2,
                        }
                    ),
                }
            ),
        }
    );

    internal static IEnumerable<Example> All =>
        [
            Gives(
                "ListInstruments",
                new Page<InstrumentSummary>([new(Map.Kind, Map.Code, Map.Version, Map.Title, Map.Framework, Map.CreatedAt)], null)
            ),
            Gives("GetInstrument", Map),
            .. Refuses(InstrumentRules.UnknownKind("survey"), "ListInstruments"),
            .. Refuses(InstrumentRules.NotFound, "GetInstrument"),
        ];
}
