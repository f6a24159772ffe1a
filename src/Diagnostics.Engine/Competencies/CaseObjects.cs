using System.Text.Json.Serialization;
using NodaTime;

namespace Diagnostics.Engine.Competencies;

// Objects of Competencies and Academic Standards Exchange (CASE) 1.1, with the names of that standard. Unknown members
// from other systems are ignored; absent members are not written.

/// <summary>A link to another CASE object.</summary>
/// <param name="Identifier">UUID.</param>
/// <param name="Uri">Address of the object.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseLink(string Title, Guid Identifier, string Uri);

/// <summary>One end of an association.</summary>
/// <param name="Identifier">A UUID when the end is a CASE object.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseNode(string Title, string Identifier, string Uri, string? TargetType = null);

/// <summary>Values of a framework for which CASE has no field.</summary>
/// <param name="Code">Code of the framework.</param>
/// <param name="Adjective">For a block, the word that the route form uses, such as «предметные».</param>
/// <param name="Function">For a competency, its function in the professional standard or in the manager's
/// duties.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseExtensions(string? Code = null, string? Adjective = null, string? Function = null);

/// <summary>The head of a framework.</summary>
/// <param name="CaseVersion">Version of the standard, 1.1.</param>
/// <param name="Creator">The body responsible for the content.</param>
/// <param name="Version">Version of the framework.</param>
/// <param name="Notes">The legal acts behind the framework.</param>
/// <param name="Package">Link to the whole framework; absent inside a package.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseDocument(
    Guid Identifier,
    string Uri,
    string Creator,
    string Title,
    Instant LastChangeDateTime,
    string? CaseVersion = null,
    string? Language = null,
    string? Version = null,
    string? AdoptionStatus = null,
    string? Notes = null,
    CaseExtensions? Extensions = null,
    [property: JsonPropertyName("CFPackageURI")] CaseLink? Package = null
);

/// <summary>A block, a competency or an element.</summary>
/// <param name="FullStatement">Title of the unit.</param>
/// <param name="ItemType">Whether the unit is a block, a competency or an element.</param>
/// <param name="HumanCodingScheme">Code of the unit, as profiles name it.</param>
/// <param name="Document">Link to the unit's framework; absent inside a package.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseItem(
    Guid Identifier,
    string FullStatement,
    string Uri,
    Instant LastChangeDateTime,
    [property: JsonPropertyName("CFItemType")] string? ItemType = null,
    string? HumanCodingScheme = null,
    string? Language = null,
    CaseExtensions? Extensions = null,
    [property: JsonPropertyName("CFDocumentURI")] CaseLink? Document = null
);

/// <summary>States that one unit belongs to another.</summary>
/// <param name="AssociationType">Always <c>isChildOf</c> in frameworks of this service.</param>
/// <param name="Origin">The child.</param>
/// <param name="SequenceNumber">Position among the children of the same parent, from 1.</param>
/// <param name="Document">Link to the framework; absent inside a package.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CaseAssociation(
    Guid Identifier,
    string AssociationType,
    string Uri,
    [property: JsonPropertyName("originNodeURI")] CaseNode Origin,
    [property: JsonPropertyName("destinationNodeURI")] CaseNode Destination,
    Instant LastChangeDateTime,
    int? SequenceNumber = null,
    [property: JsonPropertyName("CFDocumentURI")] CaseLink? Document = null
)
{
    internal const string IsChildOf = "isChildOf";
}

/// <summary>A framework with all its units.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record CasePackage(
    [property: JsonPropertyName("CFDocument")] CaseDocument Document,
    [property: JsonPropertyName("CFItems")] IReadOnlyList<CaseItem>? Items = null,
    [property: JsonPropertyName("CFAssociations")] IReadOnlyList<CaseAssociation>? Associations = null
);

/// <summary>A page of frameworks.</summary>
public sealed record CaseDocumentSet([property: JsonPropertyName("CFDocuments")] IReadOnlyList<CaseDocument> Documents);

/// <summary>An item with its parent and its children.</summary>
public sealed record CaseAssociationSet(
    [property: JsonPropertyName("CFItem")] CaseItem Item,
    [property: JsonPropertyName("CFAssociations")] IReadOnlyList<CaseAssociation> Associations
);
