using System.Text.Json.Serialization;

namespace Diagnostics.Engine.Competencies;

/// <summary>
/// A versioned tree of everything that is diagnosed: blocks → competencies → elements (regulation, clauses 2.1, 2.2,
/// 3.1).
/// </summary>
public sealed record Framework(string Code, int Version, string Title, string Source, IReadOnlyList<Block> Blocks)
{
    [JsonIgnore]
    public IEnumerable<Element> Elements => Blocks.SelectMany(block => block.Competencies).SelectMany(competency => competency.Elements);

    public Block? FindBlock(string code) => Blocks.FirstOrDefault(block => block.Code == code);

    /// <summary>The block of an element; null when the framework has no such element.</summary>
    public Block? BlockOf(string element) =>
        Blocks.FirstOrDefault(block => block.Competencies.Any(c => c.Elements.Any(e => e.Code == element)));

    /// <summary>The competency of an element; null when the framework has no such element.</summary>
    public Competency? CompetencyOf(string element) =>
        Blocks.SelectMany(block => block.Competencies).FirstOrDefault(competency => competency.Elements.Any(e => e.Code == element));

    /// <summary>The block of a competency; null when the framework has no such competency.</summary>
    public Block? BlockOfCompetency(string competency) => Blocks.FirstOrDefault(block => block.Competencies.Any(c => c.Code == competency));

    public Competency? FindCompetency(string code) =>
        Blocks.SelectMany(block => block.Competencies).FirstOrDefault(competency => competency.Code == code);

    public Element? FindElement(string code) => Elements.FirstOrDefault(element => element.Code == code);
}

/// <param name="Code">For example, <c>subject</c>.</param>
/// <param name="Title">For example, «Предметные компетенции».</param>
/// <param name="Adjective">The word that the route form uses for a deficit in the block (макет ИОМ, блок 4):
/// «предметные».</param>
/// <param name="Competencies">Competencies, in the order in which they are shown.</param>
public sealed record Block(string Code, string Title, string Adjective, IReadOnlyList<Competency> Competencies);

/// <param name="Function">The function of the professional standard, or of the manager's duties, to which the
/// competency belongs.</param>
public sealed record Competency(string Code, string Title, string Function, IReadOnlyList<Element> Elements);

public sealed record Element(string Code, string Title);
