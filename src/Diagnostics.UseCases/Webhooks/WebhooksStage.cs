using System.Net;

namespace Diagnostics.UseCases.Webhooks;

internal static class WebhooksStage
{
    internal static void AddWebhooks(this IServiceCollection services, WebhookPolicy policy)
    {
        services.AddSingleton(policy);
        services.AddSingleton<ResolveHost>(Dns.GetHostAddressesAsync);
        services.AddSingleton<WebhookHttp>();
        services.AddSingleton<WebhookKeys>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<WebhookWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<WebhookWorker>());
        services.AddHostedService<DeliveryForgetter>();
    }
}
