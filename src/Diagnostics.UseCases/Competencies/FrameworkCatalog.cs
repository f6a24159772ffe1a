using Diagnostics.Engine.Competencies;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Storage;

namespace Diagnostics.UseCases.Competencies;

/// <summary>Finds frameworks, for the stages that build on them.</summary>
internal static class FrameworkCatalog
{
    internal static async Task<Framework?> Find(Db db, string code, int version) =>
        await VersionStore.Frameworks.Find(db, code, version) is { } row ? BankJson.ReadFramework(row.Content) : null;

    /// <summary>All published versions of one framework.</summary>
    internal static async Task<FrameworkHistory> History(Db db, string code) =>
        new((await VersionStore.Frameworks.OfCode(db, code)).Select(row => BankJson.ReadFramework(row.Content)).ToList());
}
