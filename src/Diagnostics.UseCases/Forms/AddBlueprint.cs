using System.Text;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.Forms.Writing;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Engine.ItemBank.Writing;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.ItemBank;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Forms;
using Diagnostics.UseCases.Http;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Diagnostics.UseCases.Forms;

/// <summary>A blueprint as an operator sends it: YAML of <c>blueprint.yaml</c>, or JSON of <see cref="Blueprint"/>.</summary>
internal sealed class BlueprintUpload
{
    private BlueprintUpload(string text, bool isFile) => (Text, IsFile) = (text, isFile);

    /// <summary>YAML.</summary>
    internal string Text { get; }

    /// <summary>The sender's own text, whose lines mean something to them.</summary>
    internal bool IsFile { get; }

    public static async ValueTask<BlueprintUpload?> BindAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (context.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) is not true)
            return new(Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length), isFile: true);
        try
        {
            body.Position = 0;
            var blueprint = await JsonSerializer.DeserializeAsync<Blueprint>(body, Json.Options, context.RequestAborted) ?? throw new JsonException("The body is null.");
            if (blueprint.Slots.Any(slot => slot is null)) throw new JsonException("A slot is null.");
            // One way in: what holds for the file holds for the JSON.
            return new(BlueprintWriter.Text(blueprint), isFile: false);
        }
        catch (JsonException fault)
        {
            throw new BadHttpRequestException("The body is no blueprint.", StatusCodes.Status400BadRequest, fault);
        }
    }
}

/// <summary>Stores a new version of a blueprint; the same content makes none.</summary>
internal sealed class AddBlueprint(Transactions transactions, IClock clock)
{
    internal static void Map(IEndpointRouteBuilder blueprints) => blueprints.MapPost("/", Handle)
        .Accepts<Blueprint>("application/json", BankUpload.Yaml, "text/yaml", "text/plain")
        .WithName("AddBlueprint")
        .WithSummary("Записать спецификацию: новую или новую версию")
        .WithDescription("JSON или YAML в формате blueprint.yaml (item-bank/README.md).")
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            // The file's fields are not those of the JSON.
            var content = operation.RequestBody!.Content!;
            foreach (var type in content.Keys.Where(type => type != "application/json").ToList()) content[type] = BankUpload.TextFile();
            return Task.CompletedTask;
        })
        .AllowedTo(AccessRule.Of(Role.Operator))
        .Idempotent();

    private static Task<Results<Created<BlueprintView>, ProblemHttpResult>> Handle(BlueprintUpload upload, Caller caller, AddBlueprint add) =>
        add.Run(upload, caller).Created(view => $"/api/v1/blueprints/{view.Code}/{view.Version}");

    private Task<Result<BlueprintView>> Run(BlueprintUpload upload, Caller caller)
    {
        if (!ItemBankStage.HasWhole(caller, Role.Operator)) return Task.FromResult<Result<BlueprintView>>(FormsStage.NotForAll);
        return Store(upload, caller);
    }

    private async Task<Result<BlueprintView>> Store(BlueprintUpload upload, Caller caller)
    {
        const string path = "new/blueprint.yaml";
        var stored = await transactions.Read(ExportBank.Run);
        var (bank, findings) = BankReader.Read(new(stored.Texts.Where(file => file.Key.StartsWith("frameworks/", StringComparison.Ordinal)).Append(new(path, upload.Text)).ToDictionary(StringComparer.Ordinal)));
        var mine = findings.Where(finding => finding.File == path).Select(finding => upload.IsFile ? finding : finding with { Line = 0 }).ToList();
        if (bank.Blueprints is not [var blueprint]) return Refusal.Invalid("blueprint-has-errors", "Спецификация не принята: исправьте ошибки.").With("findings", mine);
        return await transactions.Write<Result<BlueprintView>>(async db =>
        {
            var fingerprint = BlueprintJson.Fingerprint(blueprint);
            var latest = (await BlueprintStore.Latest(db)).FirstOrDefault(row => row.Code == blueprint.Code);
            if (latest?.Fingerprint == fingerprint) return BlueprintView.Of(latest);
            var now = clock.GetCurrentInstant();
            var row = new BlueprintRow { Code = blueprint.Code, Version = (latest?.Version ?? 0) + 1, Title = blueprint.Title, Content = BlueprintJson.Write(blueprint), Fingerprint = fingerprint, CreatedAt = now };
            await BlueprintStore.Add(db, row);
            await AuditStore.Append(db, now, caller.Id, "blueprint.added", $"blueprint:{row.Code}", new { row.Version });
            return BlueprintView.Of(row);
        });
    }
}
