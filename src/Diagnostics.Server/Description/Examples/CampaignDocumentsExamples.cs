using Diagnostics.Engine.Campaigns;
using Diagnostics.UseCases.Campaigns;
using Diagnostics.UseCases.Execution;
using static Diagnostics.Server.Description.Example;

namespace Diagnostics.Server.Description.Examples;

/// <summary>Examples of operations on a campaign's documents for the API description.</summary>
internal static class CampaignDocumentsExamples
{
    private static readonly CampaignDocument Protocol = new(
        CampaignId: ExampleStory.Campaign,
        Kind: CampaignDocumentKind.ItemsProtocol,
        Version: 1,
        Title: "Протокол № 3 комиссии по разработке диагностических материалов",
        Content: "Рассмотрели четыре варианта заданий и критерии их оценивания.\n\n**Решили:** варианты утвердить.",
        Members:
        [
            new("Алиев Саид Магомедович", "председатель, ГБУ ДПО РД «ДИРО»"),
            new("Гаджиева Патимат Алиевна", "эксперт по математике"),
        ],
        InForceAt: ExampleStory.Published,
        CreatedAt: ExampleStory.Published
    );

    private static readonly CampaignDocument Instruction = new(
        CampaignId: ExampleStory.Campaign,
        Kind: CampaignDocumentKind.ParticipantInstruction,
        Version: 2,
        Title: "Инструкция участника",
        Content: "Придите за 20 минут до начала.\n\n- Возьмите документ.\n- Телефон сдайте организатору.",
        Members: null,
        InForceAt: ExampleStory.Applied,
        CreatedAt: ExampleStory.Published
    );

    internal static IEnumerable<Example> All =>
        [
            Takes("AddCampaignDocument", new CampaignDocumentRequest(Protocol.Kind, Protocol.Title, Protocol.Content, Protocol.Members)),
            Gives("AddCampaignDocument", Protocol, 201),
            .. Refuses(AddCampaignDocument.MembersOfProtocol, "AddCampaignDocument"),
            .. Refuses(AddCampaignDocument.InForcePast, "AddCampaignDocument"),
            .. Refuses(CampaignRefusals.NoCampaign, "AddCampaignDocument", "ListCampaignDocuments"),
            Gives(
                "ListCampaignDocuments",
                new Page<CampaignDocumentSummary>(
                    [
                        new(Protocol.Kind, 1, Protocol.Title, Protocol.InForceAt, Protocol.CreatedAt, Holds: true),
                        new(Instruction.Kind, 1, Instruction.Title, ExampleStory.Published, ExampleStory.Published, Holds: false),
                        new(Instruction.Kind, 2, Instruction.Title, Instruction.InForceAt, Instruction.CreatedAt, Holds: true),
                    ],
                    null
                )
            ),
            Gives("GetCampaignDocument", Instruction),
            .. Refuses(CampaignDocumentRules.NotFound, "GetCampaignDocument"),
        ];
}
