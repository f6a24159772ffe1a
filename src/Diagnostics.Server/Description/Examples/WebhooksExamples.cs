using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Webhooks;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on webhooks for the API description.</summary>
internal static class WebhooksExamples
{
    private const string Client = "route-portal",
        Url = "https://portal.example/hooks/diagnostics";

    private static readonly Guid Id = new("01a0c8fc-b600-7a11-8d2e-6f0b1c2d3e4f");

    private static readonly Guid Event = new("01a0c8fc-b600-7b22-9e3f-7a1c2d3e4f50");

    private static readonly string[] Events = ["profile.issued", "profile.superseded", "profile.annulled"];

    private static readonly WebhookView View = new(
        Id: Id,
        ClientId: Client,
        Url: Url,
        Events: Events,
        State: WebhookState.Enabled,
        DisabledBecause: null,
        Signature: SignatureScheme.V1,
        PublicKey: null,
        PreviousKeyUntil: null,
        CreatedAt: ExampleStory.Published,
        FailingSince: null,
        OpenUntil: null,
        Revision: 1
    );

    private static readonly DeliveryView Delivery = new(
        Event,
        ExampleStory.Participant,
        DeliveryState.Delivered,
        2,
        null,
        ExampleStory.ResultsPublished
    );

    internal static IEnumerable<Example> All =>
        [
            Takes("AddWebhook", new WebhookRequest(Url, Events, SignatureScheme.V1)),
            Gives("AddWebhook", new WebhookKey(View, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), 201),
            Gives("ListWebhooks", new Page<WebhookView>([View], null)),
            Gives("GetWebhook", View),
            Takes("UpdateWebhook", new WebhookChange(Url)),
            Gives("UpdateWebhook", View with { Events = null, Revision = 2 }),
            Takes("RotateWebhookKey", new WebhookKeyRotation(24, SignatureScheme.V1a)),
            Gives(
                "RotateWebhookKey",
                new WebhookKey(
                    View with
                    {
                        Signature = SignatureScheme.V1a,
                        PublicKey = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
                        PreviousKeyUntil = ExampleStory.ResultsPublished,
                    },
                    null
                )
            ),
            Gives("TestWebhook", new AttemptView(ExampleStory.Published, 84, 204, null)),
            Gives("EnableWebhook", View),
            Gives(
                "DisableWebhook",
                View with
                {
                    State = WebhookState.Disabled,
                    DisabledBecause = WebhookDisabledBecause.Client,
                    Revision = 2,
                }
            ),
            Gives("ListDeliveries", new Page<DeliveryView>([Delivery], null)),
            Gives(
                "GetDelivery",
                new DeliveryLog(
                    Delivery,
                    [
                        new(ExampleStory.ResultsPublished - NodaTime.Duration.FromSeconds(6), 15_000, null, WebhookFault.Timeout),
                        new(ExampleStory.ResultsPublished, 112, 204, null),
                    ]
                )
            ),
            Gives("Redeliver", new Redelivery(1)),
            Gives("RedeliverFailed", new Redelivery(12)),
            .. Refuses(WebhookAddress.Inner, "AddWebhook", "UpdateWebhook"),
            .. Refuses(WebhookRules.TooMany, "AddWebhook"),
            .. Refuses(RotateWebhookKey.OverlapInvalid, "RotateWebhookKey"),
            .. Refuses(RotateWebhookKey.Changed, "RotateWebhookKey"),
            .. Refuses(
                WebhookRules.NotFound,
                "GetWebhook",
                "UpdateWebhook",
                "RotateWebhookKey",
                "TestWebhook",
                "EnableWebhook",
                "DisableWebhook",
                "ListDeliveries",
                "RedeliverFailed"
            ),
            .. Refuses(WebhookRules.ClientShutOut, "TestWebhook"),
            .. Refuses(WebhookRules.DeliveryNotFound, "GetDelivery", "Redeliver"),
            .. Refuses(ListDeliveries.StateUnknown, "ListDeliveries"),
        ];
}
