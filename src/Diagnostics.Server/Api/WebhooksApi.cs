using Diagnostics.Server.Http;
using Diagnostics.UseCases.Webhooks;

namespace Diagnostics.Server.Api;

internal static class WebhooksApi
{
    internal static void MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var webhooks = routes.MapGroup("/webhooks").WithTags("Webhooks");

        webhooks
            .Post(
                "/",
                AddWebhook.Operation,
                (WebhookRequest request, HttpContext http, AddWebhook useCase) =>
                    useCase
                        .Run(request, http.Caller())
                        .CreatedWithTag(http, added => $"/api/v1/webhooks/{added.Webhook.Id:D}", added => added.Webhook.Revision)
            )
            .WithSummary("Завести вебхук: сюда сообщают о событиях, начиная с этого времени")
            .WithDescription(
                "Сообщения — по Standard Webhooks: тело — событие ленты как CloudEvents 1.0, заголовки webhook-id, "
                    + "webhook-timestamp, webhook-signature. v1 — HMAC, секрет показан один раз; v1a — Ed25519, открытый ключ — в publicKey. "
                    + "Не принятое повторяется трое суток; 410 отключает вебхук; события одного человека идут друг за другом. Портал заводит "
                    + $"свои вебхуки, до {WebhookRules.MaxOfClient}; администратор называет clientId."
            );
        webhooks
            .Get(
                "/",
                ListWebhooks.Operation,
                (Guid? after, int? limit, HttpContext http, ListWebhooks useCase) => useCase.Run(new(after, limit), http.Caller()).Ok()
            )
            .WithSummary("Вебхуки");
        webhooks
            .Get(
                "/{webhookId:guid}",
                GetWebhook.Operation,
                (Guid webhookId, HttpContext http, GetWebhook useCase) =>
                    useCase.Run(webhookId, http.Caller()).OkWithTag(http, view => view.Revision)
            )
            .WithSummary("Вебхук: адрес, виды событий, состояние");
        webhooks
            .Put(
                "/{webhookId:guid}",
                UpdateWebhook.Operation,
                (Guid webhookId, WebhookChange change, IfMatch match, HttpContext http, UpdateWebhook useCase) =>
                    useCase.Run(new(webhookId, change, match.Revision), http.Caller()).OkWithTag(http, view => view.Revision)
            )
            .WithSummary("Изменить адрес вебхука или виды событий");
        webhooks
            .Post(
                "/{webhookId:guid}/key",
                RotateWebhookKey.Operation,
                (Guid webhookId, WebhookKeyRotation? rotation, HttpContext http, RotateWebhookKey useCase) =>
                    useCase.Run(new(webhookId, rotation ?? new()), http.Caller()).Ok()
            )
            .WithSummary("Новый ключ подписи: overlapHours часов сообщения подписаны обоими");
        webhooks
            .Post(
                "/{webhookId:guid}/test",
                TestWebhook.Operation,
                (Guid webhookId, HttpContext http, TestWebhook useCase) => useCase.Run(webhookId, http.Caller()).Ok()
            )
            .OnePerCaller()
            .WithSummary("Послать пробное сообщение (webhook.test) сейчас и узнать, как оно принято");
        webhooks
            .Post(
                "/{webhookId:guid}/activation",
                EnableWebhook.Operation,
                (Guid webhookId, HttpContext http, EnableWebhook useCase) =>
                    useCase.Run(webhookId, http.Caller()).OkWithTag(http, view => view.Revision)
            )
            .WithSummary("Включить вебхук: продолжает с того места, где остановился");
        webhooks
            .Post(
                "/{webhookId:guid}/deactivation",
                DisableWebhook.Operation,
                (Guid webhookId, HttpContext http, DisableWebhook useCase) =>
                    useCase.Run(webhookId, http.Caller()).OkWithTag(http, view => view.Revision)
            )
            .WithSummary("Отключить вебхук");
        webhooks
            .Get(
                "/{webhookId:guid}/deliveries",
                ListDeliveries.Operation,
                (Guid webhookId, string? state, long? after, int? limit, HttpContext http, ListDeliveries useCase) =>
                    useCase.Run(new(webhookId, state, after, limit), http.Caller()).Ok()
            )
            .WithSummary("Доставки вебхука, последние — первыми; state — только доставки в этом состоянии");
        webhooks
            .Get(
                "/{webhookId:guid}/deliveries/{eventId:guid}",
                GetDelivery.Operation,
                (Guid webhookId, Guid eventId, HttpContext http, GetDelivery useCase) =>
                    useCase.Run(new(webhookId, eventId), http.Caller()).Ok()
            )
            .WithSummary("Доставка события и все её попытки");
        webhooks
            .Post(
                "/{webhookId:guid}/deliveries/{eventId:guid}/redelivery",
                Redeliver.Operation,
                (Guid webhookId, Guid eventId, HttpContext http, Redeliver useCase) =>
                    useCase.Run(new(webhookId, eventId), http.Caller()).Ok()
            )
            .WithSummary("Послать событие ещё раз");
        webhooks
            .Post(
                "/{webhookId:guid}/redelivery",
                RedeliverFailed.Operation,
                (Guid webhookId, HttpContext http, RedeliverFailed useCase) => useCase.Run(webhookId, http.Caller()).Ok()
            )
            .WithSummary("Послать ещё раз всё, от чего отказались после трёх суток");
    }
}
