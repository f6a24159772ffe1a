using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Diagnostics.Server.Description;
using Diagnostics.UseCases.Execution;

namespace Diagnostics.Server.Tests.Http;

/// <summary>
/// The result that a repeated request gets is stored as JSON and read back into the use case's own type.
/// </summary>
public sealed class RepetitionTests
{
    public static TheoryData<string> Kept =>
        [.. UseCaseCatalog.All.Where(useCase => Of(useCase).Repetition is Repetition.GivesResultAgain).Select(useCase => useCase.Name)];

    [Theory]
    [MemberData(nameof(Kept))]
    public void A_kept_result_reads_back_as_it_was(string operation)
    {
        var useCase = UseCaseCatalog.All.Single(type => type.Name == operation);
        var result = ResultOf(useCase);
        // An operation without an example returns nothing at all, or only a refusal.
        foreach (var shown in ExampleWriter.All.Where(example => example.Operation == operation && example is { Status: >= 200 and < 300 }))
        {
            shown.Value.Should().BeAssignableTo(result, "the example is of the use case's own result");
            var kept = JsonSerializer.Serialize(shown.Value, result, Json.Options);

            var again = JsonSerializer.Serialize(JsonSerializer.Deserialize(kept, result, Json.Stored), result, Json.Options);

            JsonNode.DeepEquals(JsonNode.Parse(again), JsonNode.Parse(kept)).Should().BeTrue($"{kept} came back as {again}");
        }
    }

    /// <summary>An example need not show every member of its result, and what it leaves out must be readable too.</summary>
    [Theory]
    [MemberData(nameof(Kept))]
    public void Every_part_of_a_kept_result_can_be_read(string operation)
    {
        var parts = new HashSet<Type>();
        Collect(ResultOf(UseCaseCatalog.All.Single(type => type.Name == operation)), parts);

        foreach (var part in parts)
            FluentActions
                .Invoking(() => JsonSerializer.Deserialize("{}", part, Json.Stored))
                .Should()
                .NotThrow<InvalidOperationException>($"{part} is a part of the result of {operation}");
    }

    [Fact]
    public void Most_operations_that_are_done_once_show_what_they_give() =>
        UseCaseCatalog
            .All.Where(useCase => Of(useCase).Repetition is Repetition.GivesResultAgain)
            .Count(useCase => ExampleWriter.All.Any(example => example.Operation == useCase.Name && example.Status is >= 200 and < 300))
            .Should()
            .BeGreaterThan(25);

    private static void Collect(Type type, HashSet<Type> parts)
    {
        var info = Json.Stored.GetTypeInfo(type);
        if (info.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
            Collect(info.ElementType!, parts);
        if (info.Kind is not JsonTypeInfoKind.Object || !parts.Add(type))
            return;
        foreach (var member in info.Properties)
            Collect(member.PropertyType, parts);
        foreach (var derived in info.PolymorphismOptions?.DerivedTypes ?? [])
            Collect(derived.DerivedType, parts);
    }

    private static Operation Of(Type useCase) =>
        (Operation)
            useCase
                .GetField("Operation", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
                .GetValue(null)!;

    private static Type ResultOf(Type useCase)
    {
        for (var type = useCase.BaseType; type is not null; type = type.BaseType)
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(UseCase<,>))
                return type.GetGenericArguments()[1];
        throw new InvalidOperationException($"{useCase} is no use case.");
    }
}
