using System.Diagnostics;
using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Events;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using NodaTime;

namespace Diagnostics.Load;

/// <param name="PerSecond">Deliveries per second, from the commit of the first event until the receiver has accepted
/// the last message.</param>
internal sealed record WebhookSpeed(string Provider, int Events, int People, double Seconds, double PerSecond, int Repeated, int Unsigned);

/// <summary>
/// How fast one node notifies one receiver on loopback; the receiver checks every signature on the same machine.
/// </summary>
internal static class WebhookBenchmark
{
    private const int MostPeople = 2500, Together = 500;

    internal static async Task<WebhookSpeed> Run(LoadDatabase database, int events)
    {
        var people = Math.Min(events, MostPeople);
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, people, settings: database.Settings);
        await using var door = database.Connect();
        await using var sink = await WebhookSink.Start();
        using var nodes = await Nodes.Start(database, 1, WebhookCampaign.Settings);
        await WebhookCampaign.Subscribe(door, nodes.Ports[0], sink);
        var sessions = await door.Read(db => db.Query<Sat>("SELECT id, participant_id, campaign_id FROM sessions"));
        var watch = Stopwatch.StartNew();
        for (var done = 0; done < events; done += Together)
        {
            var (from, to) = (done, Math.Min(events, done + Together));
            await door.Write(async db =>
            {
                for (var place = from; place < to; place++)
                {
                    var sat = sessions[place % people];
                    await EventStore.Append(db, SystemClock.Instance.GetCurrentInstant(), EventKind.SessionFinished,
                        new() { CampaignId = sat.CampaignId, ParticipantId = sat.ParticipantId, SessionId = sat.Id });
                }
                return 0;
            }, Isolation.Guarded);
        }
        while (sink.Count < events && watch.Elapsed < TimeSpan.FromMinutes(10)) await Task.Delay(20);
        var seconds = watch.Elapsed.TotalSeconds;
        var received = sink.Received;
        return new(
            database.Provider, events, exam.Desks.Count, seconds, received.DistinctBy(message => message.Id).Count() / seconds,
            received.Count - received.DistinctBy(message => message.Id).Count(), received.Count(message => !message.Signed));
    }

    private sealed record Sat
    {
        public Guid Id { get; init; }
        public Guid ParticipantId { get; init; }
        public Guid CampaignId { get; init; }
    }
}
