namespace Diagnostics.Engine.Campaigns;

/// <summary>The point in a person's route at which the diagnostic is taken (regulation, clauses 3.2, 7.1.3).</summary>
public enum CampaignStage
{
    Entry,
    Intermediate,
    Final,
}

/// <summary>
/// <c>draft → published → closed | cancelled</c>. A published campaign pins its form and policies; a closed one has
/// published results; a cancelled one was called off before anybody began.
/// </summary>
public enum CampaignStatus
{
    Draft,
    Published,
    Closed,
    Cancelled,
}

/// <summary>
/// The state of an application. Participation is voluntary, by a personal application (clause 7.1.1).
/// </summary>
public enum ApplicationStatus
{
    Submitted,
    Approved,
    Rejected,
    Withdrawn,
}
