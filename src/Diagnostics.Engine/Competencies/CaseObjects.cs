using System.Text.Json.Serialization;
using NodaTime;

namespace Diagnostics.Engine.Competencies;

// Objects of Competencies and Academic Standards Exchange (CASE) 1.1, named as there. What others send may hold more than we
// know: it is left out. What is absent is not written.

/// <summary>Another object of CASE.</summary>
/// <param name="Identifier">UUID.</param>
/// <param name="Uri">Where it is read.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseLink(string Title, Guid Identifier, string Uri);

/// <summary>One end of an association.</summary>
/// <param name="Identifier">A UUID where it is an object of CASE.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseNode(string Title, string Identifier, string Uri, string? TargetType = null);

/// <summary>What a framework says and CASE has no field for.</summary>
/// <param name="Code">Of the framework.</param>
/// <param name="Adjective">Of a block: the word of the route form, «предметные».</param>
/// <param name="Function">Of a competency: of the professional standard or of the manager's duties.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseExtensions(string? Code = null, string? Adjective = null, string? Function = null);

/// <summary>A framework as a whole: its head.</summary>
/// <param name="CaseVersion">1.1.</param>
/// <param name="Creator">Who answers for the content.</param>
/// <param name="Version">Of the framework.</param>
/// <param name="Notes">The acts that it rests on.</param>
/// <param name="Package">Where all of it is read; absent inside a package.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseDocument(
    Guid Identifier, string Uri, string Creator, string Title, Instant LastChangeDateTime, string? CaseVersion = null,
    string? Language = null, string? Version = null, string? AdoptionStatus = null, string? Notes = null,
    CaseExtensions? Extensions = null, [property: JsonPropertyName("CFPackageURI")] CaseLink? Package = null);

/// <summary>A block, a competency or an element.</summary>
/// <param name="FullStatement">Its title.</param>
/// <param name="ItemType">Which of the three it is.</param>
/// <param name="HumanCodingScheme">Its code, as profiles name it.</param>
/// <param name="Document">That it stands in; absent inside a package.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseItem(
    Guid Identifier, string FullStatement, string Uri, Instant LastChangeDateTime,
    [property: JsonPropertyName("CFItemType")] string? ItemType = null, string? HumanCodingScheme = null,
    string? Language = null, CaseExtensions? Extensions = null,
    [property: JsonPropertyName("CFDocumentURI")] CaseLink? Document = null);

/// <summary>That one thing stands in another.</summary>
/// <param name="AssociationType">Ours are all <c>isChildOf</c>.</param>
/// <param name="Origin">What stands in the other.</param>
/// <param name="SequenceNumber">Place among those that stand in the same, from 1.</param>
/// <param name="Document">That it belongs to; absent inside a package.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseAssociation(
    Guid Identifier, string AssociationType, string Uri,
    [property: JsonPropertyName("originNodeURI")] CaseNode Origin,
    [property: JsonPropertyName("destinationNodeURI")] CaseNode Destination,
    Instant LastChangeDateTime, int? SequenceNumber = null,
    [property: JsonPropertyName("CFDocumentURI")] CaseLink? Document = null)
{
    internal const string IsChildOf = "isChildOf";
}

/// <summary>A framework with all that stands in it.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CasePackage(
    [property: JsonPropertyName("CFDocument")] CaseDocument Document,
    [property: JsonPropertyName("CFItems")] IReadOnlyList<CaseItem>? Items = null,
    [property: JsonPropertyName("CFAssociations")] IReadOnlyList<CaseAssociation>? Associations = null);

/// <summary>Frameworks, a page of them.</summary>
public sealed record CaseDocumentSet([property: JsonPropertyName("CFDocuments")] IReadOnlyList<CaseDocument> Documents);

/// <summary>An item with what it stands in and what stands in it.</summary>
public sealed record CaseAssociationSet(
    [property: JsonPropertyName("CFItem")] CaseItem Item,
    [property: JsonPropertyName("CFAssociations")] IReadOnlyList<CaseAssociation> Associations);
