using System.Threading.Channels;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Operations;

namespace Diagnostics.UseCases.Access;

/// <summary>
/// Records refused sign-ins and lockouts in the audit trail, one entry for an account in a quarter of an hour: a guesser
/// must neither fill the trail nor keep the database busy. The entry is written after the answer, so the time of an
/// answer does not show whether the account exists.
/// </summary>
internal sealed class SignInTrail(Looks looks, ILogger<SignInTrail> log) : Worker(log)
{
    internal const string RefusedAction = "sign-in.refused";
    internal const string LockedAction = "sign-in.locked";
    internal const string ClientAction = "client.signed-in";

    /// <summary>Attempts that name no account share one entry.</summary>
    private const string NoAccount = "sign-ins";

    private const int MostWaiting = 1000;

    private readonly Channel<(string Actor, string Action, string Subject)> waiting = Channel.CreateBounded<(string, string, string)>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <param name="subject">The account or client; null when the attempt names none that exists.</param>
    internal void Refused(string? subject, string code) =>
        Add(subject, code is PasswordCheck.TooManyAttempts ? LockedAction : RefusedAction);

    internal void Succeeded(string client) => Add(client, ClientAction);

    protected override async Task Work(CancellationToken stopping)
    {
        while (waiting.Reader.TryRead(out var next))
            await looks.Once(next.Actor, next.Action, new(next.Subject));
    }

    protected override async Task Pause(CancellationToken stopping) => await waiting.Reader.WaitToReadAsync(stopping);

    /// <summary>An account is named by its id alone, and a client as the owner of its tokens.</summary>
    private static string ActorOf(string? subject) =>
        subject is null ? Caller.Nobody().Id
        : subject.StartsWith("account:", StringComparison.Ordinal) ? subject["account:".Length..]
        : subject;

    private void Add(string? subject, string action) => waiting.Writer.TryWrite((ActorOf(subject), action, subject ?? NoAccount));
}
