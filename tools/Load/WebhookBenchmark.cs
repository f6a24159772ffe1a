using System.Diagnostics;
using Diagnostics.Engine.Events;
using Diagnostics.Storage;
using Diagnostics.Storage.Events;
using Diagnostics.TestKit;
using Diagnostics.TestKit.Server;
using NodaTime;

namespace Diagnostics.Load;

/// <param name="Seconds">From the writing of the first event until the last message is accepted.</param>
/// <param name="PerSecond">Deliveries per second in this time.</param>
/// <param name="ProcessorSeconds">Processor time of the node in this time, without that of the receiver.</param>
/// <param name="Missing">Events that did not arrive.</param>
/// <param name="OutOfOrder">Messages about a person that came after a later message about the same person.</param>
internal sealed record WebhookSpeed(
    string Provider,
    int Events,
    int People,
    double Seconds,
    double PerSecond,
    double ProcessorSeconds,
    int Missing,
    int Repeated,
    int OutOfOrder,
    int Unsigned
)
{
    internal bool Clean => Missing == 0 && OutOfOrder == 0 && Unsigned == 0;
}

/// <summary>
/// Measures how fast one node sends events to one receiver on loopback. The receiver checks every signature.
/// </summary>
internal static class WebhookBenchmark
{
    private const int MostPeople = 2500,
        Together = 500;

    internal static async Task<WebhookSpeed> Run(LoadDatabase database, int events)
    {
        var people = Math.Min(events, MostPeople);
        var exam = await Exam.Prepare(database.Folder, Repository.Bank, people, settings: database.Settings);
        await using var door = database.Connect();
        await using var sink = await WebhookSink.Start();
        using var nodes = await Nodes.Start(database, 1, WebhookCampaign.ReceiverAllowed);
        await WebhookCampaign.Subscribe(door, new Uri($"http://127.0.0.1:{nodes.Ports[0]}"), sink);
        var sessions = await door.Read(db => db.Query<Sat>("SELECT id, participant_id, campaign_id FROM sessions"));
        var before = nodes.ProcessorTime();
        var watch = Stopwatch.StartNew();
        for (var done = 0; done < events; done += Together)
        {
            var (from, to) = (done, Math.Min(events, done + Together));
            await door.Write(
                async db =>
                {
                    for (var place = from; place < to; place++)
                    {
                        var sat = sessions[place % people];
                        await EventStore.Append(
                            db,
                            SystemClock.Instance.GetCurrentInstant(),
                            EventKind.SessionFinished,
                            new()
                            {
                                CampaignId = sat.CampaignId,
                                ParticipantId = sat.ParticipantId,
                                SessionId = sat.Id,
                            }
                        );
                    }
                    return 0;
                },
                Isolation.Guarded
            );
        }
        while ((sink.Count < events || Different(sink).Count < events) && watch.Elapsed < TimeSpan.FromMinutes(10))
            await Task.Delay(20);
        var seconds = watch.Elapsed.TotalSeconds;
        var used = nodes.ProcessorTime() - before;
        var received = sink.Received;
        var different = Different(sink);
        return new(
            Provider: database.Provider,
            Events: events,
            People: exam.Desks.Count,
            Seconds: seconds,
            PerSecond: different.Count / seconds,
            ProcessorSeconds: used.TotalSeconds,
            Missing: events - different.Count,
            Repeated: received.Count - different.Count,
            OutOfOrder: different.GroupBy(message => message.Of("participantId")).Sum(OutOfOrder),
            Unsigned: received.Count(message => !message.Signed)
        );
    }

    private static List<ReceivedMessage> Different(WebhookSink sink) => sink.Received.DistinctBy(message => message.Id).ToList();

    private static int OutOfOrder(IEnumerable<ReceivedMessage> ofPerson)
    {
        var places = ofPerson.Select(message => message.Event["sequence"]!.GetValue<string>()).ToList();
        return places.Zip(places.Skip(1)).Count(pair => string.CompareOrdinal(pair.First, pair.Second) > 0);
    }

    private sealed record Sat
    {
        public Guid Id { get; init; }
        public Guid ParticipantId { get; init; }
        public Guid CampaignId { get; init; }
    }
}
