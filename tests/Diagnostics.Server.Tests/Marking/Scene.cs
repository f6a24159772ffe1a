using System.Globalization;
using System.Text.Json;
using Diagnostics.Engine;
using Diagnostics.Engine.Access;
using Diagnostics.Engine.Campaigns;
using Diagnostics.Engine.ItemBank;
using Diagnostics.Engine.Marking;
using Diagnostics.Engine.Sessions;
using Diagnostics.Server.Commands;
using Diagnostics.Server.Description;
using Diagnostics.Server.Hosting;
using Diagnostics.Storage;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Campaigns;
using Diagnostics.Storage.Forms;
using Diagnostics.Storage.People;
using Diagnostics.Storage.Sessions;
using Diagnostics.Storage.Sessions.Saving;
using Diagnostics.UseCases.Access;
using Diagnostics.UseCases.Execution;
using Diagnostics.UseCases.Forms;
using Diagnostics.UseCases.Marking;
using Diagnostics.UseCases.Operations;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace Diagnostics.Server.Tests.Marking;

/// <summary>
/// A published campaign with the shipped teacher form and people whose sessions are over: marking starts from here.
/// </summary>
internal sealed class Scene
{
    /// <summary>Title of a form that a test has derived from the shipped one.</summary>
    internal const string Copy = "Копия";

    private static int names;

    private readonly TestService service;
    private int seats;

    private Scene(TestService service, Guid id, Guid siteId, FormContent form) =>
        (this.service, Id, SiteId, Form) = (service, id, siteId, form);

    /// <summary>The campaign.</summary>
    internal Guid Id { get; }

    internal Guid SiteId { get; }

    internal FormContent Form { get; }

    internal Database Database => service.Services.GetRequiredService<Database>();

    private Instant Now => service.Clock.GetCurrentInstant();

    internal static async Task<Scene> Make(
        TestService service,
        MarkingPolicy? marking = null,
        Guid? formId = null,
        ScoringPolicy? scoring = null
    )
    {
        var database = service.Services.GetRequiredService<Database>();
        var now = service.Clock.GetCurrentInstant();
        var form =
            formId
            ?? (await database.Read(FormStore.List)).Single(row => row.BlueprintCode == "teacher-mathematics-5-9" && row.Title != Copy).Id;
        var (id, siteId) = (NewId(now), NewId(now));
        await database.Write(async db =>
        {
            await SiteStore.Add(
                db,
                new SiteRow
                {
                    Id = siteId,
                    Code = siteId.ToString("N"),
                    Name = "Площадка",
                    Address = "ул. Школьная, 1",
                    Territory = "82",
                    TimeZone = "Asia/Kamchatka",
                    Seats = 500,
                }
            );
            await CampaignStore.Add(
                db,
                new CampaignRow
                {
                    Id = id,
                    Title = "Входная диагностика",
                    Audience = "Учителя математики",
                    FormId = form,
                    Stage = "entry",
                    TimeLimitMinutes = 120,
                    ApplicationsFrom = now - Duration.FromDays(10),
                    ApplicationsTo = now - Duration.FromDays(1),
                    SittingFrom = now - Duration.FromDays(1),
                    SittingTo = now + Duration.FromDays(5),
                    // At another time of day than the sessions, whose time no expert may see.
                    MarkingTo = now + Duration.FromDays(10) + Duration.FromMinutes(1),
                    CreatedAt = now,
                }
            );
            await CampaignStore.SetSites(db, id, [siteId]);
            var pins = (await PolicyStore.List(db, null))
                .GroupBy(policy => policy.Kind)
                .Select(kind => kind.FirstOrDefault(policy => policy.Code == "default") ?? kind.First())
                .Select(policy => (Codes.Parse<PolicyKind>(policy.Kind), policy.Code, policy.Version))
                .Where(policy => PolicyKinds.OfCampaigns.Contains(policy.Item1))
                .ToList();
            foreach (var (kind, document) in new (PolicyKind, object?)[] { (PolicyKind.Marking, marking), (PolicyKind.Scoring, scoring) })
            {
                if (document is null)
                    continue;
                var code = $"test-{id:N}";
                await PolicyStore.Add(db, new Policy(kind, code, 1, CanonicalJson.Of(document)), now, null);
                pins = [.. pins.Where(pin => pin.Item1 != kind), (kind, code, 1)];
            }
            await PolicyStore.Pin(db, id, pins);
            (await CampaignStore.Publish(db, id, 1, now)).Should().BeTrue();
            return 0;
        });
        return new Scene(service, id, siteId, await service.Services.GetRequiredService<FormCatalog>().Get(form));
    }

    internal IReadOnlyList<FormSlot> Slots(int variant = 1) => Form.Variants[variant];

    internal FormSlot First(ItemType type, int variant = 1) => Slots(variant).First(slot => slot.Item.Type == type);

    internal async Task<Guid> Person(string organisation = "МБОУ «СОШ № 5»", string territory = "82")
    {
        var id = NewId(Now);
        await Database.Write(db =>
            PersonStore.Add(
                db,
                new PersonRow
                {
                    ParticipantId = id,
                    Surname = "Тайнова",
                    GivenName = "Вера",
                    Organisation = organisation,
                    Territory = territory,
                },
                Now
            )
        );
        return id;
    }

    /// <summary>
    /// A session that has begun. Each step guards its changes in its own statements, as in the service, so that
    /// hundreds of people can begin at the same time.
    /// </summary>
    internal async Task<Guid> Begin(Guid person, int variant = 1)
    {
        var (id, now) = (NewId(Now), Now);
        await Database.Write(
            async db =>
            {
                var (consent, application) = (NewId(now), NewId(now));
                await ConsentStore.Add(
                    db,
                    new ConsentRow
                    {
                        Id = consent,
                        ParticipantId = person,
                        Kind = ConsentStore.Participation,
                        TextCode = "participation",
                        TextVersion = 1,
                        GivenAt = now,
                    }
                );
                await ApplicationStore.Add(
                    db,
                    new ApplicationRow
                    {
                        Id = application,
                        CampaignId = Id,
                        ParticipantId = person,
                        SiteId = SiteId,
                        ConsentId = consent,
                        SubmittedAt = now,
                    }
                );
                await ApplicationStore.Decide(db, application, ApplicationStatus.Submitted, ApplicationStatus.Approved, now, "test", null);
                await SessionStore.Add(
                    db,
                    new SessionRow
                    {
                        Id = id,
                        ApplicationId = application,
                        CampaignId = Id,
                        ParticipantId = person,
                        FormId = Form.Form.Id,
                        SiteId = SiteId,
                        Seat = Interlocked.Increment(ref seats),
                        Variant = variant,
                        GraceSeconds = 30,
                        CreatedAt = now,
                    }
                );
                return 0;
            },
            Isolation.Guarded
        );
        await Move(id, clock => clock.Admit());
        await Move(id, clock => clock.Start(now, Duration.FromMinutes(120)));
        return id;
    }

    /// <summary>A finished session with these answers; null leaves a slot untouched.</summary>
    internal async Task<Guid> Session(
        Func<FormSlot, Response?> answer,
        string organisation = "МБОУ «СОШ № 5»",
        int variant = 1,
        Guid? person = null
    )
    {
        var id = await Begin(person ?? await Person(organisation), variant);
        foreach (var slot in Slots(variant))
            if (answer(slot) is { } response)
                await Save(id, slot.Slot, response);
        await Finish(id);
        return id;
    }

    /// <summary>A finished and scored session; its answers determine what waits for experts.</summary>
    internal async Task<Guid> Scored(
        Func<FormSlot, Response?> answer,
        string organisation = "МБОУ «СОШ № 5»",
        int variant = 1,
        Guid? person = null
    )
    {
        var id = await Session(answer, organisation, variant, person);
        await Score();
        return id;
    }

    internal async Task Save(Guid session, int slot, Response? response, int baseRevision = 0)
    {
        var saved = await ResponseSaves.Save(
            Database,
            new ResponseToSave(
                session,
                slot,
                baseRevision,
                response is null ? null : JsonSerializer.Serialize(response, ItemJson.Options),
                Cleared: true,
                Now
            )
        );
        saved.Should().BeOfType<SaveOutcome.Saved>().Which.Revision.Should().Be(baseRevision + 1);
    }

    internal Task Finish(Guid session) => Move(session, clock => clock.Finish(Now, Duration.FromSeconds(30)), "{}");

    internal Task Move(Guid session, Func<SessionClock, Result<SessionClock>> to, string? manifest = null) =>
        Database.Write(
            async db =>
            {
                var row = (await SessionStore.Find(db, session))!;
                (await SessionStore.Move(db, row, to(row.Clock).Value, manifest)).Should().BeTrue();
                return 0;
            },
            Isolation.Guarded
        );

    internal Task<SessionRow?> Find(Guid session) => Database.Read(db => SessionStore.Find(db, session));

    /// <summary>Scores every session that has ended; the service's own worker may be doing the same.</summary>
    internal Task Score() => service.Services.GetRequiredService<ScoringWorker>().ScoreDue(CancellationToken.None);

    /// <summary>A signed-in member of staff, with rights in this campaign unless another is given.</summary>
    internal async Task<HttpClient> Staff(Role role, string? organisation = null, Guid? campaign = null) =>
        (await StaffAccount(role, organisation, campaign)).Client;

    internal Task<(HttpClient Client, Guid AccountId)> StaffAccount(Role role, string? organisation = null, Guid? campaign = null) =>
        Account([new Grant(role, GrantScope.Campaign, (campaign ?? Id).ToString("D"))], organisation, null);

    /// <summary>A person with an account and no rights yet.</summary>
    internal Task<(HttpClient Client, Guid AccountId)> Newcomer(string? organisation = null) => Account([], organisation, null);

    /// <summary>The person's own account.</summary>
    internal async Task<HttpClient> Taker(Guid person) => (await Account([], null, person)).Client;

    /// <summary>A portal with the right to read profiles.</summary>
    internal async Task<HttpClient> Portal(string? territory = null, string scopes = Clients.ReadProfiles)
    {
        var (id, secret) = ($"portal-{Interlocked.Increment(ref names)}", Clients.NewSecret());
        await Database.Write(db =>
            ClientStore.Add(
                db,
                new ClientRow
                {
                    Id = id,
                    Name = id,
                    SecretHash = Clients.HashOf(secret),
                    Scopes = scopes,
                    Territory = territory,
                    CreatedAt = Now,
                }
            )
        );
        return await service.SignInClient(id, secret);
    }

    internal Task Consent(Guid person) =>
        Database.Write(async db =>
        {
            await ConsentStore.Add(
                db,
                new ConsentRow
                {
                    Id = NewId(Now),
                    ParticipantId = person,
                    Kind = ConsentStore.ProfileSharing,
                    TextCode = "profile-sharing",
                    TextVersion = 1,
                    GivenAt = Now,
                }
            );
            return 0;
        });

    private async Task<(HttpClient Client, Guid AccountId)> Account(IReadOnlyList<Grant> grants, string? organisation, Guid? person)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"account-{Interlocked.Increment(ref names)}");
        var passwords = service.Services.GetRequiredService<IPasswordHasher<AccountRow>>();
        var made = await Database.Write(db =>
            Accounts.Create(db, passwords, Now, name, "long-enough-1", grants, "test", person, organisation)
        );
        return (await service.SignIn(name, "long-enough-1"), made.Value.Id);
    }

    private static Guid NewId(Instant now) => Guid.CreateVersion7(now.ToDateTimeOffset());
}

/// <summary>Answers made from the keys of items.</summary>
internal static class Answer
{
    internal static readonly Func<FormSlot, Response?> Nothing = _ => null;

    /// <summary>Right answers wherever there is a key; open answers stay blank.</summary>
    internal static readonly Func<FormSlot, Response?> Right = slot =>
        slot.Item.Body switch
        {
            SingleChoice choice => new SingleChoiceResponse(choice.Key),
            MultipleChoice choice => new MultipleChoiceResponse(choice.Key),
            Engine.ItemBank.Matching matching => new MatchingResponse(matching.Key),
            Engine.ItemBank.Ordering ordering => new OrderingResponse(ordering.Key),
            ShortAnswer answer => new ShortAnswerResponse(
                answer.Key.Texts.Concat(answer.Key.Numbers.Select(number => number.Value)).First()
            ),
            _ => null,
        };

    /// <summary>Like <see cref="Right"/>, with a text for every open answer.</summary>
    internal static readonly Func<FormSlot, Response?> RightWithEssays = slot =>
        Right(slot) ?? new ExtendedResponse($"Развёрнутый ответ на задание {slot.Slot}");

    internal static Func<FormSlot, Response?> With(this Func<FormSlot, Response?> others, int slot, Response? response) =>
        each => each.Slot == slot ? response : others(each);
}
