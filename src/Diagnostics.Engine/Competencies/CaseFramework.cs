using NodaTime;

namespace Diagnostics.Engine.Competencies;

/// <summary>
/// A published framework in the terms of CASE 1.1. Identifiers follow from the content: a version has the same
/// identifiers wherever it is published, and two regions whose version numbers coincide do not share identifiers.
/// </summary>
/// <param name="fingerprint">Fingerprint of the content.</param>
/// <param name="root">Base address of the CASE service, without a slash at its end:
/// <c>https://…/ims/case/v1p1</c>.</param>
public sealed class CaseFramework(Framework framework, string fingerprint, Instant publishedAt, string root)
{
    private const string CaseVersion = "1.1",
        Language = "ru",
        Creator = "Оператор диагностики (ЦНППМ)",
        Adopted = "Adopted";

    /// <summary>The UUID namespace of framework versions.</summary>
    private static readonly Guid Space = new("dce33a74-861c-4aef-9dc1-24e245a67f82");

    private readonly IReadOnlyList<FrameworkUnit> units = FrameworkUnit.Of(framework).ToList();

    public Guid Identifier { get; } = NameUuid.Of(Space, $"{framework.Code}/{framework.Version}/{fingerprint}");

    public CaseDocument Document => Head with { Package = new(framework.Title, Identifier, $"{root}/CFPackages/{Identifier:D}") };

    public CasePackage Package => new(Head, units.Select(Item).ToList(), units.Select(Association).ToList());

    /// <summary>The address of a block, a competency or an element.</summary>
    public string AddressOf(string code) => Address("CFItems", IdentifierOf(code));

    public CaseItem? FindItem(Guid identifier) =>
        units.FirstOrDefault(unit => IdentifierOf(unit.Code) == identifier) is { } unit ? Item(unit) with { Document = Link } : null;

    /// <summary>An item with all its associations; null when there is no such item.</summary>
    public CaseAssociationSet? FindItemAssociations(Guid identifier) =>
        FindItem(identifier) is { } item
            ? new(
                item,
                units
                    .Where(unit => unit.Code == item.HumanCodingScheme || unit.Parent == item.HumanCodingScheme)
                    .Select(Association)
                    .ToList()
            )
            : null;

    public CaseAssociation? FindAssociation(Guid identifier) =>
        units.FirstOrDefault(unit => AssociationOf(unit) == identifier) is { } unit ? Association(unit) with { Document = Link } : null;

    private CaseDocument Head =>
        new(
            Identifier: Identifier,
            Uri: Address("CFDocuments", Identifier),
            Creator: Creator,
            Title: framework.Title,
            LastChangeDateTime: publishedAt,
            CaseVersion: CaseVersion,
            Language: Language,
            Version: $"{framework.Version}",
            AdoptionStatus: Adopted,
            Notes: framework.Source,
            Extensions: new(Code: framework.Code)
        );

    private CaseLink Link => new(framework.Title, Identifier, Address("CFDocuments", Identifier));

    private Guid IdentifierOf(string code) => NameUuid.Of(Identifier, code);

    private Guid AssociationOf(FrameworkUnit unit) => NameUuid.Of(Identifier, $"{CaseAssociation.IsChildOf} {unit.Code}");

    private string Address(string resource, Guid identifier) => $"{root}/{resource}/{identifier:D}";

    private CaseItem Item(FrameworkUnit unit) =>
        new(
            Identifier: IdentifierOf(unit.Code),
            FullStatement: unit.Title,
            Uri: AddressOf(unit.Code),
            LastChangeDateTime: publishedAt,
            ItemType: unit.Kind switch
            {
                FrameworkUnitKind.Block => "Блок компетенций",
                FrameworkUnitKind.Competency => "Компетенция",
                FrameworkUnitKind.Element => "Элемент компетенции",
                _ => throw new ArgumentOutOfRangeException(nameof(unit), unit.Kind, null),
            },
            HumanCodingScheme: unit.Code,
            Language: Language,
            Extensions: unit.Kind switch
            {
                FrameworkUnitKind.Block => new(Adjective: unit.Detail),
                FrameworkUnitKind.Competency => new(Function: unit.Detail),
                _ => null,
            }
        );

    private CaseAssociation Association(FrameworkUnit unit)
    {
        var parent = units.FirstOrDefault(other => other.Code == unit.Parent);
        var identifier = AssociationOf(unit);
        return new(
            Identifier: identifier,
            AssociationType: CaseAssociation.IsChildOf,
            Uri: Address("CFAssociations", identifier),
            Origin: Node(unit),
            Destination: parent is null ? new(framework.Title, $"{Identifier:D}", Address("CFDocuments", Identifier)) : Node(parent),
            LastChangeDateTime: publishedAt,
            SequenceNumber: units.Where(other => other.Parent == unit.Parent).TakeWhile(other => other != unit).Count() + 1
        );
    }

    private CaseNode Node(FrameworkUnit unit) => new(unit.Title, $"{IdentifierOf(unit.Code):D}", AddressOf(unit.Code));
}
