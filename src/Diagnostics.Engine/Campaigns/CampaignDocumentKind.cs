namespace Diagnostics.Engine.Campaigns;

/// <summary>
/// Documents of a campaign that its operator makes (clause 7.1.3): the order, the protocol of the commission that developed the
/// items, and what participants, organisers and experts have to know.
/// </summary>
public enum CampaignDocumentKind { Order, ItemsProtocol, ParticipantInstruction, OrganiserInstruction, ExpertInstruction }
