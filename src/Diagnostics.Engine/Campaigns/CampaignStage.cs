namespace Diagnostics.Engine.Campaigns;

/// <summary>When in a person's route the diagnostic is taken (regulation, clauses 3.2, 7.1.3).</summary>
public enum CampaignStage { Entry, Intermediate, Final }

/// <summary><c>draft → published → closed</c>: a published campaign pins its form and policies; a closed one has its results published.</summary>
public enum CampaignStatus { Draft, Published, Closed }

/// <summary>Participation is voluntary, by a personal application (clause 7.1.1).</summary>
public enum ApplicationStatus { Submitted, Approved, Rejected, Withdrawn }
