using System.Globalization;
using System.Threading.RateLimiting;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Diagnostics.Server.Http;

/// <summary>
/// Limits per account or client, never per address, because a whole school may share one address. Callers who have not
/// signed in share one limit for the API description; the health check needs no limit, because it is answered from
/// memory.
/// </summary>
internal static class Limits
{
    internal const int MaxBodyBytes = 1024 * 1024;
    internal const string RequestsSetting = "Diagnostics:RequestsPerSecond";
    internal const string SavesSetting = "Diagnostics:SavesPerSecond";
    private const int RequestsPerSecond = 50;
    private const int Burst = 200;

    // The limit on the saves of one sign-in: a person saves once a second at most, and a page that was offline sends at
    // once the answers that it has kept.
    private const int SavesPerSecond = 2;
    private const int SavesBurst = 60;

    // Limit for the API description and Swagger UI, for all callers who have not signed in. Authors read them rarely,
    // and one page loads eight files.
    private const int AnonymousPerSecond = 20;
    private const int AnonymousBurst = 100;

    private const string OnePerAccount = "one-per-account";
    private const string OnePerNode = "one-per-node";
    private const int Waiting = 4;

    /// <summary>
    /// Gives saves a separate bucket for each sign-in: other requests of the account, on this or another device, do not
    /// use up the quota of saves.
    /// </summary>
    internal static RouteHandlerBuilder OfSaves(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new SaveMarker());

    /// <summary>
    /// For requests that check a bank or read much of the database: each account runs one such request at a time and
    /// lets a few more wait.
    /// </summary>
    internal static RouteHandlerBuilder OnePerCaller(this RouteHandlerBuilder endpoint) => endpoint.RequireRateLimiting(OnePerAccount);

    /// <summary>
    /// For requests that read a whole list or report: each node runs one such request at a time, for all accounts
    /// together.
    /// </summary>
    internal static RouteHandlerBuilder OneAtATime(this RouteHandlerBuilder endpoint) => endpoint.RequireRateLimiting(OnePerNode);

    internal static ProblemHttpResult TooMany() =>
        Problems.Problem(429, "too-many-requests", "Слишком много запросов; повторите через секунду.");

    /// <summary>The caller's quota and usage on this node.</summary>
    internal static RequestUsage UsageOf(HttpContext http)
    {
        var services = http.RequestServices;
        var (perSecond, burst) = Usual(services.GetRequiredService<IConfiguration>());
        var counted = services.GetRequiredService<IOptions<RateLimiterOptions>>().Value.GlobalLimiter?.GetStatistics(http);
        return new(
            perSecond,
            burst,
            counted?.CurrentAvailablePermits ?? 0,
            counted?.TotalSuccessfulLeases ?? 0,
            counted?.TotalFailedLeases ?? 0
        );
    }

    // The rate is at least one save a second, so that no setting can refuse a person who saves once a second.
    private static int PerSecond(IConfiguration configuration, string name, int usual) =>
        configuration[name] switch
        {
            null or "" => usual,
            var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var given) => Math.Max(
                1,
                given
            ),
            var text => throw new SettingException(name, $"«{text}» — не целое число"),
        };

    private static (int PerSecond, int Burst) Usual(IConfiguration configuration)
    {
        var perSecond = PerSecond(configuration, RequestsSetting, RequestsPerSecond);
        return (perSecond, Math.Max(Burst, perSecond));
    }

    /// <exception cref="SettingException">A setting is not a valid number.</exception>
    internal static void AddLimits(this IServiceCollection services, IConfiguration configuration)
    {
        var usual = Usual(configuration);
        var savesPerSecond = PerSecond(configuration, SavesSetting, SavesPerSecond);
        services.AddRateLimiter(options => Limit(options, usual, savesPerSecond));
    }

    private static void Limit(RateLimiterOptions options, (int PerSecond, int Burst) bucket, int savesPerSecond)
    {
        // These delegates are created once, so that a request allocates neither a name nor a delegate for its bucket.
        Func<Bucketed, TokenBucketRateLimiterOptions> usual = _ => Bucket(bucket.PerSecond, bucket.Burst);
        Func<Bucketed, TokenBucketRateLimiterOptions> saves = _ => Bucket(savesPerSecond, Math.Max(SavesBurst, savesPerSecond));
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = async (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            // A person who views a page gets an error page instead. That page is written later, as for every status
            // that has no text yet.
            if (!CookieSignIn.IsPageView(context.HttpContext))
                await TooMany().ExecuteAsync(context.HttpContext);
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Bucketed>(http =>
            http.Caller() switch
            {
                { Id: "anonymous" } => OfNobody(http),
                { SignIn: { } signIn } when http.GetEndpoint()?.Metadata.GetMetadata<SaveMarker>() is not null =>
                    RateLimitPartition.GetTokenBucketLimiter(new Bucketed("saves", signIn), saves),
                var caller => RateLimitPartition.GetTokenBucketLimiter(new Bucketed(caller.Id), usual),
            }
        );
        options.AddPolicy(OnePerAccount, http => RateLimitPartition.GetConcurrencyLimiter(http.Caller().Id, _ => One()));
        options.AddPolicy(OnePerNode, _ => RateLimitPartition.GetConcurrencyLimiter("", _ => One()));
    }

    private static RateLimitPartition<Bucketed> OfNobody(HttpContext http) =>
        IsDescription(http.Request.Path)
            ? RateLimitPartition.GetTokenBucketLimiter(new Bucketed("description"), _ => Bucket(AnonymousPerSecond, AnonymousBurst))
            : RateLimitPartition.GetNoLimiter(new Bucketed("anonymous"));

    private static bool IsDescription(PathString path) =>
        path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase);

    private static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst) =>
        new()
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        };

    private readonly record struct Bucketed(string Who, Guid SignIn = default);

    private sealed class SaveMarker;

    private static ConcurrencyLimiterOptions One() => new() { PermitLimit = 1, QueueLimit = Waiting };
}
