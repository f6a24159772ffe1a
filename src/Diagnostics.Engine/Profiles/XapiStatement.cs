using NodaTime;

namespace Diagnostics.Engine.Profiles;

// Statements of the Experience API (xAPI 1.0.3), with only the members that this service uses.

/// <summary>A statement about a person's result.</summary>
/// <param name="Id">Follows from the profile, so a repeated statement has the same id.</param>
/// <param name="Timestamp">When the profile was issued; absent in a statement that voids another.</param>
public sealed record XapiStatement(
    Guid Id,
    XapiActor Actor,
    XapiVerb Verb,
    XapiObject Object,
    XapiResult? Result = null,
    XapiContext? Context = null,
    Instant? Timestamp = null
);

/// <summary>The person, without a name.</summary>
public sealed record XapiActor(string ObjectType, XapiAccount Account);

/// <param name="HomePage">Address of the service that knows the person.</param>
/// <param name="Name">The person's pseudonym (<c>participantId</c>).</param>
public sealed record XapiAccount(string HomePage, string Name);

/// <param name="Display">Text by language.</param>
public sealed record XapiVerb(string Id, IReadOnlyDictionary<string, string> Display);

/// <summary>The activity that was scored, or the statement that is voided.</summary>
/// <param name="Id">The address of an activity, or the id of a statement.</param>
public sealed record XapiObject(string ObjectType, string Id, XapiDefinition? Definition = null);

/// <param name="Name">Name by language.</param>
public sealed record XapiDefinition(IReadOnlyDictionary<string, string> Name, string Type);

/// <param name="Extensions">Values, each under the address that defines its meaning.</param>
public sealed record XapiResult(XapiScore Score, IReadOnlyDictionary<string, string> Extensions);

/// <param name="Scaled">0–1, cut to four decimal places: <c>resultPercent</c> divided by a hundred.</param>
/// <param name="Raw">Points.</param>
public sealed record XapiScore(decimal Scaled, Points Raw, decimal Min, Points Max);

/// <param name="Registration">The session.</param>
/// <param name="ContextActivities">The parents and the framework of the object.</param>
public sealed record XapiContext(
    Guid Registration,
    string Platform,
    string Language,
    XapiContextActivities ContextActivities,
    IReadOnlyDictionary<string, string> Extensions
);

/// <param name="Parent">For a competency, its block; absent for a block.</param>
/// <param name="Grouping">The framework.</param>
public sealed record XapiContextActivities(IReadOnlyList<XapiObject>? Parent, IReadOnlyList<XapiObject> Grouping);
