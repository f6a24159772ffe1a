using NodaTime;

namespace Diagnostics.Engine.Profiles;

// Statements of the Experience API (xAPI 1.0.3), with the members that ours use.

/// <summary>Something that is told of a person's result.</summary>
/// <param name="Id">Follows from the profile: told again, it is the same statement.</param>
/// <param name="Timestamp">When the profile was issued; absent in what takes a statement back.</param>
public sealed record XapiStatement(
    Guid Id, XapiActor Actor, XapiVerb Verb, XapiObject Object, XapiResult? Result = null, XapiContext? Context = null,
    Instant? Timestamp = null);

/// <summary>The person, without a name.</summary>
public sealed record XapiActor(string ObjectType, XapiAccount Account);

/// <param name="HomePage">Address of the service that knows the person.</param>
/// <param name="Name">The person's pseudonym (<c>participantId</c>).</param>
public sealed record XapiAccount(string HomePage, string Name);

/// <param name="Display">By language.</param>
public sealed record XapiVerb(string Id, IReadOnlyDictionary<string, string> Display);

/// <summary>What was scored, or the statement that is taken back.</summary>
/// <param name="Id">Of an activity the address, of a statement the id.</param>
public sealed record XapiObject(string ObjectType, string Id, XapiDefinition? Definition = null);

/// <param name="Name">By language.</param>
public sealed record XapiDefinition(IReadOnlyDictionary<string, string> Name, string Type);

/// <param name="Extensions">Values by the addresses of their meanings.</param>
public sealed record XapiResult(XapiScore Score, IReadOnlyDictionary<string, string> Extensions);

/// <param name="Scaled">0–1, four places, cut: <c>resultPercent</c> by a hundred.</param>
/// <param name="Raw">Points.</param>
public sealed record XapiScore(decimal Scaled, Points Raw, decimal Min, Points Max);

/// <param name="Registration">The session.</param>
/// <param name="ContextActivities">What the object stands in.</param>
public sealed record XapiContext(
    Guid Registration, string Platform, string Language, XapiContextActivities ContextActivities,
    IReadOnlyDictionary<string, string> Extensions);

/// <param name="Parent">Of a competency its block; absent for a block.</param>
/// <param name="Grouping">The framework.</param>
public sealed record XapiContextActivities(IReadOnlyList<XapiObject>? Parent, IReadOnlyList<XapiObject> Grouping);
