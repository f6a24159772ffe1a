namespace Diagnostics.Engine.Campaigns;

/// <summary>
/// Documents of a campaign that its operator writes (clause 7.1.3): the operator's order, the protocol of the
/// commission that developed the items, and the instructions for participants, organisers and experts.
/// </summary>
public enum CampaignDocumentKind
{
    Order,
    ItemsProtocol,
    ParticipantInstruction,
    OrganiserInstruction,
    ExpertInstruction,
}
