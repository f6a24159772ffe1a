using System.Text;
using Diagnostics.UseCases.Webhooks;
using NodaTime;
using NSec.Cryptography;
using StandardWebhooks;

namespace Diagnostics.UseCases.Tests.Webhooks;

/// <summary>Independent libraries verify our signatures.</summary>
public sealed class WebhookKeysTests
{
    private const string Id = "msg_1",
        Body = """{"type":"profile.issued"}""";
    private static readonly Instant Now = Instant.FromUtc(2026, 9, 14, 6, 0);
    private static readonly Guid Webhook = Guid.CreateVersion7();

    private readonly WebhookKeys keys = new(_ =>
        new(text => $"kept:{Reversed(text)}", text => text.StartsWith("kept:", StringComparison.Ordinal) ? Reversed(text[5..]) : null)
    );

    [Fact]
    public void V1_is_as_the_reference_library_signs()
    {
        var key = keys.Make(Webhook, 1, SignatureScheme.V1, Now);

        Sign(key).Should().Be(new StandardWebhook(key.Secret!).Sign(Id, Now.ToDateTimeOffset(), Body));
        key.Secret.Should().StartWith("whsec_");
        key.Row.Secret.Should().StartWith("kept:").And.NotContain(key.Secret!["whsec_".Length..], "it is kept protected");
    }

    [Fact]
    public void V1a_is_verified_with_the_public_key_and_says_no_secret()
    {
        var key = keys.Make(Webhook, 1, SignatureScheme.V1a, Now);

        key.Secret.Should().BeNull();
        var open = PublicKey.Import(
            SignatureAlgorithm.Ed25519,
            Convert.FromBase64String(key.Row.PublicKey!["whpk_".Length..]),
            KeyBlobFormat.RawPublicKey
        );
        var signature = Sign(key)!;
        signature.Should().StartWith("v1a,");
        SignatureAlgorithm
            .Ed25519.Verify(
                open,
                Encoding.UTF8.GetBytes($"{Id}.{Now.ToUnixTimeSeconds()}.{Body}"),
                Convert.FromBase64String(signature["v1a,".Length..])
            )
            .Should()
            .BeTrue();
    }

    [Fact]
    public void During_a_rotation_each_of_two_keys_signs()
    {
        var (old, next, third) = (
            keys.Make(Webhook, 1, SignatureScheme.V1, Now),
            keys.Make(Webhook, 2, SignatureScheme.V1, Now),
            keys.Make(Webhook, 3, SignatureScheme.V1a, Now)
        );

        var signatures = keys.Sign([third.Row, next.Row, old.Row], Id, Now.ToUnixTimeSeconds(), Encoding.UTF8.GetBytes(Body))!.Split(' ');

        signatures.Should().HaveCount(3).And.Contain([Sign(old)!, Sign(next)!, Sign(third)!]);
    }

    [Fact]
    public void A_key_that_does_not_open_any_more_signs_nothing()
    {
        var key = keys.Make(Webhook, 1, SignatureScheme.V1, Now);

        keys.Sign([key.Row with { Secret = "lost" }], Id, 1, Encoding.UTF8.GetBytes(Body)).Should().BeNull();
    }

    private static string Reversed(string text) => string.Concat(text.Reverse());

    private string? Sign(NewKey key) => keys.Sign([key.Row], Id, Now.ToUnixTimeSeconds(), Encoding.UTF8.GetBytes(Body));
}
