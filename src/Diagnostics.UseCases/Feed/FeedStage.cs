namespace Diagnostics.UseCases.Feed;

internal static class FeedStage
{
    internal static void AddFeed(this IServiceCollection services, FeedRetention retention)
    {
        services.AddSingleton(retention);
        services.AddSingleton<EventFeed>();
    }
}
