using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Diagnostics.Server.Description;
using Diagnostics.Server.Http;
using Diagnostics.TestKit;

namespace Diagnostics.Server.Tests;

/// <summary>
/// Checks that everything the service publishes is Russian: the API description, the schemas of the profile, problems,
/// and the output of commands (<see cref="CommandLineTests"/>). Codes stay English, and are in backticks where several
/// occur together.
/// </summary>
public sealed partial class PublishedLanguageTests
{
    /// <summary>The name of the product.</summary>
    private const string Product = "Diagnostics";

    private static readonly JsonObject Description = Json("diagnostics.v1.json");

    public static TheoryData<string> ProfileSchemas => new("deficit-profile.schema.json", "deficit-profile.schema.1.0.json");

    [Fact]
    public void Every_text_of_the_API_description_is_Russian() =>
        Texts(Description, "").Where(text => text.Text != Product && !IsRussian(text.Text)).Should().BeEmpty();

    [Fact]
    public void Every_schema_property_parameter_and_answer_is_described()
    {
        var silent = Schemas.Where(schema => schema.Value["description"] is null).Select(schema => schema.Key).ToList();
        silent.AddRange(
            from schema in Schemas
            from property in Properties(schema.Value)
            where property.Value["description"] is null && !Speaks(property.Value)
            select $"{schema.Key}.{property.Key}"
        );
        foreach (var operation in Operations)
        {
            var name = (string)operation["operationId"]!;
            silent.AddRange(
                from parameter in operation["parameters"] as JsonArray ?? []
                where parameter["description"] is null
                select $"{name}.{parameter["name"]}"
            );
            silent.AddRange(
                from answer in operation["responses"]!.AsObject()
                where answer.Value!["description"] is null && answer.Value["$ref"] is null
                select $"{name} {answer.Key}"
            );
        }

        silent.Should().BeEmpty("what they are stands in src/Diagnostics.Server/Description/Texts");
    }

    [Fact]
    public void Every_value_of_an_enumeration_is_explained_where_the_enumeration_is()
    {
        var values = (
            from schema in Schemas.SelectMany(schema => Properties(schema.Value).Append(new(schema.Key, schema.Value)))
            where schema.Value["enum"] is not null
            from value in schema.Value["enum"]!.AsArray()
            where value is not null
            select (schema.Key, Code: $"`{value}`", Text: (string?)schema.Value["description"])
        ).ToList();

        values.Should().HaveCountGreaterThan(200);
        values.Where(value => value.Text?.Contains(value.Code, StringComparison.Ordinal) is not true).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(ProfileSchemas))]
    public void Every_text_of_the_schemas_of_the_profile_is_Russian_and_none_is_missing(string file)
    {
        var schema = Json(file);
        Texts(schema, "").Where(text => !IsRussian(text.Text)).Should().BeEmpty();

        var objects = schema["$defs"]!.AsObject().Append(new("", schema)).ToList();
        objects.Should().OnlyContain(part => part.Value!["description"] != null);
        (
            from part in objects
            from property in Properties(part.Value!)
            where property.Value["description"] is null && property.Value["$ref"] is null
            select $"{part.Key}.{property.Key}"
        )
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void A_text_that_several_share_is_of_a_name_that_several_have()
    {
        var names = Schemas
            .SelectMany(schema => Properties(schema.Value).Select(property => property.Key))
            .Concat(
                Operations
                    .SelectMany(operation => operation["parameters"] as JsonArray ?? [])
                    .Select(parameter => (string)parameter!["name"]!)
            )
            .CountBy(name => name)
            .ToDictionary();

        PublishedTexts
            .All.Keys.Where(key => key.StartsWith("*.", StringComparison.Ordinal))
            .Should()
            .OnlyContain(key => names[key.Substring(2)] > 1);
    }

    [Fact]
    public void Every_title_of_a_problem_is_Russian() =>
        Enumerable.Range(400, 200).Select(status => Problems.TitleOf(status)).Should().OnlyContain(title => IsRussian(title));

    [Fact]
    public void The_detail_of_a_problem_says_more_than_its_title() =>
        Enumerable
            .Range(400, 200)
            .Select(Problems.OfStatus)
            .Select(problem => problem.ProblemDetails)
            .Should()
            .OnlyContain(problem => IsRussian(problem.Detail!) && problem.Detail!.TrimEnd('.') != problem.Title);

    /// <summary>
    /// Reads every Russian sentence in the code: it has one colon at most, no English name of a state, and a decimal
    /// comma. Codes in backticks, quotations, times, addresses and members of JSON are not words of the sentence.
    /// </summary>
    [Fact]
    public void Every_sentence_is_a_Russian_sentence()
    {
        var sentences = (
            from file in Code()
            from Match text in TextInCode().Matches(Joined().Replace(File.ReadAllText(file), ""))
            where !IsPattern(text.Value)
            from sentence in SentenceEnd().Split(NotWords().Replace(text.Groups["text"].Value, ""))
            where Cyrillic().IsMatch(sentence)
            select (File: Path.GetFileName(file), Sentence: sentence)
        ).ToList();

        sentences.Should().HaveCountGreaterThan(1500);
        sentences.Where(each => each.Sentence.Count(letter => letter == ':') > 1).Should().BeEmpty("one colon is enough");
        sentences.Where(each => StateInEnglish().IsMatch(each.Sentence)).Should().BeEmpty("a state has a Russian name");
        sentences.Where(each => DecimalPoint().IsMatch(each.Sentence)).Should().BeEmpty("a decimal comma");
    }

    [Theory]
    [InlineData("Фасет в состоянии draft, а нужен approved.", true)]
    [InlineData("Фасет в состоянии `draft`.", false)]
    [InlineData("Состояния: draft → review.", true)]
    [InlineData("Нужно open-data.", false)]
    public void A_state_in_English_is_found(string sentence, bool found) =>
        StateInEnglish().IsMatch(NotWords().Replace(sentence, "")).Should().Be(found);

    [Fact]
    public void Every_refusal_is_explained_in_Russian()
    {
        var details = (
            from file in Code()
            from Match refusal in RefusalInCode().Matches(File.ReadAllText(file))
            let detail = Hole().Replace(refusal.Groups["detail"].Value, "")
            where detail.Any(char.IsLetter)
            select (refusal.Groups["code"].Value, detail)
        ).ToList();

        details.Should().HaveCountGreaterThan(300);
        details.Where(refusal => !IsRussian(refusal.detail)).Should().BeEmpty();
    }

    /// <summary>
    /// Whether a text has Russian letters and never three English words in a row, apart from names in quotation marks
    /// and codes in backticks.
    /// </summary>
    internal static bool IsRussian(string text) => Cyrillic().IsMatch(text) && !Foreign().IsMatch(Quoted().Replace(text, ""));

    private static bool IsPattern(string text) => text.Contains(@"\p", StringComparison.Ordinal);

    private static IEnumerable<string> Code() =>
        from project in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src"))
        from folder in Directory.EnumerateDirectories(project)
        where Path.GetFileName(folder) is not ("bin" or "obj")
        from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        select file;

    private static IEnumerable<KeyValuePair<string, JsonNode>> Schemas => Description["components"]!["schemas"]!.AsObject()!;

    private static IEnumerable<JsonNode> Operations =>
        Description["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => operation.Value!);

    private static IEnumerable<KeyValuePair<string, JsonNode>> Properties(JsonNode schema) => (schema["properties"] as JsonObject ?? [])!;

    /// <summary>
    /// Whether the property needs no description of its own, because its schema is an object or lists the values.
    /// </summary>
    private static bool Speaks(JsonNode property) =>
        (property["$ref"] ?? (property["oneOf"] as JsonArray)?.Select(choice => choice!["$ref"]).OfType<JsonNode>().FirstOrDefault())
            is { } reference
        && Description["components"]!["schemas"]![((string)reference!).Split('/')[^1]]!.AsObject() is { } schema
        && (schema.ContainsKey("properties") || schema.ContainsKey("enum") || schema.ContainsKey("anyOf"));

    /// <summary>All descriptions, summaries and titles, except those inside examples, which are data.</summary>
    private static IEnumerable<(string Place, string Text)> Texts(JsonNode? node, string place) =>
        node switch
        {
            JsonArray items => items.SelectMany((item, number) => Texts(item, $"{place}/{number}")),
            JsonObject members => members
                .Where(member => member.Key is not ("example" or "value"))
                .SelectMany(member =>
                    member is { Key: "description" or "summary" or "title", Value: JsonValue text }
                        ? [($"{place}/{member.Key}", (string)text!)]
                        : Texts(member.Value, $"{place}/{member.Key}")
                ),
            _ => [],
        };

    private static JsonObject Json(string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "openapi", file)))!.AsObject();

    [GeneratedRegex("[А-Яа-яЁё]")]
    private static partial Regex Cyrillic();

    [GeneratedRegex("[A-Za-z]{2,}(?:[ ,;]+[A-Za-z]{2,}){2,}")]
    private static partial Regex Foreign();

    [GeneratedRegex("`[^`]*`|«[^»]*»")]
    private static partial Regex Quoted();

    /// <summary>A text that the code puts together from several literals.</summary>
    [GeneratedRegex(@"\x22\s*\+\s*\$?\x22")]
    private static partial Regex Joined();

    [GeneratedRegex(@"\x22(?<text>(?:[^\x22\\\n]|\\.)*)\x22")]
    private static partial Regex TextInCode();

    [GeneratedRegex(@"(?<=[.;!?])\s")]
    private static partial Regex SentenceEnd();

    /// <summary>
    /// The parts of a sentence that are not words: inserted values (with the colon before a count), codes, quotations,
    /// addresses, times, numbers of clauses and versions, names with a colon, column labels.
    /// </summary>
    [GeneratedRegex(
        @"(?:: )?\{[^{}]*\}|`[^`]*`|«[^»]*»|https?://\S+|\d+:\d\d|\\\x22[^\x22]*\\\x22|[A-Za-z.-]+: ?[\w/.{}-]+"
            + @"|\bпп?\. ?[\d., –и-]+|[AB]/\d\d\.\d|(?:version|OpenAPI|CloudEvents|CASE|схем\w*|по|RFC)[= ]\d\.\d|: {2,}"
    )]
    private static partial Regex NotWords();

    [GeneratedRegex(
        @"(?<![\w/.=-])(?:draft|review|approved|active|retired|published|open|closed|rejected|withdrawn|submitted|scheduled|in_progress"
            + @"|paused|finished|expired|annulled|queued|running|completed|failed|cancelled|decided|filed|admitted)(?![\w/.=-])"
    )]
    private static partial Regex StateInEnglish();

    [GeneratedRegex(@"(?<![\d.\w])\d+\.\d+(?![\d.\w])")]
    private static partial Regex DecimalPoint();

    /// <summary>A value that is inserted into a text.</summary>
    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex(
        @"(?:(?:Refusal\s*\.\w+|Problem)\(\s*(?:\d{3},\s*)?\x22(?<code>[a-z0-9-]+)\x22"
            + @"|\x22(?<code>[a-z0-9-]+)\x22,\s*RefusalKind\.\w+),\s*\$?\x22(?<detail>(?:[^\x22\\]|\\.)*)\x22"
    )]
    private static partial Regex RefusalInCode();
}
