using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.Hooks;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using NodaTime;

namespace Diagnostics.UseCases.Campaigns;

/// <summary>
/// Loads the policies that ship as files, at every start: known versions stay, new ones are added, and changed ones are
/// refused.
/// </summary>
internal static class PolicyFiles
{
    /// <param name="bank">Folder of the item bank.</param>
    /// <returns>Number of versions added.</returns>
    /// <exception cref="PolicyFilesException">
    /// A file cannot be read or changes an existing version, or campaigns need a policy that is missing.
    /// </exception>
    internal static async Task<int> Import(Database database, string bank, Instant now)
    {
        var folder = Path.Combine(bank, "policies");
        var files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal).ToList() : [];
        var policies = new List<(string Path, Policy Policy)>();
        foreach (var file in files)
        {
            var path = $"policies/{Path.GetFileName(file)}";
            var (policy, findings) = PolicyReader.Read(EngineHooks.Policies, path, await File.ReadAllTextAsync(file));
            policies.Add((path, policy ?? throw new PolicyFilesException(string.Join(Environment.NewLine, findings.Select(Text)))));
        }
        return await database.Write(async db =>
        {
            var added = 0;
            foreach (var (path, policy) in policies)
                added += await Add(db, path, policy, now) ? 1 : 0;
            // Check calendars after all files are loaded, because a regional calendar may come before the federal one
            // that it extends.
            foreach (var (path, policy) in policies)
                if (await Calendars.Check(db, policy.Kind, policy.Content) is { } refusal)
                    throw new PolicyFilesException($"{path}: {refusal.Detail}");
            foreach (var kind in CampaignPolicies.Later)
                if (await CampaignPolicies.FirstUsual(db, kind) is null && await PolicyStore.IsMissing(db, kind))
                    throw Lacking(kind);
            return added;
        });
    }

    /// <summary>
    /// Reports a missing policy at start-up; otherwise the first profile or appeal that needs it would fail.
    /// </summary>
    private static PolicyFilesException Lacking(PolicyKind kind) =>
        new(
            $"В папке банка нет политики «{Codes.Of(kind)}/{PinnedPolicies.UsualCode}» версии 1, а по ней идут мероприятия, опубликованные "
                + "до того, как этот вид политик появился. Скопируйте её файл из папки policies поставляемого банка и запустите службу снова."
        );

    private static async Task<bool> Add(Db db, string path, Policy policy, Instant now)
    {
        if (await PolicyStore.Add(db, policy, now, createdBy: null))
            return true;
        var known = (await PolicyStore.Find(db, policy.Kind, policy.Code, policy.Version))!;
        return known.Content == policy.Content
            ? false
            : throw new PolicyFilesException(
                $"{path}: версия {policy.Version} политики «{Codes.Of(policy.Kind)}/{policy.Code}» уже есть с другим содержанием, "
                    + "а версии не меняются. Верните прежний текст или поставьте следующий номер версии."
            );
    }

    private static string Text(Finding finding) => $"{finding.File}:{finding.Line}: {finding.Message} {finding.Advice}";
}

/// <summary>The service cannot start with these policy files; the message is for an operator.</summary>
internal sealed class PolicyFilesException(string message) : Exception(message);
