using Diagnostics.Engine;
using Diagnostics.Server.Pages.Site;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Pages.SiteDays;

/// <summary>Paper packages as they are printed.</summary>
internal static class PaperPrint
{
    /// <param name="large">Whether the letters are large, for people with weak sight.</param>
    internal static Task<IResult> Show(
        Guid campaignId,
        Guid siteId,
        Guid? sittingId,
        Guid? sessionId,
        bool large,
        Caller caller,
        PrintPaperPackages print,
        SheetPage page
    )
    {
        return page.Show<PaperSheets, PaperSheets.Facts>(Read());

        async Task<Result<PaperSheets.Facts>> Read() =>
            (await print.Run(new(campaignId, siteId, sittingId, sessionId), caller)).Map(packages => new PaperSheets.Facts(
                packages,
                large
            ));
    }
}
