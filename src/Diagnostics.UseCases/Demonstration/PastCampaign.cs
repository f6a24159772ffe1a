using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.ItemBank.Scoring;
using Diagnostics.Engine.Marking;
using Diagnostics.Storage;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;
using Diagnostics.Storage.Marking;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Profiles;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.ComplexProfiles;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Profiles;
using NodaTime;

namespace Diagnostics.UseCases.Demonstration;

/// <summary>
/// A campaign of the previous year, with enough people to calibrate the form. It is written through the stores and not
/// through the API, where six hundred people would take minutes of the demonstration; viewers only need the outcome.
/// </summary>
internal sealed class PastCampaign(Database database, FormContent form, IClock clock, SeededRandom random, Guid expert)
{
    private const int Batch = 25;

    /// <param name="people">Number of people, spread evenly over the variants.</param>
    /// <returns>The closed campaign, whose final profiles must still be issued.</returns>
    internal async Task<Guid> Write(string title, string audience, string position, int people, Action<int> written)
    {
        var taken = clock.GetCurrentInstant() - Duration.FromDays(365);
        var (campaignId, siteId) = (NewId(taken), NewId(taken));
        await database.Write(async db =>
        {
            await SiteStore.Add(
                db,
                new SiteRow
                {
                    Id = siteId,
                    Code = $"demo-{random.NextUInt64():x}",
                    Name = "ППД «Прошлый год»",
                    Address = "г. Дербент, ул. Ленина, 5",
                    Territory = "derbent",
                    TimeZone = "Europe/Moscow",
                    Seats = people,
                }
            );
            await CampaignStore.Add(
                db,
                new CampaignRow
                {
                    Id = campaignId,
                    Title = title,
                    Audience = audience,
                    FormId = form.Form.Id,
                    Stage = Codes.Of(CampaignStage.Entry),
                    TimeLimitMinutes = form.Form.TimeLimitMinutes,
                    ApplicationsFrom = taken - Duration.FromDays(30),
                    ApplicationsTo = taken - Duration.FromDays(10),
                    SittingFrom = taken - Duration.FromDays(1),
                    SittingTo = taken + Duration.FromDays(1),
                    MarkingTo = taken + Duration.FromDays(14),
                    CreatedAt = taken - Duration.FromDays(31),
                }
            );
            await CampaignStore.SetSites(db, campaignId, [siteId]);
            await PolicyStore.Pin(
                db,
                campaignId,
                (await PinnedPolicies.Choose(db, [])).Value.Select(policy => (policy.Kind, policy.Code, policy.Version))
            );
            await CampaignStore.Publish(db, campaignId, 1, taken - Duration.FromDays(30));
            await FormStore.Freeze(db, form.Form.Id, taken);
            return 0;
        });
        for (var first = 0; first < people; first += Batch)
        {
            await database.Write(async db =>
            {
                for (var number = first; number < Math.Min(people, first + Batch); number++)
                    await Add(db, campaignId, siteId, position, number, taken);
                return 0;
            });
            written(Math.Min(people, first + Batch));
        }
        await database.Write(db => PublicationStore.Close(db, campaignId, taken + Duration.FromDays(20)));
        return campaignId;
    }

    private async Task Add(Db db, Guid campaignId, Guid siteId, string position, int number, Instant taken)
    {
        var (person, consent, application, id) = (NewId(taken), NewId(taken), NewId(taken), NewId(taken));
        var variant = 1 + (number % Facet.Variants);
        await PersonStore.Add(db, DemoPeople.Row(person, number, position, random), taken);
        await ConsentStore.Add(
            db,
            new ConsentRow
            {
                Id = consent,
                ParticipantId = person,
                Kind = ConsentStore.Participation,
                TextCode = "participation",
                TextVersion = 1,
                GivenAt = taken,
            }
        );
        await ApplicationStore.Add(
            db,
            new ApplicationRow
            {
                Id = application,
                CampaignId = campaignId,
                ParticipantId = person,
                SiteId = siteId,
                ConsentId = consent,
                SubmittedAt = taken,
            }
        );
        await ApplicationStore.Decide(db, application, ApplicationStatus.Submitted, ApplicationStatus.Approved, taken, "demo", null);
        await SessionStore.Add(
            db,
            new SessionRow
            {
                Id = id,
                ApplicationId = application,
                CampaignId = campaignId,
                ParticipantId = person,
                FormId = form.Form.Id,
                SiteId = siteId,
                Seat = number + 1,
                Variant = variant,
                GraceSeconds = 30,
                CreatedAt = taken,
            }
        );
        await Move(db, id, session => session.Clock.Admit().Value);
        await Move(db, id, session => session.Clock.Start(taken, Duration.FromMinutes(form.Form.TimeLimitMinutes)).Value);
        var taker = new SimulatedTaker(SimulatedTaker.Ability(random), random);
        var scoring = await CampaignPolicies.Get<ScoringPolicy>(db, campaignId, PolicyKind.Scoring);
        foreach (var slot in form.Variants[variant])
            await Answer(db, id, slot, taker, scoring.Answers, taken + Duration.FromMinutes(slot.Slot));
        var end = taken + Duration.FromMinutes(90);
        await Move(db, id, session => session.Clock.Finish(end, Duration.FromSeconds(30)).Value, "{}");
        var finished = (await SessionStore.Find(db, id))!;
        await SessionStore.SetScored(db, id, finished.Revision, end);
        var ledger = await LoadedLedger.Load(db, finished with { ScoredAt = end }, form);
        await new IssueProfile([], new FormCatalog(database), IssueComplexProfile.AfterEvidence).AfterScores(db, ledger, "scored", end);
    }

    private async Task Answer(Db db, Guid session, FormSlot slot, SimulatedTaker taker, AnswerRule rule, Instant at)
    {
        var (answer, none) = (taker.Answer(slot.Item), KeyDecisions.NoneUnder(rule));
        // Leave unmatched short answers blank, because they would need a key review, and the review of the previous
        // year is over.
        if (answer is ShortAnswerResponse && AutoMarking.Score(slot.Item, Saved(answer), none).Outcome is Outcome.Unmatched)
            answer = null;
        if (answer is not null)
            await ResponseSaves.Save(db, new ResponseToSave(session, slot.Slot, 0, Saved(answer).Content, false, at));
        var score = AutoMarking.Score(slot.Item, answer is null ? null : Saved(answer), none);
        var auto = new MarkingRound
        {
            SessionId = session,
            Slot = slot.Slot,
            Number = 1,
            Kind = RoundKind.Auto,
            ResponseRevision = answer is null ? 0 : 1,
            Outcome = score.Outcome,
            Points = score.Points,
            Maximum = slot.Item.MaxPoints,
            Rule = score.Rule,
            ItemCode = slot.Item.Code,
            ItemVersion = slot.ItemVersion,
            At = at,
        };
        await RoundStore.Add(db, auto);
        if (score.Outcome is not Outcome.AwaitingMarking)
            return;
        var exemplar = slot.Item.Exemplars.First(known => known.Text.Trim() == ((ExtendedResponse)answer!).Text);
        var points = exemplar.Points.Values.Sum();
        await RoundStore.Add(
            db,
            auto with
            {
                Number = 2,
                Kind = RoundKind.Expert,
                Outcome = Score.Of(points, slot.Item.MaxPoints, "rubric/1").Outcome,
                Points = points,
                Rule = "rubric/1",
                Criteria = exemplar.Points,
                MarkedBy = expert,
            }
        );
    }

    private static SavedAnswer Saved(Response answer) => new(1, JsonSerializer.Serialize(answer, ItemJson.Options));

    private static async Task Move(Db db, Guid id, Func<SessionRow, Engine.Sessions.SessionClock> to, string? manifest = null)
    {
        var session = (await SessionStore.Find(db, id))!;
        await SessionStore.Move(db, session, to(session), manifest);
    }

    private static Guid NewId(Instant at) => Guid.CreateVersion7(at.ToDateTimeOffset());
}
