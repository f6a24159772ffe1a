using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Http.Metadata;

namespace Diagnostics.Server.Description;

/// <summary>
/// Prints the map of who may call what, <c>docs/access.md</c>. The map is made from the endpoints' declarations. The
/// same declarations decide who is admitted, so the map cannot be wrong.
/// </summary>
internal static partial class AccessMap
{
    private const string Introduction = """
        # Карта прав

        Кто какую операцию вправе вызвать. Таблицы напечатаны из объявлений, по которым служба и пускает; `AccessMapTests` не даёт им
        разойтись, а `AccessMatrixTests` вызывает каждую операцию от имени каждой роли. Обновить:

            dotnet run --project src/Diagnostics.Server -- access docs/access.md

        Роль без слов — достаточно роли, какой бы ни была её область; списки тогда показывают только то, что область покрывает. Иначе
        нужна связь с тем, о чём операция:

        | связь | что значит |
        |---|---|
        """;

    /// <param name="endpoints">The endpoints of a built service.</param>
    internal static string Of(IEnumerable<Endpoint> endpoints)
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n")).Append('\n');
        foreach (var relation in Enum.GetValues<Relation>().Where(relation => relation is not Relation.Any))
            text.Append(CultureInfo.InvariantCulture, $"| {Short(relation)} | {Meaning(relation)} |\n");
        text.Append(
            "\nПосторонний не узнаёт, есть ли объект: на чужой номер ответ тот же, что на несуществующий. Мероприятия и формы не тайна, о них отказ прямой.\n"
        );
        var all = endpoints
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is not null)
            .OrderBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal)
            .ThenBy(Method, StringComparer.Ordinal)
            .ToList();
        var operations = all.Where(endpoint => endpoint.Metadata.GetMetadata<Operation>() is not null).ToLookup(Stage);
        foreach (var (stage, description) in ApiDescription.Stages)
            if (operations[stage].Any())
                Section(text, description[..description.IndexOf(':', StringComparison.Ordinal)], operations[stage]);
        text.Append("\n## Страницы и файлы\n\nСтраница пускает вошедшего; что он на ней видит и делает, решают операции выше.\n");
        text.Append("\n| вызов | кто |\n|---|---|\n");
        foreach (var page in all.Where(IsPage))
            text.Append(CultureInfo.InvariantCulture, $"| {Call(page)} | {Who(page)} |\n");
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, IEnumerable<RouteEndpoint> endpoints)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| вызов | операция | кто |\n|---|---|---|\n");
        foreach (var endpoint in endpoints)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {Call(endpoint)} | {endpoint.Metadata.GetMetadata<Operation>()!.Name} | {Who(endpoint)} |\n"
            );
    }

    private static string Call(RouteEndpoint endpoint)
    {
        var path = Constraint().Replace(endpoint.RoutePattern.RawText!, "}");
        return $"{Method(endpoint)} `{(path.Length > 1 ? path.TrimEnd('/') : path)}`";
    }

    private static string Who(Endpoint endpoint)
    {
        var rule = endpoint.Metadata.GetMetadata<AccessRule>()!;
        if (rule.Anyone)
            return "все, и без входа";
        var roles = rule.Entitlements.Select(right =>
            right.Relation is Relation.Any ? Words.Of(right.Role) : $"{Words.Of(right.Role)} — {Short(right.Relation)}"
        );
        var clients = rule.ClientScopes.Select(scope => $"клиент с правом `{scope}`");
        return string.Join("; ", [.. roles, .. rule.AnyAccount ? ["каждый, кто вошёл"] : Array.Empty<string>(), .. clients]);
    }

    private static string Short(Relation relation) =>
        relation switch
        {
            Relation.Own => "своё",
            Relation.Site => "своя площадка",
            Relation.Territory => "своя территория",
            Relation.Organisation => "своя организация",
            Relation.Campaign => "своё мероприятие",
            Relation.Everything => "вся служба",
            _ => throw new ArgumentOutOfRangeException(nameof(relation), relation, null),
        };

    private static string Meaning(Relation relation) =>
        relation switch
        {
            Relation.Own => "объект принадлежит самому человеку",
            Relation.Site => "роль дана на эту площадку или на всю службу",
            Relation.Territory => "роль дана на эту территорию или на всю службу",
            Relation.Organisation => "роль дана на эту организацию, как бы ни писали её название, или на всю службу",
            Relation.Campaign => "роль дана на это мероприятие или на всю службу",
            Relation.Everything => "роль дана без ограничений",
            _ => throw new ArgumentOutOfRangeException(nameof(relation), relation, null),
        };

    private static string Stage(Endpoint endpoint) => endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags[0] ?? "";

    private static string Method(Endpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET";

    private static bool IsPage(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<Operation>() is null
        && endpoint.RoutePattern.RawText is { } path
        && !path.StartsWith("/api", StringComparison.Ordinal);

    /// <summary>The type of a parameter in a path, such as <c>:guid</c>, with the closing brace.</summary>
    [GeneratedRegex(@":\w+\}")]
    private static partial Regex Constraint();
}
