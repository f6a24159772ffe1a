using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Diagnostics.Server.Http;
using Diagnostics.Server.Pages.Access;
using Diagnostics.Server.Pages.Appeals;
using Diagnostics.Server.Pages.Audit;
using Diagnostics.Server.Pages.Campaigns;
using Diagnostics.Server.Pages.ComplexProfiles;
using Diagnostics.Server.Pages.Marking;
using Diagnostics.Server.Pages.People;
using Diagnostics.Server.Pages.Profiles;
using Diagnostics.Server.Pages.Sessions;
using Diagnostics.Server.Pages.Site;
using Diagnostics.Server.Pages.SiteDays;
using Diagnostics.Server.Pages.Supervision;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.ResponseCompression;

namespace Diagnostics.Server.Pages;

/// <summary>
/// The pages for people: Razor components that are rendered only on the server. They call the use cases of the API and
/// are not part of its description.
/// </summary>
internal static class PagesOfTheSite
{
    internal static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // Cyrillic is left unescaped: with character references a page would be three times as long.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddHttpContextAccessor();
        services.AddPageForms();
        // Gzip comes first and serves every browser. For each page Brotli would take a window of several megabytes from
        // the system, which costs more than reading and drawing the page, and Russian text becomes no smaller.
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.Providers.Add<GzipCompressionProvider>();
            options.Providers.Add<BrotliCompressionProvider>();
        });
        // A page of a test has 60 KB: a millisecond of compression saves half a second on a slow line.
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal);
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Optimal);
        services.AddScoped<Viewer>();
        services.AddSingleton<Journeys>();
        services.AddSingleton<OwnAppeals>();
        services.AddSingleton<BlankAppeals>();
        services.AddSingleton<ApplicationForm>();
        services.AddSingleton<OwnResults>();
        services.AddSingleton<OwnConsents>();
        services.AddSingleton<OwnMarking>();
        services.AddSingleton<OwnCases>();
        services.AddSingleton<LedMarking>();
        services.AddSingleton<LedProtocols>();
        services.AddSingleton<LedAnswers>();
        services.AddSingleton<SiteDesk>();
        services.AddSingleton<PlaceActs>();
    }

    /// <summary>Must come after authorization. API requests do not pass through any of it.</summary>
    internal static void UsePages(this WebApplication app) =>
        app.UseWhen(
            IsPage,
            pages =>
            {
                pages.UseResponseCompression();
                pages.UseAntiforgery();
                pages.Use(PageForms.Guard);
            }
        );

    internal static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapSiteFiles();
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.Page("/help", () => PageAnswer.Of<HelpPage>()).AllowedTo(AccessRule.Public);
        pages.MapFormToken();
        pages.MapAccessPages();
        pages.MapCampaignPages();
        pages.MapSessionPages();
        pages.MapAppealPages();
        pages.MapPeoplePages();
        pages.MapProfilePages();
        pages.MapComplexProfilePages();
        pages.MapTestPages();
        pages.MapMarkingPages();
        pages.MapCasePages();
        pages.MapAuditPages();
        pages.MapSupervisionPages();
        pages.MapSiteDayPages();
    }

    /// <summary>Turns the framework's own statuses into a page for a person, or a problem for a program.</summary>
    internal static Task WriteStatus(StatusCodeContext context)
    {
        var http = context.HttpContext;
        if (!CookieSignIn.IsPageView(http))
            return Problems.WriteStatus(context);
        var status = http.Response.StatusCode;
        var detail = Words.ErrorAdvice(status) is null ? Problems.TitleOf(status) + "." : null;
        return PageAnswer.Of<ErrorPage>(new ErrorPage.Facts(status, detail), status).ExecuteAsync(http);
    }

    internal static async Task WriteException(HttpContext http)
    {
        SecurityHeaders.Set(http);
        var problem = Problems.OfException(http);
        SecurityHeaders.Set(http);
        if (!CookieSignIn.IsPageView(http))
        {
            await problem.ExecuteAsync(http);
            return;
        }
        await PageAnswer.Of<ErrorPage>(FactsOf(problem, http), problem.StatusCode).ExecuteAsync(http);
    }

    private static ErrorPage.Facts FactsOf(ProblemHttpResult problem, HttpContext http) =>
        new(
            problem.StatusCode,
            problem.ProblemDetails.Detail!,
            problem.StatusCode >= 500 ? System.Diagnostics.Activity.Current?.Id ?? http.TraceIdentifier : null
        );

    private static bool IsPage(HttpContext http) => !http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
