using Diagnostics.Engine.Competencies;

namespace Diagnostics.Engine.Profiles;

/// <summary>
/// A profile as xAPI statements: one for each block, and one for each competency with evidence. When the profile is no
/// longer valid, each statement is followed by one that voids it.
/// </summary>
/// <param name="Stands">Whether the profile is the person's valid result: no later version has superseded it, and it
/// was not annulled.</param>
public sealed record ProfileStatements(DeficitProfile Profile, bool Stands)
{
    private const string Verbs = "http://adlnet.gov/expapi/verbs/",
        Objective = "http://adlnet.gov/expapi/activities/objective";

    /// <summary>Prefix of the names of this service's own values.</summary>
    private const string Meanings = "urn:diagnostics:xapi:";

    private const string Platform = "Diagnostics",
        Russian = "ru-RU",
        English = "en-US";

    private static readonly XapiVerb Scored = Verb("scored", "получил результат"),
        Voided = Verb("voided", "отменено");

    /// <param name="framework">Framework of the profile.</param>
    /// <param name="service">Address of the service, without a slash at its end.</param>
    public IReadOnlyList<XapiStatement> Of(CaseFramework framework, string service)
    {
        var actor = new XapiActor("Agent", new(service, $"{Profile.Subject.ParticipantId:D}"));
        var whole = Activity(framework.Document.Uri, framework.Document.Title);
        var blocks = Profile.Blocks.ToDictionary(block => block.Code, block => Activity(framework.AddressOf(block.Code), block.Title));
        IEnumerable<XapiStatement> scored =
        [
            .. Profile.Blocks.Select(block =>
                Statement(
                    block.Code,
                    blocks[block.Code],
                    null,
                    (block.Result.ResultPercent, block.Result.Earned, block.Result.Maximum),
                    new() { ["level"] = Codes.Of(block.Result.Level) }
                )
            ),
            .. from competency in Profile.Competencies ?? []
            where competency.ResultPercent is not null
            select Statement(
                competency.Code,
                Activity(framework.AddressOf(competency.Code), competency.Title),
                blocks.GetValueOrDefault(competency.Block),
                (competency.ResultPercent!.Value, competency.Earned, competency.Maximum),
                OfCompetency(competency)
            ),
        ];
        return Stands ? scored.ToList() : scored.SelectMany(statement => new[] { statement, Void(statement) }).ToList();

        XapiStatement Statement(
            string code,
            XapiObject about,
            XapiObject? parent,
            (decimal Percent, Points Earned, Points Maximum) score,
            Dictionary<string, string> facts
        ) =>
            new(
                Id: NameUuid.Of(Profile.Id, code),
                Actor: actor,
                Verb: Scored,
                Object: about,
                Result: new(new(score.Percent / 100, score.Earned, 0, score.Maximum), Named(facts)),
                Context: new(
                    Registration: Profile.Subject.SessionId,
                    Platform: Platform,
                    Language: Russian,
                    ContextActivities: new(parent is null ? null : [parent], [whole]),
                    Extensions: Named(
                        new()
                        {
                            ["profile"] = $"{Profile.Id:D}",
                            ["profile-version"] = $"{Profile.Version}",
                            ["status"] = Codes.Of(Profile.Status),
                            ["stage"] = Codes.Of(Profile.Subject.Stage),
                        }
                    )
                ),
                Timestamp: Profile.IssuedAt
            );

        XapiStatement Void(XapiStatement statement) =>
            new(NameUuid.Of(statement.Id, "voided"), actor, Voided, new("StatementRef", $"{statement.Id:D}"));
    }

    private static Dictionary<string, string> OfCompetency(CompetencyResult competency)
    {
        var facts = new Dictionary<string, string> { ["evidence"] = Codes.Of(competency.Evidence) };
        if (competency.Level is { } level)
            facts["level"] = Codes.Of(level);
        if (competency.Signal is { } signal)
            facts["signal"] = Codes.Of(signal);
        return facts;
    }

    private static XapiVerb Verb(string code, string russian) =>
        new(Verbs + code, new Dictionary<string, string> { [Russian] = russian, [English] = code });

    private static XapiObject Activity(string address, string title) =>
        new("Activity", address, new(new Dictionary<string, string> { [Russian] = title }, Objective));

    private static Dictionary<string, string> Named(Dictionary<string, string> facts) =>
        facts.ToDictionary(fact => Meanings + fact.Key, fact => fact.Value);
}
