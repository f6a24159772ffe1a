using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Forms;
using Diagnostics.Engine.Forms.Reading;
using Diagnostics.Engine.ItemBank.Reading;
using Diagnostics.Storage;
using Diagnostics.Storage.Audit;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.ItemBank;

namespace Diagnostics.UseCases.Forms;

/// <summary>Stores a new version of a blueprint, unless its content is unchanged.</summary>
internal sealed class AddBlueprint(Executor executor) : UseCase<AddBlueprint.Request, BlueprintView>(Operation, executor)
{
    private const string Place = "new/blueprint.yaml";

    internal static new readonly Operation Operation = new(
        nameof(AddBlueprint),
        AccessRule.Of(Role.Operator.OfEverything()),
        Trail.Writes("blueprint.added")
    )
    {
        Repetition = Repetition.GivesResultAgain,
    };

    /// <param name="Text">The blueprint as YAML, in the format of <c>blueprint.yaml</c>.</param>
    /// <param name="IsFile">Whether the sender wrote this text, so that line numbers in it mean something to the
    /// sender.</param>
    internal sealed record Request(string Text, bool IsFile);

    protected override async Task<Result<BlueprintView>> Handle(Request request, Caller caller)
    {
        if (!Reaches(caller, default))
            return FormsStage.NotForAll;
        var (bank, findings) = BankReader.Read(await Beside(request.Text));
        if (bank.Blueprints is not [var blueprint])
        {
            var mine = findings
                .Where(finding => finding.File == Place)
                .Select(finding => request.IsFile ? finding : finding with { Line = 0 })
                .ToList();
            return Refusal.Invalid("blueprint-has-errors", "Спецификация не принята: исправьте ошибки.").With("findings", mine);
        }
        return await Write(
            caller,
            async db =>
            {
                var fingerprint = BlueprintJson.Fingerprint(blueprint);
                var latest = (await VersionStore.Blueprints.Latest(db)).FirstOrDefault(row => row.Code == blueprint.Code);
                if (latest?.Fingerprint == fingerprint)
                    return BlueprintView.Of(latest);
                var now = Now;
                var row = new VersionRow
                {
                    Code = blueprint.Code,
                    Version = (latest?.Version ?? 0) + 1,
                    Title = blueprint.Title,
                    Content = BlueprintJson.Write(blueprint),
                    Fingerprint = fingerprint,
                    CreatedAt = now,
                };
                await VersionStore.Blueprints.Add(db, row);
                await AuditStore.Append(db, now, caller.Id, "blueprint.added", $"blueprint:{row.Code}", new { row.Version });
                return BlueprintView.Of(row);
            }
        );
    }

    /// <summary>
    /// The blueprint as a file of a bank, together with the stored frameworks, because the blueprint names their
    /// elements.
    /// </summary>
    private async Task<BankFiles> Beside(string text)
    {
        var stored = await Fetch(ExportBank.Run);
        return new(
            stored
                .Texts.Where(file => file.Key.StartsWith("frameworks/", StringComparison.Ordinal))
                .Append(new(Place, text))
                .ToDictionary(StringComparer.Ordinal)
        );
    }
}
