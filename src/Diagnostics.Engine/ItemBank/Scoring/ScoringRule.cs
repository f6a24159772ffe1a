using System.Text.Json.Serialization;

namespace Diagnostics.Engine.ItemBank.Scoring;

/// <summary>
/// How errors or choices become points. The version rises whenever an equal response could be scored differently than
/// before.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "rule")]
[JsonDerivedType(typeof(ExactRule), "exact")]
[JsonDerivedType(typeof(PerErrorRule), "per_error")]
[JsonDerivedType(typeof(MappedRule), "mapped")]
[JsonDerivedType(typeof(AdjacentRule), "adjacent")]
[JsonDerivedType(typeof(ShortAnswerRule), "short_answer")]
[JsonDerivedType(typeof(RubricRule), "rubric")]
public abstract record ScoringRule
{
    private protected ScoringRule() { }

    /// <summary>Name and version, recorded in every score.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>Name and version under the campaign's rule for reading short answers.</summary>
    internal virtual string NameUnder(AnswerRule rule) => Name;
}

/// <summary>Everything right → the maximum, otherwise 0.</summary>
public sealed record ExactRule : ScoringRule
{
    [JsonIgnore]
    public override string Name => "exact/1";
}

/// <summary>Number of errors → points; a number missing from the table gives 0.</summary>
public sealed record PerErrorRule(IReadOnlyDictionary<int, Points> Table) : ScoringRule
{
    [JsonIgnore]
    public override string Name => "per_error/1";

    public Points For(int errors) => Table.GetValueOrDefault(errors, Points.Zero);
}

/// <summary>The sum of the values of the choices, within bounds; each item has its own values.</summary>
/// <param name="Default">Value of a choice that is not in the map.</param>
public sealed record MappedRule(Points Min, Points Max, Points Default) : ScoringRule
{
    [JsonIgnore]
    public override string Name => "mapped/1";

    internal Points For(IEnumerable<string> chosen, IReadOnlyDictionary<string, Points> map) =>
        Bounded(chosen.Select(choice => ValueOf(choice, map)).Sum());

    internal Points ValueOf(string choice, IReadOnlyDictionary<string, Points> map) => map.GetValueOrDefault(choice, Default);

    internal Points Bounded(Points sum) => sum.Clamp(Min, Max);
}

/// <summary>
/// Gives a share of the maximum: of the neighbouring pairs in the right order, the share that also stands together, in
/// the same sequence, in the person's order.
/// </summary>
public sealed record AdjacentRule : ScoringRule
{
    [JsonIgnore]
    public override string Name => "adjacent/1";
}

/// <summary>
/// Accepted texts, numbers and patterns, read by the campaign's rule for short answers: a match gives the maximum.
/// </summary>
public sealed record ShortAnswerRule : ScoringRule
{
    [JsonIgnore]
    public override string Name => NameUnder(AnswerRule.Ru1);

    internal override string NameUnder(AnswerRule rule) => rule.ScoreName;
}

/// <summary>Points per criterion, given by experts.</summary>
public sealed record RubricRule : ScoringRule
{
    [JsonIgnore]
    public override string Name => "rubric/1";
}
