using System.Threading.RateLimiting;
using Diagnostics.UseCases.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Diagnostics.Server.Http;

/// <summary>
/// Limits per account or client, never per address: a school is one address. Of what nobody needs to sign in for, the
/// description is limited for all together; health is read from memory.
/// </summary>
internal static class Limits
{
    internal const int MaxBodyBytes = 1024 * 1024;
    private const int RequestsPerSecond = 50;
    private const int Burst = 200;

    // Of the description and Swagger UI, by all who have not signed in: an author reads them seldom, a page of it is eight files.
    private const int AnonymousPerSecond = 20;
    private const int AnonymousBurst = 100;

    private const string OnePerAccount = "one-per-account";
    private const string OnePerNode = "one-per-node";
    private const int Waiting = 4;

    /// <summary>Checks a bank or walks through much of the database: an account runs one at a time, and a few more wait.</summary>
    internal static RouteHandlerBuilder OnePerCaller(this RouteHandlerBuilder endpoint) => endpoint.RequireRateLimiting(OnePerAccount);

    /// <summary>Walks through all of something: a node runs one at a time for everybody.</summary>
    internal static RouteHandlerBuilder OneAtATime(this RouteHandlerBuilder endpoint) => endpoint.RequireRateLimiting(OnePerNode);

    internal static ProblemHttpResult TooMany() => Problems.Problem(429, "too-many-requests", "Слишком много запросов; повторите через секунду.");

    /// <summary>What the caller may ask and has asked, on this node.</summary>
    internal static RequestUsage UsageOf(HttpContext http)
    {
        var services = http.RequestServices;
        var perSecond = PerSecond(services.GetRequiredService<IConfiguration>());
        var counted = services.GetRequiredService<IOptions<RateLimiterOptions>>().Value.GlobalLimiter?.GetStatistics(http);
        return new(
            perSecond, Math.Max(Burst, perSecond), counted?.CurrentAvailablePermits ?? 0, counted?.TotalSuccessfulLeases ?? 0,
            counted?.TotalFailedLeases ?? 0);
    }

    // One a second at least: no setting may refuse a person who saves once a second.
    private static int PerSecond(IConfiguration configuration) =>
        Math.Max(1, configuration.GetValue("Diagnostics:RequestsPerSecond", RequestsPerSecond));

    internal static void AddLimits(this IServiceCollection services, IConfiguration configuration) => services.AddRateLimiter(options =>
    {
        var perSecond = PerSecond(configuration);
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = async (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            // A person is told by a page, which is written for every status that nobody has given words to.
            if (!CookieSignIn.IsPageView(context.HttpContext)) await TooMany().ExecuteAsync(context.HttpContext);
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => http.Caller().Id is var id && id == "anonymous"
            ? OfNobody(http)
            : RateLimitPartition.GetTokenBucketLimiter(id, _ => Bucket(perSecond, Math.Max(Burst, perSecond))));
        options.AddPolicy(OnePerAccount, http => RateLimitPartition.GetConcurrencyLimiter(http.Caller().Id, _ => One()));
        options.AddPolicy(OnePerNode, _ => RateLimitPartition.GetConcurrencyLimiter("", _ => One()));
    });

    private static RateLimitPartition<string> OfNobody(HttpContext http) => IsDescription(http.Request.Path)
        ? RateLimitPartition.GetTokenBucketLimiter("description", _ => Bucket(AnonymousPerSecond, AnonymousBurst))
        : RateLimitPartition.GetNoLimiter("anonymous");

    private static bool IsDescription(PathString path) =>
        path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase);

    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };

    private static ConcurrencyLimiterOptions One() => new() { PermitLimit = 1, QueueLimit = Waiting };
}
