using NodaTime;

namespace Diagnostics.Server.Description;

/// <summary>
/// All examples share one campaign and one teacher, so that a person who reads them in order meets the same ids.
/// </summary>
internal static class ExampleStory
{
    internal const string Territory = "makhachkala";
    internal const string Blueprint = "teacher-mathematics-5-9";

    internal static readonly Guid Form = new("01a01e03-2e00-7ba6-a10c-795089e2eae5");
    internal static readonly Guid Site = new("01a032c8-9000-77aa-967e-bfe6f9d689f7");
    internal static readonly Guid Campaign = new("01a03841-51c0-7feb-938a-ff479bd8b799");
    internal static readonly Guid Participant = new("01a060d8-8e00-7c08-8b92-205d9ec487fd");
    internal static readonly Guid Account = new("01a060d9-7860-759e-ba2e-7cc134a8e433");
    internal static readonly Guid Application = new("01a066f1-8760-7173-8783-39ed019ab487");
    internal static readonly Guid Session = new("01a07af3-e780-7d3b-bf32-211d46fa49c0");
    internal static readonly Guid Expert = new("01a047cf-dd00-754c-8329-dbeebeebdbdc");
    internal static readonly Guid SignIn = new("0198d5a1-7c00-7e3f-9a41-5d2b8c6f1e07");
    internal static readonly Guid Grant = new("01a047cf-dd00-7dce-ad2e-09c307f78c1d");
    internal static readonly Guid Assignment = new("01a0a3f9-00c0-7020-8c88-f0322fd6691b");
    internal static readonly Guid Calibration = new("01a0bf1e-ae00-7a1f-9a3c-5d2c61f7e0b4");
    internal static readonly Guid Profile = new("01a0c8fc-b600-771d-b16a-278840ccad54");

    internal static readonly Instant BankLoaded = Instant.FromUtc(2026, 8, 20, 7, 12);
    internal static readonly Instant Drafted = Instant.FromUtc(2026, 8, 25, 9, 30);
    internal static readonly Instant Published = Instant.FromUtc(2026, 8, 28, 8, 0);
    internal static readonly Instant ExpertJoined = Instant.FromUtc(2026, 8, 28, 10, 0);
    internal static readonly Instant Applied = Instant.FromUtc(2026, 9, 3, 11, 5);
    internal static readonly Instant Approved = Instant.FromUtc(2026, 9, 7, 8, 20);

    /// <summary>09:00 in Moscow.</summary>
    internal static readonly Instant Started = Instant.FromUtc(2026, 9, 14, 6, 0);
    internal static readonly Instant Deadline = Started + Duration.FromMinutes(120);
    internal static readonly Instant Saved = Started + Duration.FromSeconds(2_105);
    internal static readonly Instant Finished = Started + Duration.FromSeconds(6_480);
    internal static readonly Instant Scored = Finished + Duration.FromSeconds(1);
    internal static readonly Instant Marked = Instant.FromUtc(2026, 9, 15, 7, 52);
    internal static readonly Instant Calibrated = Instant.FromUtc(2026, 9, 20, 14, 0);
    internal static readonly Instant ResultsPublished = Instant.FromUtc(2026, 9, 22, 12, 0);
}
