using System.Threading.RateLimiting;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Diagnostics.UseCases.Http;

/// <summary>Limits per account or client, never per address: a school is one address.</summary>
internal static class Limits
{
    internal const int MaxBodyBytes = 1024 * 1024;
    private const int RequestsPerSecond = 50;
    private const int Burst = 200;

    internal static ProblemHttpResult TooMany() => Problems.Problem(429, "too-many-requests", "Слишком много запросов; повторите через секунду.");

    internal static void AddLimits(this IServiceCollection services, IConfiguration configuration) => services.AddRateLimiter(options =>
    {
        var perSecond = configuration.GetValue("Diagnostics:RequestsPerSecond", RequestsPerSecond);
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = async (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            await TooMany().ExecuteAsync(context.HttpContext);
        };
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => http.Caller().Id is var id && id == "anonymous"
            ? RateLimitPartition.GetNoLimiter(id)
            : RateLimitPartition.GetTokenBucketLimiter(id, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = Math.Max(Burst, perSecond),
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));
    });
}
